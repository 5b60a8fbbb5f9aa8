from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from medsec_desktop.exchange.procedure_table import look_through
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.claims.charge_records import (
    PROCEDURE,
    ProcedureDraft,
    ScheduleDraft,
    TakenIn,
)
from medsec_desktop.services.office import Office
from tests.exchange.test_hcpcs import record
from tests.services.claims.conftest import Clinic

DAY = date(2026, 3, 11)
TABLE = (
    "Code,Description,Category,Fee\n99213,Visit,Visits,125\n85025,Blood,Lab,30.50\n"
    "D0120,Teeth,,9\n12,Bad,,1\n"
)


class Stop(Exception):
    """Somebody pressed cancel."""


class StopsAt:
    """Progress of a job that is cancelled at the `at`th row."""

    def __init__(self, at: int):
        self.at = at

    def report(self, done: int, total: int, text: str = "") -> None:
        if done == self.at:
            raise Stop

    def check(self) -> None:
        pass


def a_file(tmp_path: Path, text: str, name: str = "list.csv") -> Path:
    file = tmp_path / name
    file.write_text(text, "utf-8")
    return file


def a_release(tmp_path: Path, *records: str) -> Path:
    filler = [record(f"A{number}", "3", f"Supply {number}") for number in range(4200, 4203)]
    return a_file(tmp_path, "\n".join((*filler, *records)) + "\n", "HCPC.txt")


def test_a_procedure_list_is_typed_ordered_hidden_and_kept_once(office: Office):
    procedures = office.procedures
    visit = procedures.save(ProcedureDraft("99213", "25", "Visit", "Visits", 12_500))
    shot = procedures.save(ProcedureDraft("j1885", words="Shot", ends_on=date(2026, 1, 1)))

    procedures.move(shot, -1)
    assert [row.written for row in procedures.all()] == ["J1885", "99213-25"]
    assert [row.id for row in procedures.on(DAY)] == [visit]
    with pytest.raises(Invalid, match="already in the list"):
        procedures.save(ProcedureDraft("99213", "25"))
    procedures.remove(shot)
    assert [row.id for row in procedures.all()] == [visit]
    office.session.undo()
    assert len(procedures.all()) == 2
    with pytest.raises(Conflict):
        procedures.remove(99)


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (ProcedureDraft("D0120"), "code"),
        (ProcedureDraft("99213", charge_cents=0), "charge"),
        (ProcedureDraft("99213", units="0"), "units"),
        (ProcedureDraft("99213", place="98"), "place"),
        (ProcedureDraft("99213", "123"), "modifiers"),
        (ProcedureDraft("99213", ndc="12"), "drug"),
        (ProcedureDraft("99213", is_unlisted=True), "description"),
        (ProcedureDraft("99213", starts_on=DAY, ends_on=date(2026, 1, 1)), "ends_on"),
    ],
)
def test_a_procedure_no_claim_could_carry_is_refused_at_its_field(office: Office, draft, field):
    with pytest.raises(Invalid) as refused:
        office.procedures.save(draft)

    assert refused.value.field == field


def test_a_table_of_procedures_adds_and_changes_and_says_what_it_left_out(
    clinic: Clinic, tmp_path: Path
):
    procedures = clinic.office.procedures
    table = look_through(a_file(tmp_path, TABLE))

    taken = procedures.take_in(table, table.targets)

    assert (taken.added, taken.changed, taken.dental) == (1, 1, 1)
    assert taken.refused[0].startswith("Row 5: “12” is no procedure code")
    assert taken.words("procedure") == (
        "Procedures: 1 added, 1 changed, 1 dental left out, 1 not taken in."
    )
    assert procedures.find("99213").draft.words == "Visit"
    assert procedures.find("J1885") is not None  # it is not in the table, and stays
    assert procedures.take_in(table, table.targets).same == 2

    out = tmp_path / "out.csv"
    assert procedures.save_table(out) == 3
    again = look_through(out)
    assert procedures.take_in(again, again.targets) == TakenIn(same=3)


def test_a_table_stopped_half_way_leaves_the_list_as_it_was(clinic: Clinic, tmp_path: Path):
    office = clinic.office
    table = look_through(a_file(tmp_path, TABLE))

    with pytest.raises(Stop):
        office.procedures.take_in(table, table.targets, StopsAt(2))
    assert office.procedures.find("99213").draft.words == "Visit, middle"
    with pytest.raises(Invalid, match="could be taken in"):
        bad = look_through(a_file(tmp_path, "Code,Fee\nD0120,1\nD0130,2\n", "teeth.csv"))
        office.procedures.take_in(bad, bad.targets)


def test_hcpcs_is_taken_in_and_a_later_release_retires_what_it_has_no_more(
    office: Office, tmp_path: Path
):
    lists = office.code_lists
    plan = lists.look(
        a_release(
            tmp_path,
            record("LT", "7", "Left side"),
            record("G0008", "3", "Flu shot given"),
            record("G0009", "3", "Ended shot", ended="20251231"),
            record("D0120", "3", "Teeth"),
        )
    )
    assert (plan.codes, plan.modifiers, plan.ended, plan.release.dental) == (5, 1, 1, 1)
    assert lists.take_in(plan).added == 6
    release = lists.release()
    assert release is not None
    assert (release.codes, release.file_name, release.note) == (
        6, "HCPC.txt", "1 dental codes left out",
    )  # fmt: skip
    hits = {hit.code: hit.why_not for hit in office.code_search.search("shot", None, DAY)}
    assert hits["G0008"] == ""
    assert hits["G0009"] == "ended 2025-12-31"
    assert office.code_search.search("shot", None, date(2025, 6, 1))[0].why_not == ""
    assert office.code_search.modifiers()["LT"] == "left side"  # ours is shorter
    assert "D0120" not in {hit.code for hit in office.code_search.search("teeth", None, DAY)}

    later = lists.take_in(lists.look(a_release(tmp_path, record("G0008", "3", "Flu shot, given"))))

    assert (later.added, later.changed, later.same, later.retired) == (0, 1, 3, 2)
    hit = office.code_search.hit(PROCEDURE, "G0009", "", DAY)
    assert hit.why_not == "ended 2025-12-31"
    with pytest.raises(Stop):
        lists.take_in(plan, StopsAt(5))
    assert office.code_search.hit(PROCEDURE, "G0008", "", DAY).words == "Flu shot, given"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("Code,Words\nG0008,Shot\n", "a table"),
        ("PK\x03\x04 and more", "archive"),
        ("<!DOCTYPE html><p>Gone", "web page"),
        ("AHQP003 Électromyographie\nBFGA004 Cataracte\n", "layout of CMS"),
    ],
)
def test_a_list_that_is_not_cms_s_is_refused_with_what_it_is(
    office: Office, tmp_path: Path, text: str, why: str
):
    with pytest.raises(Invalid, match=why):
        office.code_lists.look(a_file(tmp_path, text, "other.txt"))


def test_a_schedule_is_copied_at_a_percent_for_a_later_day_and_the_earlier_one_ends(clinic: Clinic):
    fees = clinic.office.fees
    old = fees.save(ScheduleDraft("2025", None, date(2025, 1, 1)))
    fees.set_fee(old, "99213", "", 10_001)
    fees.set_fee(old, "99213", "25", 12_000)

    new = fees.copy(old, ScheduleDraft("2026", None, date(2026, 1, 1)), Decimal("103.5"), 100)

    assert [(row.written, row.amount_cents) for row in fees.fees(new)] == [
        ("99213", 10_400), ("99213-25", 12_500),
    ]  # fmt: skip
    assert fees.fees(new)[0].words == "Visit, middle"
    assert fees.one(old).valid_to_on == date(2025, 12, 31)
    found = {day: fees.fee("99213", (), clinic.payer, day) for day in (date(2025, 7, 1), DAY)}
    assert [(one.cents, one.schedule) for one in found.values()] == [
        (10_001, "2025"),
        (10_400, "2026"),
    ]
    assert fees.holds(fees.one(new), DAY)
    assert not fees.holds(fees.one(old), DAY)
    clinic.office.session.undo()
    assert fees.one(old).valid_to_on is None
    with pytest.raises(Invalid, match="1 to 1000"):
        fees.copy(old, ScheduleDraft("x", None, date(2027, 1, 1)), Decimal(0))


def test_a_fee_of_nothing_and_a_second_schedule_of_the_same_day_are_refused(clinic: Clinic):
    fees = clinic.office.fees
    schedule = fees.save(ScheduleDraft("2026", clinic.payer, DAY))

    with pytest.raises(Invalid, match="more than zero"):
        fees.set_fee(schedule, "99213", "", 0)
    fees.set_fee(schedule, "99213", "", 100)
    with pytest.raises(Invalid, match="already"):
        fees.set_fee(schedule, "99213", "", 200)
    (row,) = fees.fees(schedule)
    fees.set_fee(schedule, "99214", "", 200, row)
    (row,) = fees.fees(schedule)
    assert (row.code, row.amount_cents) == ("99214", 200)
    fees.set_fee(schedule, "99214", "", None, row)
    assert fees.fees(schedule) == ()
    with pytest.raises(Invalid, match="same payer") as refused:
        fees.save(ScheduleDraft("Again", clinic.payer, DAY))
    assert refused.value.field == "valid_from_on"
    with pytest.raises(Invalid, match="no fees to copy"):
        fees.copy(schedule, ScheduleDraft("Next", clinic.payer, date(2027, 1, 1)))
    fees.remove(schedule)
    assert fees.all() == ()


def test_fees_come_in_from_a_table_and_go_out_the_same(clinic: Clinic, tmp_path: Path):
    fees = clinic.office.fees
    schedule = fees.save(ScheduleDraft("2026", None, date(2026, 1, 1)))
    table = look_through(
        a_file(tmp_path, "CPT,Mod,Allowed\n99213,,99.00\n99213,25,110\n99214,,0\n99215,,\n")
    )

    taken = fees.take_in(schedule, table, table.targets)

    assert (taken.added, len(taken.refused)) == (2, 2)
    assert "more than zero" in taken.refused[0]
    assert taken.refused[1] == "Row 5: 99215 has no fee."
    out = tmp_path / "fees.csv"
    assert fees.save_table(schedule, out) == 2
    again = look_through(out)
    assert fees.take_in(schedule, again, again.targets) == TakenIn(same=2)
    with pytest.raises(Invalid, match="column holds the fee"):
        fees.take_in(schedule, table, ("code", "", ""))
