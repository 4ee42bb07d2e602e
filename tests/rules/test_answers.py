"""The buyer's question lends meaning to the shop's answer."""

import pytest

from rules import Category, Message, Severity, check_chat


def guilty(*said: str) -> list[tuple[int, Category]]:
    """The messages found guilty together; ``?`` stands before what the buyer says."""
    messages = [Message(one.removeprefix("? "), "CUSTOMER" if one.startswith("? ") else "PARTNER") for one in said]
    return [
        (one.message, one.category)
        for one in check_chat(messages)
        if one.severity is Severity.VIOLATION and one.rule in ("conversation", "phone")
    ]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("У вас есть вотсап?", "да"),
        ("А в вк вы есть?", "Конечно, ищите по названию"),
        ("можно вам в телегу скинуть фото?", "Можно!"),
        ("есть ватсап?", "ага, тот же номер"),
        ("Do you have WhatsApp?", "Sure"),
        ("вы в инстаграме есть?", "Да, там весь каталог, тут только половина"),
    ],
)
def test_yes_to_a_messenger_is_an_invitation(question: str, answer: str) -> None:
    assert guilty(f"? {question}", answer) == [(1, Category.CONTACT_OFFER)]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Скидка есть?", "да, 10%"),
        ("Телеграм работает на этих часах?", "Да, уведомления приходят"),
        ("Можно вам в вотсап написать?", "Нет, только здесь"),
        ("Есть вотсап?", "Да, но по правилам общаемся тут"),
        ("Есть вотсап?", "да, ответим тут же, в чате"),
        ("есть наклейки с телеграмом?", "да, в наличии"),
        ("есть кружка с логотипом вк?", "есть"),
        ("вы есть на маркете?", "да"),
    ],
)
def test_yes_to_anything_else_is_none(question: str, answer: str) -> None:
    assert not guilty(f"? {question}", answer)


@pytest.mark.parametrize(
    "chat",
    [
        ("? подскажите артикул лампы?", "8911", "? короткий какой-то", "Целиком он 8911-204-1837"),
        ("? Какой серийный номер?", "8926", "441", "0815"),
        ("? номер накладной?", "Первая часть 8926", "вторая 441", "третья 0815"),
        ("? какой номер возврата писать?", "8926", "4410", "815"),
        ("? высота?", "89", "? ширина?", "120", "? глубина?", "45", "? вес?", "3700"),
    ],
)
def test_figures_that_answer_a_question_are_no_phone(chat: tuple[str, ...]) -> None:
    assert not guilty(*chat)


def test_a_phone_that_is_asked_for_is_one() -> None:
    assert guilty("? как связаться?", "8 926", "? так", "441", "? и?", "08 15")
