"""`/v1/check`: why a text would be a violation, before it is sent."""

import logging
from typing import Annotated, Any, Self

import anyio
from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field, model_validator

from rules import RULES, Category, Finding, RuleError, Severity
from worker import faults
from worker.checking import Verdict
from worker.presend import Presend
from worker.settings import Settings

logger = logging.getLogger(__name__)

LONGEST = 16_384  # characters of a text; Market itself takes 4,096
MOST_TEXTS = 1_000
MOST_FILES = 100
LARGEST_ID = 2**63 - 1

Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Text = Annotated[str, Field(max_length=LONGEST)]


class Question(BaseModel):
    """A text to be checked, with the names of the files that go with it.

    `business_id`: with what is allowed in that cabinet; `chat_id`: together with what the shop wrote last in that chat.
    """

    model_config = ConfigDict(extra="forbid")

    text: Text
    business_id: Id | None = None
    chat_id: Id | None = None
    file_names: Annotated[list[Annotated[str, Field(max_length=1_024)]], Field(max_length=MOST_FILES)] = []

    @model_validator(mode="after")
    def _chat_of_a_cabinet(self) -> Self:
        if self.chat_id is not None and self.business_id is None:
            raise ValueError("chat_id needs business_id: chats are numbered in their cabinet")
        return self


Texts = Annotated[list[Text | Question], Field(max_length=MOST_TEXTS)]


class Batch(BaseModel):
    """Many texts at once, each alone or with its cabinet, chat and files; `business_id` is of those that are alone."""

    model_config = ConfigDict(extra="forbid")

    texts: Texts
    business_id: Id | None = None

    def questions(self) -> list[Question]:
        """Return the texts as questions, in their order."""
        return [Question(text=one, business_id=self.business_id) if isinstance(one, str) else one for one in self.texts]


class Found(BaseModel):
    """A finding; `start` and `end` count characters of the text, then of the file names, each on a line of its own."""

    rule: str
    category: Category
    severity: Severity
    confidence: float
    message: int
    start: int
    end: int
    evidence: str
    reason: str
    hint: str


class Answer(BaseModel):
    """Whether the text would break the policy, its risk from 0 to 1, and why."""

    flagged: bool
    score: float
    findings: list[Found]


class NotJudged(BaseModel):
    """A text that a rule could not judge: neither clean nor flagged."""

    error: str


class BatchAnswer(BaseModel):
    """The answers in the order of the texts."""

    results: list[Answer | NotJudged]


class Refused(BaseModel):
    """Why a request is not answered."""

    detail: str


class Problem(BaseModel):
    """What is wrong with one field of a request."""

    loc: list[str | int]
    msg: str
    type: str


class WrongRequest(BaseModel):
    """What is wrong with a request; never with which value: it may be somebody's message."""

    detail: list[Problem]


# What every endpoint that needs a token may answer besides.
REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"description": "The body is not readable", "model": Refused},
    401: {"description": "No known token", "model": Refused},
    413: {"description": "The body is too long", "model": Refused},
    422: {"description": "No such request", "model": WrongRequest | Refused},
    429: {"description": "Too many wrong tokens", "model": Refused},
}


class Checks:
    """Answers checks; judging runs in threads, so that notifications are not held up.

    Args:
        settings: the cabinets, and the language of hints.
        presend: judges.
    """

    def __init__(self, settings: Settings, presend: Presend) -> None:
        self._settings = settings
        self._presend = presend
        # Judging holds the interpreter: more threads at it would only make each other late.
        self._single = anyio.CapacityLimiter(4)
        self._bulk = anyio.CapacityLimiter(1)

    def routes(self) -> APIRouter:
        """Return the endpoints."""
        router = APIRouter(prefix="/v1/check", tags=["check"], responses=REFUSALS)
        router.post("", summary="Check one text")(self.check)
        router.post("/batch", summary=f"Check up to {MOST_TEXTS} texts")(self.check_batch)
        return router

    async def check(self, question: Question) -> Answer:
        """Say what the rules find in a text, and how to say it within the policy."""
        self.require_cabinet(question.business_id)
        try:
            verdict = await anyio.to_thread.run_sync(self.judge, question, limiter=self._single)
        except RuleError as error:
            raise HTTPException(422, f"the text could not be judged: {error}") from None
        return self.answer(verdict)

    async def check_batch(
        self, batch: Batch | Annotated[list[Text | Question], Field(max_length=MOST_TEXTS)]
    ) -> BatchAnswer:
        """Check many texts at once; the results stand in the order of the texts."""
        questions = (batch if isinstance(batch, Batch) else Batch(texts=batch)).questions()
        for question in questions:
            self.require_cabinet(question.business_id)
        return await anyio.to_thread.run_sync(self._judge_all, questions, limiter=self._bulk)

    def require_cabinet(self, business_id: int | None) -> None:
        """Refuse a cabinet that is not in the settings."""
        if business_id is not None and self._settings.cabinet(business_id) is None:
            raise HTTPException(422, f"business_id: cabinet {business_id} is not in the settings of Chatwarden")

    def judge(self, question: Question) -> Verdict:
        """Judge a text; a rule that breaks is told of."""
        try:
            return self._presend.verdict(
                question.text,
                business_id=question.business_id,
                chat_id=question.chat_id,
                file_names=question.file_names,
            )
        except RuleError as error:
            logger.error("a text could not be judged before sending: %s", error)
            faults.tell(f"A text could not be judged before sending: {error}", question.business_id or 0)
            raise

    def answer(self, verdict: Verdict) -> Answer:
        """Word a verdict."""
        return Answer(
            flagged=verdict.flagged, score=verdict.score, findings=[self._found(one) for one in verdict.findings]
        )

    def _judge_all(self, questions: list[Question]) -> BatchAnswer:
        return BatchAnswer(results=[self._judged(question) for question in questions])

    def _judged(self, question: Question) -> Answer | NotJudged:
        try:
            return self.answer(self.judge(question))
        except RuleError as error:
            return NotJudged(error=str(error))

    def _found(self, finding: Finding) -> Found:
        return Found(
            rule=finding.rule,
            category=finding.category,
            severity=finding.severity,
            confidence=finding.confidence,
            message=finding.message,
            start=finding.start,
            end=finding.end,
            evidence=finding.evidence,
            reason=finding.reason,
            hint=RULES[finding.rule].hint.said(self._settings.language),
        )
