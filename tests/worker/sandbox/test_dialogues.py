import json
from pathlib import Path
from typing import Any

import pytest

from worker.sandbox.dialogues import DialogueError, load_dialogues

LINE = {"from": "PARTNER", "text": "Добрый день, {name}! Заказ {order} собран. {manager}, {shop}"}
DIALOGUE: dict[str, Any] = {"context": "ORDER", "goods": "чайник", "violates": False, "messages": [LINE]}


def written(folder: Path, *dialogues: object, name: str = "a.jsonl") -> Path:
    lines = [json.dumps(dialogue, ensure_ascii=False) for dialogue in dialogues]
    (folder / name).write_text("\n".join(lines) + "\n\n", encoding="utf-8")
    return folder


def test_it_reads_all_files_in_the_order_of_their_names(tmp_path: Path) -> None:
    written(tmp_path, DIALOGUE | {"goods": "в"}, name="b.jsonl")
    written(tmp_path, DIALOGUE | {"goods": "а"}, DIALOGUE | {"goods": "б"}, name="a.jsonl")
    (tmp_path / "notes.txt").write_text("no dialogue")

    assert [dialogue.goods for dialogue in load_dialogues(tmp_path)] == ["а", "б", "в"]


def test_it_reads_all_that_a_message_may_have(tmp_path: Path) -> None:
    line = {"from": "CUSTOMER", "after_s": 40, "files": ["a.jpg", "b.jpg"]}

    (dialogue,) = load_dialogues(written(tmp_path, DIALOGUE | {"messages": [LINE, line]}))

    first, second = dialogue.messages
    assert (first.sender, first.after_s, first.files) == ("PARTNER", None, ())
    assert (second.text, second.after_s, second.files) == (None, 40, ("a.jpg", "b.jpg"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"context": "GIFT"}, "context: Input should be"),
        ({"goods": ""}, "goods: "),
        ({"violates": "perhaps"}, "violates: "),
        ({"messages": []}, "messages: "),
        ({"shop": "x"}, "shop: Extra inputs"),
        ({"messages": [LINE | {"from": "COURIER"}]}, "messages.0.from: "),
        ({"messages": [LINE | {"after_s": -1}]}, "messages.0.after_s: "),
        ({"messages": [LINE, {"from": "PARTNER"}]}, "messages.1: Value error, a message needs text or files"),
        ({"messages": [LINE | {"text": "{nmae}"}]}, "messages.0.text: Value error, unknown slot {nmae}"),
    ],
)
def test_it_says_where_a_dialogue_is_wrong(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    with pytest.raises(DialogueError) as caught:
        load_dialogues(written(tmp_path, DIALOGUE, DIALOGUE | change))

    assert str(caught.value).startswith(f"a.jsonl line 2: {says}")


def test_it_says_where_there_is_no_json(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("\n{oops\n")

    with pytest.raises(DialogueError, match=r"^a\.jsonl line 2: no JSON: "):
        load_dialogues(tmp_path)


def test_it_wants_at_least_one(tmp_path: Path) -> None:
    with pytest.raises(DialogueError, match="no dialogues"):
        load_dialogues(tmp_path)


def test_the_packages_own_dialogues_can_be_used() -> None:
    dialogues = load_dialogues()

    assert {dialogue.context for dialogue in dialogues} == {"ORDER", "RETURN", "DIRECT"}
    assert {line.sender for dialogue in dialogues for line in dialogue.messages} == {
        "CUSTOMER",
        "PARTNER",
        "MARKET",
        "SUPPORT",
    }
    assert {dialogue.violates for dialogue in dialogues} == {True, False}
