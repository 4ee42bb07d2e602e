"""The check before sending: what the rules say of a text that the shop has not sent yet."""

from collections.abc import Sequence
from dataclasses import replace

from rules import Message
from worker.checking import NEIGHBOURS, Verdict, judge
from worker.settings import Settings
from worker.store import ChatContext, Store

_AFTER_ALL = 2**63 - 1  # greater than or equal to the id of any message


class Presend:
    """Judges texts before they are sent.

    Args:
        settings: what each cabinet allows itself, and the language of the reasons.
        store: what the shop wrote last in a chat, and which order the chat is about.
    """

    def __init__(self, settings: Settings, store: Store) -> None:
        self._settings = settings
        self._store = store

    def verdict(
        self, text: str, *, business_id: int | None = None, chat_id: int | None = None, file_names: Sequence[str] = ()
    ) -> Verdict:
        """Judge a text as the next message of the shop, in a chat together with what the shop wrote last there.

        Findings are of the text alone, their `message` is 0. Raises RuleError when a rule broke or ran out of time.
        """
        before: list[Message] = []
        context = ChatContext()
        if business_id is not None and chat_id is not None:
            kept = self._store.messages.shop_messages_around(
                business_id, chat_id, _AFTER_ALL, _AFTER_ALL, limit=NEIGHBOURS
            )
            ordered = sorted(kept, key=lambda message: (message.created_at, message.message_id))
            before = [Message(message.text or "", file_names=message.file_names) for message in ordered]
            context = self._store.messages.context(business_id, chat_id) or context
        verdict = judge(
            [*before, Message(text, file_names=tuple(file_names))],
            since=len(before),
            own_numbers=context.own_numbers,
            allowances=self._settings.allowances(business_id),
            lang=self._settings.language,
        )
        return Verdict(tuple(replace(one, message=0) for one in verdict.findings if one.message == len(before)))
