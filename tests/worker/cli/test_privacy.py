"""`chatwarden forget`, and that what was forgotten stays so."""

from datetime import UTC, datetime

from tests.sandbox_market import Market
from tests.worker.cli.conftest import Command, Start, ended
from worker.store import Store


def test_a_forgotten_chat_is_not_read_in_again(
    process: Start, chatwarden: Command, two_shops: Market, kept: Store
) -> None:
    ended(process, "sweep")
    assert (
        chatwarden("forget", "--business", "1", "--chat", "2").out == "chat 2 of cabinet 1 is forgotten: 8 messages\n"
    )
    two_shops.say("Звоните 8 912 000-11-22", chat_id=2)
    ended(process, "sweep")
    ended(process, "audit", "--format", "json")
    known = kept.messages.verdicts(1, 2)
    assert len(known) == 1
    found = [violation for violation in kept.violations.find() if (violation.business_id, violation.chat_id) == (1, 2)]
    assert {violation.message_id for violation in found} == set(known)
    assert [one.chat_id for one in kept.retention.deletions() if one.deleted_at < datetime.now(UTC)] == [2]


def test_bad_use_is_refused_in_one_line(chatwarden: Command, two_shops: Market, kept: Store) -> None:
    assert chatwarden("forget", "--chat", "2").error == "there are several cabinets; say which by --business"
    assert chatwarden("forget", "--chat", "9", "--business", "2").error == (
        "nothing is known of chat 9 of cabinet 2; see that both numbers are right"
    )
