"""What is said in pieces is found as a whole, and every guilty message is named."""

from rules import Finding, Message, Severity, check_chat


def together(*said: str | Message, since: int = 0) -> list[Finding]:
    """Findings that need several messages; a plain text is the shop's."""
    messages = [one if isinstance(one, Message) else Message(one) for one in said]
    found = check_chat(messages, since=since)
    return [one for one in found if one.rule == "conversation" and one.severity is Severity.VIOLATION]


def test_every_piece_is_guilty() -> None:
    found = together("запишите 8 911", "204", "18 37, Олег")
    assert [(one.message, one.evidence) for one in found] == [(0, "8 911"), (1, "204"), (2, "18 37")]


def test_other_peoples_messages_stand_between() -> None:
    found = together("8 911", Message("что это?", "CUSTOMER"), "204 18 37")
    assert {one.message for one in found} == {0, 2}


def test_a_torn_name_is_put_together() -> None:
    found = together("напишите нам в теле", "грам")
    assert {one.message for one in found} == {0, 1}


def test_what_was_whole_before_is_not_told_again() -> None:
    assert not together("8 911 204 18 37", "спасибо")


def test_pieces_all_judged_before_are_not_told_again() -> None:
    pieces = ("8 911", "204 18 37", "Спасибо за заказ, отправим его завтра до обеда вашей службой доставки")
    assert together(*pieces)
    assert not together(*pieces, since=2)


def test_a_new_piece_makes_the_old_ones_guilty() -> None:
    assert {one.message for one in together("8 911", "204 18 37", since=1)} == {0, 1}


def test_sentences_do_not_run_on() -> None:
    assert not together(
        "Напишите, пожалуйста, отзыв на Маркете о нашей посуде", "Телефон в комплект не входит, только чехол"
    )


def test_the_chats_own_number_in_pieces_is_no_phone() -> None:
    messages = [Message("89112041"), Message("837")]
    assert not [one for one in check_chat(messages, own_numbers={"89112041837"}) if one.rule == "conversation"]


def test_small_talk_between_the_pieces_does_not_hide_them() -> None:
    assert {one.message for one in together("8 911 204", "ой, отвлекли", "18-37")} == {0, 2}


def test_a_name_is_found_letter_by_letter() -> None:
    assert together("в", "а", "т", "с", "а", "п")
