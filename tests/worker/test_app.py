from pathlib import Path

import pytest

from worker import settings
from worker.app import broker_url
from worker.embedded import URL_FILE
from worker.errors import OperatorError

pytestmark = pytest.mark.usefixtures("environment")


def test_the_queue_is_the_one_in_the_settings(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("CHATWARDEN_REDIS_URL", "redis://elsewhere:6379/0")
    assert broker_url(settings.load()) == "redis://elsewhere:6379/0"


def test_else_it_is_the_one_that_runs_in_the_data_folder(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.setenv("CHATWARDEN_DATA_DIR", str(tmp_path))
    (tmp_path / URL_FILE).write_text("redis://:secret@127.0.0.1:1234/0")
    assert broker_url(settings.load()) == "redis://:secret@127.0.0.1:1234/0"


def test_where_there_is_none_it_says_what_to_start() -> None:
    with pytest.raises(OperatorError) as caught:
        broker_url(settings.load())
    assert str(caught.value) == (
        "no queue: nothing runs in the data folder chatwarden-data; "
        "start `chatwarden up` there, or set CHATWARDEN_REDIS_URL"
    )
