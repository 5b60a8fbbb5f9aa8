"""Claims that leave on paper: seen, printed, archived as the very bytes, printed again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from medsec_desktop.domain.claims.claim import Note
from medsec_desktop.problems import Conflict, Unavailable
from medsec_desktop.services.claims.forms import ClaimForms
from tests.services.claims.practice import Billing
from tests.services.test_letters import FakeSpooler


@pytest.fixture
def spooler(billing: Billing) -> FakeSpooler:
    spooler = FakeSpooler()
    billing.office.printing._spooler = spooler
    return spooler


@pytest.fixture
def forms(billing: Billing, spooler: FakeSpooler) -> ClaimForms:
    return billing.office.claim_forms


def test_what_was_printed_is_archived_and_printed_again_byte_for_byte(
    billing: Billing, forms: ClaimForms, spooler: FakeSpooler
) -> None:
    claims = billing.office.claims
    first, second = billing.ready(), billing.ready("2026-03-03T10:00")

    assert forms.print([first, second]) == "Desk"

    assert [claims.row(one).status for one in (first, second)] == ["sent", "sent"]
    (batch,) = billing.office.claim_files.batches()
    assert (batch.way, batch.reference, batch.claims) == ("paper", "P000000001", 2)
    assert billing.office.claim_files.content(batch.id) == spooler.pages[0][0]
    assert spooler.pages[0][2] == "Claim forms P000000001", "a printer’s display names nobody"
    assert claims.row(first).way == "paper"
    (document,) = (
        row for row in billing.office.documents.of_patient(billing.patient)
        if row.id == claims.detail(first).document_id
    )  # fmt: skip
    assert document.title.startswith("Claim ")
    forms.reprint(first)
    assert spooler.pages[1][0] == forms.pdf(first)
    assert claims.detail(first).may >= {"reprint"}
    with pytest.raises(Conflict, match="Print it again"):
        forms.print([first])


def test_pages_the_printer_did_not_take_wait_and_are_not_printed_once_the_claim_changed(
    billing: Billing, forms: ClaimForms, spooler: FakeSpooler
) -> None:
    claims, printing = billing.office.claims, billing.office.printing
    claim, other = billing.ready(), billing.ready("2026-03-03T10:00")
    spooler.is_ready = False
    for one in (claim, other):
        with pytest.raises(Unavailable, match="kept"):
            forms.print([one])
    assert claims.row(claim).status == "ready"
    spooler.is_ready = True
    kept = {job.about: job.id for job in printing.kept.all()}
    found = claims.detail(other)
    claims.save(other, found.version, replace(found.content, note=Note("ADD", "Changed")))
    claims.make_ready([other])

    printing.print_again(kept["claim-stack:1"])
    with pytest.raises(Conflict, match="changed since"):
        printing.print_again(kept["claim-stack:2"])

    assert [claims.row(one).status for one in (claim, other)] == ["sent", "ready"]
    assert forms.pdf(claim) == spooler.pages[0][0]


def test_more_than_six_lines_go_on_as_the_payer_wants_it(
    billing: Billing, forms: ClaimForms
) -> None:
    office = billing.office
    lines = [{"code": "99213", "modifiers": f"{n}A", "charge_cents": 1000} for n in range(1, 9)]
    claim = office.claims.build(billing.visit(lines=lines))
    each = forms.overlay([claim])
    rule = office.claim_settings.payer(billing.payer)
    office.claim_settings.save_payer(replace(rule, totals="last sheet"))

    last = forms.overlay([claim])

    assert each != last
    assert forms.overlay([claim]) == last, "the same claim is the same bytes"
    found = office.claims.detail(claim)
    long = replace(found.content, note=Note("ADD", "X" * 60))
    assert "Item 19" in forms.cut_off(claim, long)[0]
    assert forms.preview(claim, long).startswith(b"%PDF")
