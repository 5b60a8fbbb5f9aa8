"""Envelopes: their own size, the sender in the corner, the recipient where machines look."""

from __future__ import annotations

import pypdfium2
import pytest

from medsec_desktop.documents.envelopes import Envelope, cut_off, envelopes_pdf
from medsec_desktop.domain.stocks import ENVELOPES, LabelStock
from medsec_desktop.problems import Invalid
from tests.documents.conftest import place_of, words

MM = 72 / 25.4
ADA = Envelope(
    ("Lakeside Family Medicine", "1200 Harbor Avenue, Suite 310", "Springfield, MA 01103"),
    ("Ms. Ada Testperson", "45 Elm Street", "Apartment 7", "Springfield, MA 01104"),
)

# In mm: US commercial sizes from inches, ISO 269 for the others.
SIZES = {"#10": (241.3, 104.8), "#9": (225.4, 98.4), "DL": (220, 110), "C5": (229, 162),
         "C6": (162, 114)}  # fmt: skip


@pytest.mark.parametrize("stock", ENVELOPES, ids=lambda stock: stock.key)
def test_an_envelope_has_its_size_and_both_addresses_where_they_belong(stock: LabelStock) -> None:
    pdf = envelopes_pdf(stock, [ADA])
    width, height = SIZES[stock.key]
    with pypdfium2.PdfDocument(pdf) as document:
        assert document[0].get_size() == pytest.approx((width * MM, height * MM), abs=0.3)

    assert cut_off(stock, ADA) == ()
    for line in ADA.sender:
        left, _, right, top = (value / MM for value in place_of(pdf, line))
        assert left > 8
        assert right < width * 0.5
        assert height - top > 8
    lefts = []
    for line in ADA.recipient:
        left, bottom, right, top = (value / MM for value in place_of(pdf, line))
        lefts.append(left)
        # Publication 28: half an inch from the sides, the last line between 5/8 and 2¾ in from below.
        assert left > width * 0.4
        assert right < width - 12.7
        assert bottom >= 15.8
        assert top <= 70
    assert max(lefts) - min(lefts) < 1


def test_a_page_each_and_no_sender_where_none_is_wanted() -> None:
    pages = words(envelopes_pdf(ENVELOPES[0], [Envelope((), ADA.recipient)] * 3, mark="DEMO"))

    assert len(pages) == 3
    assert all("DEMO" in page and "Lakeside" not in page for page in pages)


def test_what_does_not_fit_is_named_and_no_envelopes_are_refused() -> None:
    tall = Envelope(ADA.sender, tuple(f"Line {number}" for number in range(14)))
    broad = Envelope((), ("Testperson" * 12, "45 Elm Street"))

    assert cut_off(ENVELOPES[0], tall)[-1] == "Line 13"
    assert cut_off(ENVELOPES[0], broad) == broad.recipient[:1]
    with pytest.raises(Invalid, match="no envelopes"):
        envelopes_pdf(ENVELOPES[0], [])
