from dataclasses import replace

from tests.worker.report.outcomes import PHONE, TEXT, violation
from worker.report.marking import marked


def test_the_evidence_is_marked_where_it_stands() -> None:
    pieces = marked(violation(), [violation()], unmask=True)
    assert pieces == [(False, "Звоните "), (True, PHONE), (False, ", ждём")]


def test_a_contact_that_another_rule_found_is_masked_too() -> None:
    call = violation(1, TEXT, "Звоните", rule="call-or-write")
    pieces = marked(call, [call, violation()], unmask=False)
    assert pieces[0] == (True, "Звоните")
    assert PHONE not in "".join(piece for _, piece in pieces)
    assert "".join(piece for _, piece in marked(call, [call, violation()], unmask=True)) == TEXT


def test_pieces_of_overlapping_evidence_are_all_marked() -> None:
    wide = violation(1, TEXT, f"Звоните {PHONE}", rule="call-or-write")
    pieces = marked(wide, [wide, violation()], unmask=True)
    assert "".join(piece for is_evidence, piece in pieces if is_evidence) == f"Звоните {PHONE}"


def test_file_names_belong_to_the_message() -> None:
    named = replace(violation(1, f"Счёт {PHONE}"), text="Счёт", file_names=(f"{PHONE}.pdf",))
    assert marked(named, [named], unmask=True) == [(False, "Счёт\n"), (True, PHONE), (False, ".pdf")]


def test_a_text_that_is_no_longer_kept_leaves_the_evidence() -> None:
    assert marked(violation(1, None), [], unmask=True) == [(True, PHONE)]
