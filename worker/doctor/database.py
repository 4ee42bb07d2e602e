"""The store: whether it opens, its schema, and what has come to a stop in it."""

from collections.abc import Iterator
from contextlib import closing

from worker.doctor.diagnosis import Diagnosis
from worker.errors import OperatorError
from worker.settings import Settings
from worker.store import Store, revisions

DATABASE, MESSAGES = "database", "messages"


def examine(settings: Settings) -> Iterator[Diagnosis]:
    """Look at the schema without changing it, and where it is the newest at what stands in it."""
    try:
        revision, newest = revisions(settings.effective_database_url)
    except OperatorError as error:
        yield Diagnosis.of_error(DATABASE, error)
        return
    if revision is None:
        yield Diagnosis.warning(DATABASE, "there is none yet", "start `chatwarden up`: it is made then")
    elif revision != newest:
        said = f"its schema is {revision}, this version's is {newest}"
        yield Diagnosis.wrong(DATABASE, said, "make a backup, then run `chatwarden migrate`")
    else:
        yield Diagnosis.ok(DATABASE, f"opens, its schema is the newest ({revision})")
        yield _messages(settings)


def _messages(settings: Settings) -> Diagnosis:
    with closing(Store.open(settings.effective_database_url)) as store:
        rows = store.figures.status([])
    judged, failed = sum(row.judged for row in rows), sum(row.failed for row in rows)
    if failed:
        remedy = "see the faults in Sentry or the log, then run `chatwarden retry`"
        return Diagnosis.warning(MESSAGES, f"{failed} could not be judged", remedy)
    return Diagnosis.ok(MESSAGES, f"{judged} judged, none failed")
