import pytest

from worker.reminders import is_reminder

REMINDER = (
    "Пожалуйста, не запрашивайте у покупателей контакты, не присылайте ссылки на другие сайты. Мы видим переписку и "
    "скрываем товары с витрины, когда правила общения в чатах нарушаются."
)


@pytest.mark.parametrize(
    "text",
    [
        REMINDER,
        REMINDER.upper(),
        "Не запрашивайте контакты и не присылайте ссылки на сторонние сайты: мы скрываем товары с витрины.",
        "Мы видим переписку. Товар скрываем с витрины, если нарушены правила: не запрашивайте контакт покупателя.",
    ],
)
def test_the_reminder_is_known_also_when_market_words_it_otherwise(text: str) -> None:
    assert is_reminder(text)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "Покупатель открыл спор по заказу.",
        "Заказ доставлен. Оцените товар на сайте.",
        "Ваш контакт и ссылка на сайт сохранены.",
    ],
)
def test_other_messages_of_market_are_no_reminder(text: str | None) -> None:
    assert not is_reminder(text)
