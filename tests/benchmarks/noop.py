"""The peer of the throughput benchmark: a task that does nothing, in an app with Chatwarden's own settings."""

from worker.app import MESSAGES, app


@app.task(name="noop", queue=MESSAGES)
def noop(*_: int) -> None:
    """Do nothing."""
