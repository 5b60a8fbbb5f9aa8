"""Any way of writing prints: shaped, in its direction, embedded, and as text that can be copied again."""

from __future__ import annotations

import subprocess
import sys
import unicodedata

import pytest

from medsec_desktop.documents import bidi, fonts, shaping
from medsec_desktop.documents.calendar_pages import ListGroup, ListSheet, list_pdf
from medsec_desktop.documents.writing import Sheet, lay_out, pdf_of
from medsec_desktop.domain.writing.document import PLAIN, Document, Look, Paragraph, Text
from tests.documents.conftest import words

SAMPLES = {
    "stacked marks": "x\u0302\u0301 q\u0308\u0304 Yorùbá ẹ\u0301 ọ\u0300 Navajo ą\u0301",
    "Vietnamese": "Nguyễn Thị Ánh Tuyết",
    "Greek": "Ἀσκληπιὸς ᾧ Ελένη Παπαδοπούλου",
    "Cyrillic": "Наталья Щёголева, Їжак",
    "Arabic": "مرحبا بالعالم والسلام عليكم",
    "Arabic with vowels": "مُحَمَّد بن سُلَيْمان",
    "Persian": "می\u200cخواهم پزشک",
    "Hebrew": "שלום רב לכולם",
    "Hebrew with points": "שָׁלוֹם וּבְרָכָה",
    "Hindi": "हिन्दी क्षत्रिय किताब मुलाक़ात",
    "Bengali": "নমস্কার ক্ষমা",
    "Punjabi": "ਸਤ ਸ੍ਰੀ ਅਕਾਲ",
    "Gujarati": "નમસ્તે કેમ છો",
    "Tamil": "வணக்கம் எப்படி",
    "Telugu": "నమస్కారం",
    "Kannada": "ನಮಸ್ಕಾರ",
    "Malayalam": "നമസ്കാരം",
    "Sinhala": "ආයුබෝවන්",
    "Thai": "สวัสดีครับ น้ำ",
    "Lao": "ສະບາຍດີ",
    "Khmer": "សួស្តី ខ្មែរ",
    "Burmese": "မင်္ဂလာပါ",
    "Armenian": "Բարեւ ձեզ",
    "Georgian": "გამარჯობა",
    "Amharic": "ሰላም ለዓለም",
    "Chinese": "尊敬的王女士：请携带保险卡。",
    "Japanese": "山田様、ご予約は木曜日です。",
    "Korean": "김철수님, 진료 예약",
}


def a_sheet(*texts: str, look: Look = PLAIN) -> Sheet:
    lines = tuple(Paragraph((Text(text, look),)) for text in texts)
    return Sheet(Document((*lines, Paragraph((Text("Some plain words beside it. " * 3),)))))


@pytest.mark.parametrize("script", SAMPLES)
def test_what_is_printed_can_be_copied_as_it_was_written(script: str) -> None:
    text = unicodedata.normalize("NFC", SAMPLES[script])

    for look in (Look(), Look(bold=True)):
        copied = unicodedata.normalize("NFC", words(pdf_of(a_sheet(text, look=look)))[0])
        assert copied.splitlines()[0].strip() == text
    assert fonts.unprintable(text) == ()


def test_the_same_shaped_words_give_the_same_bytes_with_every_font_embedded() -> None:
    pdf = pdf_of(a_sheet(*SAMPLES.values()))

    assert pdf == pdf_of(a_sheet(*SAMPLES.values()))
    assert b"Helvetica" not in pdf
    assert len(pdf) < 200_000, "fonts are cut down to what is used"


def test_arabic_letters_join_and_their_marks_move_nothing() -> None:
    alone = shaping.shaped("NotoSansArabic-Regular", "ب", is_rtl=True)
    joined = shaping.shaped("NotoSansArabic-Regular", "ببب", is_rtl=True)

    assert joined.advance < 3 * alone.advance
    assert len({glyph.number for glyph in joined.glyphs if glyph.text}) == 3
    assert fonts.width("مُحَمَّد", 10) == pytest.approx(fonts.width("محمد", 10))


@pytest.mark.parametrize(
    ("logical", "seen"),
    [
        ("abc אבג def", "abc גבא def"),
        ("אבג 123 דהו", "והד 123 גבא"),
        ("אבג (דהו) 5%", "5% )והד( גבא"),
        ("מספר 10-12 abc", "abc 10-12 רפסמ"),
        ("سعر 12.50$", "$12.50 رعس"),
        ("a (אב) b", "a (בא) b"),
    ],
)
def test_lines_of_both_directions_are_ordered_as_unicode_says(logical: str, seen: str) -> None:
    is_rtl = bidi.is_right_to_left(logical)

    order = bidi.visual(bidi.levels(logical, is_rtl=is_rtl))

    assert "".join(logical[at] for at in order) == seen


def test_a_paragraph_that_begins_in_arabic_stands_at_the_right() -> None:
    pages = lay_out(a_sheet("مرحبا Robin", "Robin مرحبا"))

    arabic, english = (
        next(line for line in pages.lines if line.block == block) for block in (0, 1)
    )

    assert arabic.x + arabic.width == pytest.approx(612 - 72)
    assert english.x == pytest.approx(72)


def test_names_in_lists_are_shaped_and_long_ones_go_on_over_the_page() -> None:
    long = "السلام عليكم " * 900
    sheet = ListSheet(
        "Visits", "Lakeside", ("Time", "Who"), (1, 4),
        (ListGroup("Dr. Chen", (("10:00", "محمد بن سليمان"), ("10:30", long), ("11:00", "Ada"))),),
        printed="Printed 03/11/2026",
    )  # fmt: skip

    pages = words(list_pdf(sheet))

    assert "محمد بن سليمان" in pages[0]
    assert sum(text.count("السلام") for text in pages) == 900
    assert len(pages) > 1
    assert "Ada" in pages[-1]


def test_direction_overrides_are_taken_out_and_joiners_kept_only_where_they_shape() -> None:
    assert fonts.printable("a\u202eb\u200dc\u200f") == "abc"
    assert fonts.printable("می\u200cخواهم") == "می\u200cخواهم"


def test_an_english_letter_opens_no_font_of_another_script() -> None:
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            "from medsec_desktop.documents import shaping\n"
            "from tests.documents.test_scripts import a_sheet, pdf_of\n"
            "opened = []\n"
            "real = shaping.measured_font\n"
            "shaping.measured_font = lambda font: (opened.append(font), real(font))[1]\n"
            "pdf_of(a_sheet('Dear Ada, – “quoted” café'))\n"
            "print(sorted(set(opened)))",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert told.strip() == "['NotoSans-Regular']"
