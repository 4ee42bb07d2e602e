"""What is worked out once and kept, and when it is forgotten."""

from unittest.mock import Mock, call

from rules.kept import Kept, KeptShort


def test_a_value_is_worked_out_once() -> None:
    work_out = Mock(side_effect=str)
    kept: Kept[int, str] = Kept(work_out)
    assert [kept[1], kept[2], kept[1]] == ["1", "2", "1"]
    assert work_out.mock_calls == [call(1), call(2)]


def test_it_does_not_grow_without_end() -> None:
    kept: Kept[int, int] = Kept(lambda key: key + 1, most=100)
    assert all(kept[key] == key + 1 for key in range(1000))
    assert len(kept) <= 100


def test_long_texts_are_not_kept() -> None:
    kept: KeptShort[int] = KeptShort(len, longest=3)
    assert [kept["abc"], kept["abcd"], kept["abcd"]] == [3, 4, 4]
    assert [*kept] == ["abc"]


def test_a_value_may_need_others() -> None:
    factorials: Kept[int, int] = Kept(lambda key: key * factorials[key - 1] if key else 1)
    assert factorials[5] == 120
