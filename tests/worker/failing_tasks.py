"""A process whose tasks fail as a worker's may; what it tells Sentry is looked at by test_faults."""

import json
import sys

import sentry_sdk
from celery import Celery
from sqlalchemy.exc import IntegrityError

from rules import RuleError
from worker import faults
from worker.errors import OperatorError

SECRET = "секретный текст +7 912 000-11-22"

app = Celery("failing")


@app.task(name="foreign")
def foreign(chat_id: int) -> None:
    faults.working_on(7, chat_id, 700)
    text = SECRET
    json.loads(text)


@app.task(name="builtin")
def builtin(text: str) -> None:
    raise ValueError(text)


@app.task(name="chained")
def chained(chat_id: int) -> None:
    try:
        raise KeyError(SECRET)
    except KeyError as error:
        raise RuleError("phone", "TimeoutError") from error


@app.task(name="own")
def own(chat_id: int) -> None:
    raise OperatorError("no queue: nothing runs in the data folder")


@app.task(name="database")
def database(chat_id: int) -> None:
    raise IntegrityError("INSERT INTO messages", None, Exception(f"Failing row contains ({SECRET})"))


if __name__ == "__main__":
    faults.report_faults_to(sys.argv[1])
    for task, argument in ((foreign, 70), (builtin, SECRET), (chained, 70), (own, 70), (database, 70)):
        task.apply(args=(argument,), throw=False)
    faults.tell("Cabinet 7 is stopped", 7)
    sentry_sdk.flush(timeout=20)
