"""What is dictated is put together, message by message, whatever stands between."""

from rules import Message, check_chat


def told(*said: str, since: int = 0) -> list[tuple[int, str]]:
    """Places that the shop's messages give away together."""
    found = check_chat([Message(one) for one in said], since=since)
    return [(one.message, one.evidence) for one in found if one.rule == "conversation"]


def test_each_piece_is_named_and_nothing_else() -> None:
    chat = (
        "Записывайте начало: 7911",
        "Полка придёт в разобранном виде, ключ внутри",
        "дальше 20",
        "хвостик 41837. Зовут Юра",
    )
    assert told(*chat) == [(0, "7911"), (2, "20"), (3, "41837")]


def test_a_word_that_counts_the_figures_is_none_of_them() -> None:
    assert told("Номер кладовщика, первые четыре 8911", "затем две 20", "и последние пять: 41837") == [
        (0, "8911"),
        (1, "20"),
        (2, "41837"),
    ]


def test_the_beginning_may_be_told_last() -> None:
    assert [at for at, _ in told("мастерская 20418", "37", "впереди 8 3 4 3")] == [0, 1, 2]


def test_pieces_far_apart_are_not_put_together() -> None:
    between = ["Спасибо за ожидание, проверяем наличие этого товара на складе"] * 7
    assert not told("Сначала 8911", *between, "потом 2041837")


def test_sums_are_no_number() -> None:
    assert not told("сначала 7900", "потом ещё 1200", "и 300 за подъём")


def test_what_was_told_before_is_not_told_again() -> None:
    chat = ("начало 8911", "продолжение 2041", "хвост 837", "Ждём вас снова в нашем магазине на Маркете!")
    assert told(*chat)
    assert not told(*chat, since=3)


def test_a_tail_finds_its_name() -> None:
    assert told("Каталог: lampovik", "там всё есть, и со скидкой тоже", "прибавьте .store и слитно") == [
        (0, "lampovik"),
        (2, ".store"),
    ]
