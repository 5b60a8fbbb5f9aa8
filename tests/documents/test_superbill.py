from __future__ import annotations

from dataclasses import replace

import pytest

from medsec_desktop.documents.form_sheet import FormCode, FormHead
from medsec_desktop.documents.superbill import Group, Item, Superbill, pages_of, superbills_pdf
from medsec_desktop.services.page_images import page_count, page_text

CODE = FormCode(tuple(f"MSD1:000000000000000000:{at}" for at in (1, 2, 3)), "000000-000000-000000")


def a_bill(items: int, paper: str = "letter") -> Superbill:
    return Superbill(
        FormHead("Larkhaven <b>Clinic", ("12 Lantern Street",), "555-0142", paper, mark="DEMO"),
        "03/11/2026",
        "Ada Testperson",
        ("03/14/1984 (41)", "Chart 100001"),
        ("Wed, Mar 11, 10:00 AM", "Dr. Chen"),
        ("Lantern Mutual", "M-1"),
        ("Ask for the new card",),
        (
            Group("Visits", tuple(Item(f"{at:05}", "Own words", "12.50") for at in range(items))),
            Group("Nothing here", ()),
            Group("Diagnoses", (Item("I10", "High blood pressure", was_last_time=True),), True),
        ),
        CODE,
    )


@pytest.mark.parametrize("paper", ["letter", "a4"])
def test_a_superbill_is_one_page_with_what_a_practice_does_often(paper: str):
    pdf = superbills_pdf([a_bill(40, paper)])
    words = page_text(pdf)

    assert page_count(pdf) == pages_of(a_bill(40, paper)) == 1
    for text in ("Ada Testperson", "00039", "12.50", "High blood pressure", "Larkhaven <b>Clinic",
                 "Note: Ask for the new card", "Signature of the provider", "Page 1 of 1"):  # fmt: skip
        assert text in words
    assert "Nothing here" not in words


def test_what_does_not_fit_goes_on_the_next_page_and_each_visit_begins_on_its_own():
    long, short = a_bill(150), a_bill(3)

    pdf = superbills_pdf([long, short])
    words = page_text(pdf)

    assert (pages_of(long), pages_of(short)) == (2, 1)
    assert page_count(pdf) == 3
    assert all(f"{at:05}" in words for at in range(150))
    assert words.count("Signature of the provider") == 2  # on the first page of each
    assert words.count("Ada Testperson") == 3


def test_a_practice_without_a_procedure_list_gets_lines_to_write_on():
    pdf = superbills_pdf([replace(a_bill(0), groups=(), code=FormCode((), ""))])

    assert "What was done, or why" in page_text(pdf)
