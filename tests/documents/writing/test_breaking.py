"""Lines break on paper where Qt breaks them on the screen: the editor shows what prints."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QTextBoundaryFinder
from PySide6.QtGui import QFont, QFontDatabase, QTextLayout, QTextOption
from pytestqt.qtbot import QtBot

from medsec_desktop import paths
from medsec_desktop.documents import fonts
from medsec_desktop.documents.writing.breaking import break_places
from medsec_desktop.documents.writing.lines import Span, broken

TEXTS = [
    "Please bring your insurance card, a photo ID and a list of all medicines that you take now.",
    "well-known side-effects, x-ray/ultrasound and/or follow-up: 24-hour ECG (if needed) —soon—",
    "Dr.\u00a0Olive\u00a0Owner, 1200\u00a0Harbor\u00a0Avenue, Suite\u00a0310, Springfield,\u00a0MA 01103-1204",
    "Phone +1 (413) 555-0142, $1,200.50 or 50% of 3/4; 10:00–11:30, −5 °C, No. 7/8, #12 at 98.6°F",
    "https://www.lakeside.example/patients/forms?lang=en&kind=new#page-2 and nurse@lakeside.example",
    "“Quoted,” she said, ‘twice’… «deux» — and (bracketed) [again] {and.again} <b>bold</b> A&B",
    "Pneumonoultramicroscopicsilicovolcanoconiosis_and_Llanfairpwllgwyngyllgogerychwyrndrobwllllantysilio",
    "Łukasz Dvořák-Şahin, Ελένη Παπαδοπούλου, Наталья Щёголева-Иванова, Nguyễn Thị Ánh Tuyết",
    "  two  blanks   here    and at the end   ",
    "-start of a word, x -5 mg, a–b, 3–4 weeks, – dash, ‐soft, non\u2011breaking\u2011hyphen",
    "¿Cómo está? ¡Muy bien! Señora Núñez de la Peña trae su tarjeta; ¿quizás también los análisis?",
    "{patient.name} {p.__class__} Fee <500> Smith <MD> <img src=x> %s &amp; \\path\\to\\it ~/x|y^z`",
    "☐ yes ☑ no ✓ done → ward ≤ 2 h ≥ 1 h ☎ call",
]
LETTERS = st.sampled_from("abcdefgXYZéñł  .,:;!?-/()[]\"'“”‘’–—…%$#&@12345\u00a0\u2011")


@cache
def families() -> list[str]:
    """The fonts of paper as Qt knows them, in the order paper asks them."""
    found: list[str] = []
    for path in sorted(paths.resource("fonts").glob("NotoSans*.ttf")):
        number = QFontDatabase.addApplicationFont(str(path))
        found += QFontDatabase.applicationFontFamilies(number)
    return list(dict.fromkeys(found))


def qt_lines(text: str, face: str, width: float, size: float) -> list[str]:
    """The lines that Qt makes of a text, measured as the editor measures."""
    font = QFont(families())
    font.setBold("Bold" in face)
    font.setItalic("Italic" in face)
    font.setPixelSize(1000)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    for feature in ("kern", "liga", "clig", "calt"):
        font.setFeature(QFont.Tag(feature), 0)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setUseDesignMetrics(True)
    layout = QTextLayout(text, font)
    layout.setTextOption(option)
    found = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width / size * 1000)
        found.append(text[line.textStart() : line.textStart() + line.textLength()].rstrip(" "))
    layout.endLayout()
    return found


def our_lines(text: str, face: str, width: float, size: float) -> list[str]:
    return [line.text for line in broken((Span(fonts.printable(text), face),), size, width)]


@pytest.mark.parametrize("face", [fonts.REGULAR, fonts.BOLD, fonts.BOLD_ITALIC])
@pytest.mark.parametrize("text", TEXTS)
def test_lines_break_where_qt_breaks_them(qtbot: QtBot, text: str, face: str) -> None:
    for width in (35, 60, 93.3, 120, 180, 250, 333, 468):
        assert our_lines(text, face, width, 10.5) == qt_lines(text, face, width, 10.5), width


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(LETTERS, min_size=1, max_size=80), st.sampled_from([25, 61, 140, 300]))
def test_any_words_break_where_qt_breaks_them(text: str, width: float) -> None:
    assert our_lines(text, fonts.REGULAR, width, 10.5) == qt_lines(text, fonts.REGULAR, width, 10.5)


@pytest.mark.parametrize(
    "text",
    [
        "预约时间为三月十二日（星期四），请“提前”到达。谢谢！",
        "ご予約は、三月十二日です。「診察券」をお持ちください。",
        "김철수님, 진료 예약은 3월 12일입니다.",
    ],
)
def test_lines_may_end_between_ideographs_as_qt_lets_them(text: str) -> None:
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Line, text)
    places = set()
    while (place := finder.toNextBoundary()) != -1:
        places.add(place)

    assert {at for at, may in enumerate(break_places(text)) if may} == places
