from typing import Any

import pytest
from pydantic import ValidationError

from worker.market.models import CampaignPage, ChatContext, ChatPage, History, Message, TokenInfo

SECRET = "пишите мне на почту"


def message(**fields: Any) -> Message:
    return Message.model_validate(
        {"messageId": 5, "createdAt": "2026-11-20T12:00:00+03:00", "sender": "PARTNER"} | fields
    )


class TestMessage:
    def test_it_reads_ids_that_are_strings_and_skips_unknown_fields(self) -> None:
        read = message(messageId="912000331", mood="merry")

        assert read.message_id == 912000331

    @pytest.mark.parametrize("number", [2**63, -(2**63) - 1, "9" * 30])
    def test_it_refuses_ids_that_no_database_holds(self, number: object) -> None:
        with pytest.raises(ValidationError):
            message(messageId=number)

    def test_it_reads_times_with_their_offset(self) -> None:
        assert message().created_at.isoformat() == "2026-11-20T12:00:00+03:00"

    @pytest.mark.parametrize("sender", ["PARTNER", "MARKET"])
    def test_it_keeps_text_and_file_names_of_the_shop_and_of_market(self, sender: str) -> None:
        read = message(sender=sender, message="Добрый день", payload=[{"name": "a.jpg", "url": "u", "size": 1}])

        assert (read.text, read.file_names) == ("Добрый день", ("a.jpg",))

    @pytest.mark.parametrize("sender", ["CUSTOMER", "SUPPORT", "COURIER", ""])
    def test_it_never_reads_what_others_wrote(self, sender: str) -> None:
        read = message(sender=sender, message=SECRET, payload=[{"name": SECRET}])

        assert (read.text, read.file_names) == (None, ())
        assert SECRET not in str(read.model_dump())

    def test_it_never_keeps_what_others_wrote_when_made_by_hand_either(self) -> None:
        assert Message.model_validate({**message().model_dump(), "sender": "CUSTOMER", "text": SECRET}).text is None

    def test_its_repr_holds_no_text(self) -> None:
        assert SECRET not in repr(message(message=SECRET, payload=[{"name": SECRET}]))

    @pytest.mark.parametrize(
        ("payload", "names"),
        [(None, ()), ([], ()), ("x", ()), ([{"url": "u"}, {"name": None}, 3, {"name": "b.pdf"}], ("b.pdf",))],
    )
    def test_it_takes_any_payload(self, payload: Any, names: tuple[str, ...]) -> None:
        assert message(payload=payload).file_names == names

    def test_it_may_have_no_text(self) -> None:
        assert message().text is None

    @pytest.mark.parametrize(
        ("sent", "read"),
        [("ok \ud83d", "ok \ufffd"), ("\udc00 ok", "\ufffd ok"), ("\ud83d\ude00", "\N{GRINNING FACE}")],
    )
    def test_it_mends_text_that_was_cut_inside_an_emoji(self, sent: str, read: str) -> None:
        assert message(message=sent, payload=[{"name": sent}]).text == read

    def test_errors_do_not_show_what_was_written(self) -> None:
        with pytest.raises(ValidationError) as caught:
            message(messageId=SECRET, message={"hidden": SECRET})

        assert SECRET not in str(caught.value)


class TestChatContext:
    @pytest.mark.parametrize(
        ("context", "numbers"),
        [
            ({"type": "DIRECT"}, ()),
            ({"type": "ORDER", "orderId": "79123456789"}, ("79123456789",)),
            ({"type": "RETURN", "orderId": 79123456789, "returnId": 42, "campaignId": 1}, ("79123456789", "42")),
            ({"type": "GIFT", "orderId": None}, ()),
        ],
    )
    def test_it_knows_the_chats_own_numbers(self, context: dict[str, Any], numbers: tuple[str, ...]) -> None:
        assert ChatContext.model_validate(context).own_numbers == numbers

    def test_it_never_reads_the_customers_name(self) -> None:
        context = ChatContext.model_validate({"type": "ORDER", "customer": {"name": "Имярек", "publicId": "p"}})

        assert "Имярек" not in repr(context)


class TestPages:
    @pytest.mark.parametrize("paging", [None, {}, {"nextPageToken": None}, {"nextPageToken": ""}])
    def test_the_last_page_names_no_next_one(self, paging: Any) -> None:
        assert ChatPage.model_validate({"chats": [], "paging": paging}).next_page_token is None
        assert History.model_validate({"context": {"type": "X"}, "messages": [], "paging": paging}).messages == ()

    def test_any_other_page_names_the_next_one(self) -> None:
        assert ChatPage.model_validate({"chats": [], "paging": {"nextPageToken": "t"}}).next_page_token == "t"

    def test_null_is_an_empty_list(self) -> None:
        assert CampaignPage.model_validate({"campaigns": None}).campaigns == ()

    def test_a_list_that_is_absent_is_an_error(self) -> None:
        with pytest.raises(ValidationError):
            ChatPage.model_validate({})


class TestTokenInfo:
    @pytest.mark.parametrize(
        ("scopes", "can"),
        [
            (["COMMUNICATION"], True),
            (["communication"], True),
            (["all-methods:read-only"], True),
            (["ALL_METHODS_READ_ONLY"], True),
            (["PRICING", "ALL_METHODS"], True),
            (["PRICING_READ_ONLY"], False),
            ([], False),
            (None, False),
        ],
    )
    def test_it_knows_which_scopes_read_chats(self, scopes: Any, can: bool) -> None:
        assert TokenInfo.model_validate({"apiKey": {"name": "k", "authScopes": scopes}}).can_read_chats is can
