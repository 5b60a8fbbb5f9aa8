"""What hangs in which work-list, and how long there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from medsec_desktop.domain.claims.life import ClaimStatus
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.services.claims.records import AnswerDraft
from medsec_desktop.services.claims.settings import PayerRuleDraft
from tests.conftest import a_user, an_appointment
from tests.services.claims.practice import Billing


def hanging(billing: Billing) -> dict[str, int]:
    """What hangs where, the empty lists left out."""
    return {one.key: one.count for one in billing.office.claim_lists.counts() if one.count}


def test_nothing_falls_through_the_three_nets(billing: Billing) -> None:
    office, claims, lists = billing.office, billing.office.claims, billing.office.claim_lists
    an_appointment(
        office.session, billing.patient, billing.provider, "2026-03-10T09:00", status="done"
    )
    an_appointment(
        office.session, billing.patient, billing.provider, "2025-11-10T09:00", status="done"
    )
    sheet = billing.visit("2026-02-12T10:00")
    assert hanging(billing) == {"uncharged": 1, "unclaimed": 1}, "one visit is older than the rest"
    (charged,) = lists.rows("unclaimed")
    assert (charged.sheet_id, charged.payer_name, charged.total_cents) == (
        sheet, "Test Health", 12550,
    )  # fmt: skip

    claim = claims.build(sheet)
    assert hanging(billing) == {"uncharged": 1, "drafts": 1, "all": 1}
    found = claims.detail(claim)
    claims.save(claim, found.version, replace(found.content, diagnoses=()))
    claims.check([claim])
    assert hanging(billing) == {"uncharged": 1, "held": 1, "all": 1}
    claims.rebuild(claim, claims.row(claim).version)
    claims.make_ready([claim])
    assert hanging(billing) == {"uncharged": 1, "ready": 1, "all": 1}

    with office.session.change("It left", Permission.EDIT_CLAIMS, sealed=True):
        claims.filing.move(claim, ClaimStatus.SENT, sent_at="2026-02-17T09:00")
    assert hanging(billing) == {"uncharged": 1, "sent": 1, "no-answer": 1, "all": 1}
    rule = office.claim_settings.payer(billing.payer)
    office.claim_settings.save_payer(replace(rule, silent_days=30))
    assert "no-answer" not in hanging(billing), "this payer may take longer"
    claims.assign([claim], office.session.user.id)
    claims.plan([claim], "Ask again", date(2026, 3, 11))
    claims.answer(
        claim, claims.row(claim).version, AnswerDraft(ClaimStatus.REJECTED, date(2026, 3, 10))
    )
    assert hanging(billing) == {"uncharged": 1, "rejected": 1, "next": 1, "mine": 1, "all": 1}


def test_the_radar_counts_the_days_by_payer_and_only_what_presses_is_a_worry(
    billing: Billing,
) -> None:
    office, claims, lists = billing.office, billing.office.claims, billing.office.claim_lists
    far = claims.build(billing.visit("2026-03-02T10:00"))
    near = claims.build(billing.visit("2025-12-29T10:00"))  # 72 of 90 days are gone
    billing.visit("2025-12-12T10:00")  # nobody made a claim of it

    radar = lists.radar()

    assert [(row.claim_id, row.days_left, row.nearness) for row in radar] == [
        (None, 1, "this week"), (near, 18, "near"), (far, 81, "far"),
    ]  # fmt: skip
    assert [row.id for row in lists.claims("deadlines")] == [near]
    assert lists.claims("deadlines")[0].nearness == "near"
    office.claim_settings.save_payer(
        replace(office.claim_settings.payer(billing.payer), filing_days=365)
    )
    assert lists.radar()[0].days_left == 276, "a visit without a claim asks its payer"


def test_claims_are_found_by_number_name_and_the_payers_number(billing: Billing) -> None:
    claims, lists = billing.office.claims, billing.office.claim_lists
    first, second = billing.ready(), billing.ready("2026-03-03T10:00")
    with billing.office.session.change("It left", Permission.EDIT_CLAIMS, sealed=True):
        claims.filing.move(first, ClaimStatus.SENT, sent_at="2026-03-04T09:00")
    draft = AnswerDraft(ClaimStatus.ACCEPTED, date(2026, 3, 5), "icn55")
    claims.answer(first, claims.row(first).version, draft)

    def found(text: str) -> list[int]:
        return [row.id for row in lists.find(text)]

    assert found(claims.row(second).number) == [second]
    assert found("icn5") == [first]
    assert found("testper") == [second, first]
    assert found("nobody") == found(" ") == []
    assert [row.id for row in lists.rows("all", "testper ready")] == [second]


def test_the_work_queue_sends_those_who_do_claims_to_their_lists(billing: Billing) -> None:
    office = billing.office
    office.claims.build(billing.visit("2025-12-29T10:00"))
    billing.ready()
    billing.visit("2026-03-04T10:00")

    rows = [row for row in office.board.queue() if row.kind.startswith("claims-")]

    assert [(row.title, row.place.kind, row.place.key) for row in rows] == [
        ("1 claim near its deadline", "claims", "deadlines"),
        ("1 visit charged, not on a claim", "claims", "unclaimed"),
        ("1 claim ready to go", "claims", "ready"),
    ]  # fmt: skip
    assert rows[0].detail == "The first: Testperson, Ada, Test Health, 18 days left"
    assert rows[0].is_late
    office.session.switch_user(a_user(office.session, role=Role.SECRETARY))
    assert not [row for row in office.board.queue() if row.kind.startswith("claims-")]


def test_what_a_payer_wants_is_kept_once(billing: Billing) -> None:
    settings = billing.office.claim_settings
    rule = settings.payer(billing.payer)
    assert (rule.days_to_file, rule.for_scrubber().filings) == (90, ("CI",))

    saved = settings.save_payer(replace(rule, member_pattern="[A-Z]{2}[0-9]{5}", note="Checked"))

    assert saved.version == rule.version + 1
    assert settings.payer(999) == PayerRuleDraft(999)
