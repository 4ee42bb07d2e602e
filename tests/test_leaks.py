"""That the watch over all logs sees what it is there for."""

import json
import logging
from pathlib import Path

import pytest

from tests.leaks import LeakWatch, leaks_in_files

TEXT = "Здравствуйте! Когда отправите заказ 50010000001?"
SECRETS = ("ACMA:sandbox1:abc", "redis://:hunter2@localhost", "8 912 000-11-22", TEXT)


@pytest.fixture
def watch() -> LeakWatch:
    return LeakWatch()


@pytest.mark.parametrize("secret", SECRETS)
def test_it_sees_a_secret_in_this_process(watch: LeakWatch, secret: str) -> None:
    watch.emit(logging.LogRecord("a", 10, "b", 1, "told of %s", (secret,), None))
    assert len(watch.leaks) == 1


@pytest.mark.parametrize("name", ["worker.log", "printed"])
def test_it_sees_a_text_in_what_other_processes_logged(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder: Path = tmp_path_factory.mktemp("logs")
    (folder / name).write_text(json.dumps({"message": TEXT}, ensure_ascii=False))
    assert list(leaks_in_files(folder)) == [f"{name}: {TEXT}"]


def test_it_lets_ids_and_masked_evidence_pass(watch: LeakWatch) -> None:
    watch.emit(logging.LogRecord("a", 10, "b", 1, "«+7 912 ***-**-22» — Магазин 1 (message 7)", None, None))
    assert watch.leaks == []
