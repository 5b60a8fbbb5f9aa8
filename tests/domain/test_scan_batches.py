from __future__ import annotations

import pytest

from medsec_desktop.domain.form_codes import FormMark
from medsec_desktop.domain.scan_batches import Part, ScannedPage, cut

KNOWN = {"A": 2, "B": 1}


def batch(text: str) -> list[ScannedPage]:
    """`A1` is the first page of form A, `.` a blank back, `x` some other paper."""
    return [
        ScannedPage(ink=0.0)
        if word == "."
        else ScannedPage()
        if word == "x"
        else ScannedPage(FormMark(word[0], int(word[1:])))
        for word in text.split()
    ]


@pytest.mark.parametrize(
    ("scan", "parts"),
    [
        ("x x", [("", 0, 1)]),
        ("A1 A2", [("A", 0, 1)]),
        ("A1 A2 B1", [("A", 0, 1), ("B", 2)]),
        ("A2 A1", [("A", 0, 1)]),
        ("A1 . A2 .", [("A", 0, 1, 2, 3)]),
        ("A1 x B1", [("A", 0, 1), ("B", 2)]),  # the second page’s code could not be read
        ("A1 A2 x", [("A", 0, 1), ("", 2)]),  # what lies under a whole form is not hers
        ("B1 x x", [("B", 0), ("", 1, 2)]),
        ("x B1 x", [("", 0), ("B", 1), ("", 2)]),
        ("B1 B1", [("B", 0), ("B", 1)]),  # scanned twice
        ("C1 B1", [("", 0), ("B", 1)]),  # a form that was not printed here
        (". B1", [("", 0), ("B", 1)]),
    ],
)
def test_a_batch_is_cut_where_another_paper_begins(scan: str, parts: list[tuple[object, ...]]):
    found = cut(batch(scan), KNOWN)

    assert [(part.code, *(number for number, _ in part.pages)) for part in found] == parts


def test_a_back_is_turned_like_its_front():
    pages = [ScannedPage(FormMark("B", 1), turn=180), ScannedPage(ink=0.0)]

    assert cut(pages, KNOWN) == (Part(((0, 180), (1, 180)), "B"),)
