"""A practice's own procedures and fees as CSV: columns recognised, rows read or told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from medsec_desktop.exchange import procedure_table
from medsec_desktop.exchange.procedure_table import (
    DentalCode,
    ProcedureRecord,
    faults,
    look_through,
)
from medsec_desktop.exchange.quarantine import Quarantined
from medsec_desktop.problems import Invalid


def a_table(tmp_path: Path, text: str, name: str = "list.csv") -> Path:
    file = tmp_path / name
    file.write_text(text, "utf-8")
    return file


def test_a_procedure_list_is_read_whatever_its_columns_are_called(tmp_path: Path):
    table = look_through(
        a_table(
            tmp_path,
            "CPT Code;Description;Category;Standard Fee;POS;Mods;Effective Date;End Date;Internal\n"
            "99213;Visit, middle;Visits;1,125.00;;25;01/15/2024;;x\n"
            "j1885;Pain shot;Drugs;$12.50;11;;2024-01-01;12/31/2026;x\n"
            "D0120;Check-up of teeth;Dental;50;;;;;x\n"
            "99213;Again;Visits;125;;25;;;x\n"
            "1234;Short;Visits;10;;;;;x\n"
            "99214;Free;Visits;0.00;;;;;x\n"
            "99215;Wrong day;Visits;9;;;13/45/2024;;x\n"
            "99216;Other money;Visits;125,00;;;;;x\n",
        )
    )

    rows = list(procedure_table.read(table, table.targets))

    assert table.rows == 8
    assert table.targets == ("code", "words", "group", "fee", "place", "modifier", "from", "to", "")
    assert faults(table.targets) == faults(table.targets, wants_fee=True) == ()
    first, second, dental, *refused = rows
    assert isinstance(first, ProcedureRecord)
    assert isinstance(second, ProcedureRecord)
    assert (first.code, first.words, first.group) == ("99213", "Visit, middle", "Visits")
    assert (first.modifiers, first.fee_cents) == (("25",), 112_500)
    assert first.from_on == date(2024, 1, 15)
    assert (second.code, second.fee_cents, second.place) == ("J1885", 1250, "11")
    assert (second.from_on, second.to_on) == (date(2024, 1, 1), date(2026, 12, 31))
    assert isinstance(dental, DentalCode)
    assert [(row.origin.row, row.field) for row in refused if isinstance(row, Quarantined)] == [
        (5, "code"), (6, "code"), (7, "fee"), (8, "from"), (9, "fee"),
    ]  # fmt: skip


def test_a_column_full_of_codes_is_found_without_a_heading_that_says_so(tmp_path: Path):
    table = look_through(a_table(tmp_path, "Nr,What\n99213,Visit\nG0008,Shot\n"))

    assert table.targets == ("code", "")
    assert table.columns[1].samples == ("Visit", "Shot")


def test_what_is_missing_or_double_among_the_columns_is_said(tmp_path: Path):
    assert faults(("words", "")) == ("Say which column holds the code.",)
    assert faults(("code", "words"), wants_fee=True) == ("Say which column holds the fee.",)
    assert "Words can be one column only." in faults(("code", "words", "words"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("Code,Description\n", "no rows"),
        ("Code,Libellé\nAHQP003,Électromyographie\nBFGA004,Cataracte\n", "five characters"),
        ("Code,Title\nI10,Hypertension\nE78.5,Lipids\nJ069,Cold\n", "list of diagnoses"),
        ("Name,Phone\nAda,555\n", "no column of procedure codes"),
        ("ISA*00*          *00*", "X12"),
        ('{"resourceType": "Bundle"}', "FHIR"),
        ("<html><body>Not found</body></html>", "web page"),
        ("PK\x03\x04\x00\x00\x00\x00", "not a table"),
    ],
)
def test_a_foreign_file_is_refused_with_what_it_is(tmp_path: Path, text: str, words: str):
    with pytest.raises(Invalid) as refused:
        look_through(a_table(tmp_path, text))

    assert words in str(refused.value)
    assert refused.value.field == "path"


def test_the_list_of_cms_is_shown_the_right_door(tmp_path: Path):
    record = f"{'A4206':>5}001003{'Syringe':<80}{'Syringe':<28}".ljust(300)
    with pytest.raises(Invalid, match="HCPCS"):
        look_through(a_table(tmp_path, "\n".join([record] * 5) + "\n", "HCPC.txt"))
