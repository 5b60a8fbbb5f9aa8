"""A letter on paper: what stands where, what prints literally, and that it never changes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from medsec_desktop.documents import page
from medsec_desktop.documents.writing import Letterhead
from medsec_desktop.documents.writing.surroundings import lines_beyond_window
from medsec_desktop.documents.writing.unprintable import unprintable
from tests.documents.conftest import a_letter, place_of, words
from tests.documents.letters import letter_pdf, sheet_of

INCH = 72


def test_the_letter_prints_as_the_committed_one(
    matches_golden: Callable[[str, bytes], None],
) -> None:
    matches_golden("letter.pdf", letter_pdf(a_letter()))


def test_a_long_letter_prints_as_the_committed_one(
    matches_golden: Callable[[str, bytes], None],
) -> None:
    preparation = tuple(f"{n}. " + "Please do not eat before the visit. " * 12 for n in range(9))

    matches_golden(
        "letter_two_pages.pdf",
        letter_pdf(a_letter(paragraphs=preparation, paper="a4", mark="DEMO")),
    )


def test_the_same_words_give_the_same_bytes() -> None:
    assert letter_pdf(a_letter()) == letter_pdf(a_letter())


@pytest.mark.parametrize(
    "hostile",
    [
        "Fee <500> is due",
        "Smith <MD> & <b>Sons</b>",
        '<img src="/etc/passwd"/>',
        "{p.__class__} {patient.name}",
        "&lt;para&gt; &amp; %s %(x)s",
        "</para><para>",
    ],
)
def test_markup_in_any_part_prints_literally(hostile: str) -> None:
    letter = a_letter(
        subject=f"1 {hostile}",
        opening=(f"2 {hostile}",),
        box=((f"3{hostile}", f"4 {hostile}"),),
        signature=(f"5 {hostile}",),
    )

    text = " ".join(words(letter_pdf(letter))[0].split())

    for number in "1245":
        assert f"{number} {hostile}" in text


@pytest.mark.parametrize(
    "name",
    ["Łukasz Dvořák-Şahin", "Ελένη Παπαδοπούλου", "Наталья Щёголева", "Nguyễn Thị Ánh"],
)
def test_names_of_many_alphabets_print_and_can_be_copied(name: str) -> None:
    letter = a_letter(recipient=(name, "45 Elm Street"))

    assert unprintable(sheet_of(letter)) == ()
    assert name in words(letter_pdf(letter))[0]


def test_accents_typed_apart_print_as_one_letter() -> None:
    assert "José" in words(letter_pdf(a_letter(recipient=("Jose\u0301",))))[0]


def test_signs_the_text_font_lacks_come_from_another_font() -> None:
    letter = a_letter(opening=("☐ ☑ ✓ ☎ ≤ 2 h → ward",))

    assert unprintable(sheet_of(letter)) == ()
    assert "☐ ☑ ✓ ☎ ≤ 2 h → ward" in words(letter_pdf(letter))[0]


def test_what_no_font_has_is_named_and_prints_as_a_box() -> None:
    letter = a_letter(recipient=("ཀ Testperson",))

    assert unprintable(sheet_of(letter)) == (("recipient", "ཀ"),)
    assert "□ Testperson" in words(letter_pdf(letter))[0]


def test_control_characters_and_direction_overrides_vanish() -> None:
    letter = a_letter(subject="Your\x00 \u202evisit\ufeff\x07")

    assert "Your visit" in words(letter_pdf(letter))[0]


def test_a_short_address_always_shows_in_the_window_of_a_number_10_envelope() -> None:
    pdf = letter_pdf(a_letter())

    left, _, _, top = place_of(pdf, "Ms. Ada Testperson")
    _, bottom, _, _ = place_of(pdf, "Springfield, MA 01104")

    assert left == pytest.approx(1.0 * INCH, abs=2)
    assert page.LETTER.height - top > 2.45 * INCH
    assert page.LETTER.height - bottom < 3.167 * INCH


def test_the_letterhead_and_the_text_never_show_in_the_window() -> None:
    pdf = letter_pdf(a_letter())

    _, head_bottom, _, _ = place_of(pdf, "Phone (413) 555-0142")
    _, _, _, subject_top = place_of(pdf, "Your appointment on")
    date_left, _, _, _ = place_of(pdf, "March 11, 2026")

    assert page.LETTER.height - head_bottom < 2.04 * INCH
    assert page.LETTER.height - subject_top > 3.625 * INCH
    assert date_left > 5.375 * INCH


def test_an_address_of_many_lines_is_set_smaller_and_stays_in_the_window() -> None:
    street = ("Testperson Family Trust", "c/o Ada Testperson", "Floor 3", "45 Elm Street", "Box 9")
    letter = a_letter(recipient=(*street, "Springfield, MA 01104"))

    _, _, _, top = place_of(letter_pdf(letter), "Testperson Family Trust")

    assert lines_beyond_window(sheet_of(letter)) == 0
    assert page.LETTER.height - top > 2.04 * INCH


def test_an_address_too_tall_for_the_window_is_counted() -> None:
    assert lines_beyond_window(sheet_of(a_letter(recipient=("line",) * 9))) == 2


def test_a_name_wider_than_the_window_goes_on_in_the_next_line() -> None:
    name = "Wilhelmina Alexandrina Konstantinopoulou-Szczepanska von Hohenlohe"
    pdf = letter_pdf(a_letter(recipient=(name, "45 Elm Street")))

    _, _, right, _ = place_of(pdf, "Konstantinopoulou-Szczepanska")

    assert right < page.LETTER.address_left + page.LETTER.address_width


def test_a_letter_of_one_page_has_no_page_number() -> None:
    assert "Page" not in words(letter_pdf(a_letter()))[0]


def test_a_long_letter_numbers_its_pages_and_names_whom_it_is_for() -> None:
    pages = words(letter_pdf(a_letter(paragraphs=("Please read this. " * 60,) * 8)))

    assert len(pages) == 3
    assert "Page 1 of 3" in pages[0]
    assert "Ms. Ada Testperson" in pages[1]
    assert "Page 3 of 3" in pages[2]


def test_the_signature_never_stands_alone_on_a_page() -> None:
    for count in range(10, 60):
        pages = words(letter_pdf(a_letter(paragraphs=("One more line.",) * count)))

        assert "One more line." in pages[-1]


def test_a_letter_one_line_too_long_is_set_closer_rather_than_on_two_pages() -> None:
    counts = [len(words(letter_pdf(a_letter(paragraphs=("Line.",) * n)))) for n in range(5, 16)]
    places = [place_of(letter_pdf(a_letter(paragraphs=("Line.",) * n)), "Here")[1] for n in (1, 12)]

    assert counts == sorted(counts)
    assert places[1] > places[0]


def test_a_paragraph_of_ten_thousand_words_flows_over_its_pages() -> None:
    pages = words(letter_pdf(a_letter(paragraphs=("word " * 10_000,))))

    assert sum(text.count("word") for text in pages) == 10_000


def test_a_word_wider_than_the_page_is_cut_and_kept() -> None:
    pages = words(letter_pdf(a_letter(opening=("x" * 3_000,))))

    assert sum(text.count("x") for text in pages) >= 3_000


def test_a_value_in_the_box_longer_than_a_page_runs_on() -> None:
    pages = words(letter_pdf(a_letter(box=(("Preparation", "fast " * 2_000),))))

    assert sum(text.count("fast") for text in pages) == 2_000


def test_an_empty_letter_is_still_a_page() -> None:
    letter = a_letter(
        letterhead=Letterhead(""), recipient=(), date="", subject="", opening=(), box=(),
        paragraphs=(), closing="", signature=(),
    )  # fmt: skip

    assert len(words(letter_pdf(letter))) == 1


def test_a_mark_stands_on_every_page() -> None:
    pages = words(letter_pdf(a_letter(paragraphs=("Please read this. " * 60,) * 8, mark="DEMO")))

    assert all("DEMO" in text for text in pages)


def test_the_pdf_says_its_title_author_and_language_and_embeds_every_font() -> None:
    import pypdfium2

    pdf = letter_pdf(a_letter(language="es"))

    with pypdfium2.PdfDocument(pdf) as document:
        facts = document.get_metadata_dict()
    assert facts["Title"] == "Your appointment on Thursday, March 12, 2026"
    assert facts["Author"] == "Lakeside Family Medicine"
    assert b"/Lang (es)" in pdf
    assert b"Helvetica" not in pdf
    assert pdf.count(b"/FontFile2") == pdf.count(b"/FontDescriptor ")


def test_a_footer_stands_at_the_foot_of_every_page() -> None:
    head = Letterhead("Lakeside", footer="Closed on public holidays.")
    pages = words(
        letter_pdf(a_letter(letterhead=head, paragraphs=("Please read this. " * 60,) * 8))
    )

    assert all("Closed on public holidays." in text for text in pages)
