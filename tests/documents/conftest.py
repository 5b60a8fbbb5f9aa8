"""What the tests of paper share: a letter, the words of a PDF, and the committed pages."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from medsec_desktop.documents.writing import Letterhead
from tests.documents.letters import Letter

GOLDEN = Path(__file__).parent.parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite-golden",
        action="store_true",
        help="write what the program prints now over the committed pages, to be reviewed as a diff",
    )


@pytest.fixture
def matches_golden(request: pytest.FixtureRequest) -> Callable[[str, bytes], None]:
    """Asserts that a PDF says what the committed one of that name says, object by object."""

    def check(name: str, pdf: bytes) -> None:
        path = GOLDEN / name
        if request.config.getoption("--rewrite-golden", default=False):
            path.write_bytes(pdf)
        assert unpacked(pdf) == unpacked(path.read_bytes()), f"{name} prints differently"

    return check


def unpacked(pdf: bytes) -> bytes:
    """A PDF with its streams inflated: another zlib packs the same page into other bytes."""

    def inflate(found: re.Match[bytes]) -> bytes:
        try:
            return b"stream\n" + zlib.decompress(found[1]) + b"endstream"
        except zlib.error:
            return found[0]

    inflated = re.sub(rb"stream\r?\n(.*?)\r?\n?endstream", inflate, pdf, flags=re.DOTALL)
    without_lengths = re.sub(rb"/Length \d+", b"/Length", inflated.split(b"\nxref\n")[0])
    # The file identifier is a digest of the packed bytes.
    return re.sub(rb"/ID\s*\[.*?\]", b"", without_lengths, flags=re.DOTALL)


def words(pdf: bytes) -> list[str]:
    """The text of each page, as a reader copies it."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def place_of(pdf: bytes, text: str, page: int = 0) -> tuple[float, float, float, float]:
    """Where `text` stands on a page: left, bottom, right, top, in points from the lower left."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        textpage = document[page].get_textpage()
        start, count = textpage.search(text).get_next()
        boxes = [textpage.get_charbox(start + at) for at in range(count)]
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)


def a_letter(**changed: Any) -> Letter:
    """A complete appointment letter; a test says only what it changes."""
    words_of_it: dict[str, Any] = {
        "letterhead": Letterhead(
            "Lakeside Family Medicine",
            "Family Medicine",
            ("1200 Harbor Avenue, Suite 310", "Springfield, MA 01103", "Phone (413) 555-0142"),
        ),
        "recipient": ("Ms. Ada Testperson", "45 Elm Street", "Springfield, MA 01104"),
        "date": "March 11, 2026",
        "subject": "Your appointment on Thursday, March 12, 2026",
        "opening": ("Dear Ada Testperson,", "Here are the details of your visit."),
        "box": (("Date", "Thursday, March 12, 2026"), ("Time", "10:00 AM")),
        "paragraphs": ("Please bring:", "• your insurance card\n• your medicines", "Thank you."),
        "closing": "Kind regards,",
        "signature": ("Olive Owner", "Lakeside Family Medicine"),
    }
    return Letter(**words_of_it | changed)
