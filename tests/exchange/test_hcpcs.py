"""Code lists in CMS's fixed-width layout, read code by code."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from medsec_desktop.exchange.hcpcs import read


def record(
    code: str, kind: str, words: str, short: str = "", ended: str = "", added: str = "20020701"
) -> str:
    row = f"{code:>5}00100{kind}{words:<80}{short:<28}"
    return f"{row:<229}C{'':38}{added}20080101{ended:8}N"


def test_codes_modifiers_and_long_words_are_read(tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text(
        "\n".join(
            [
                "Note regarding this release",
                record("LT", "7", "Left side (used for", "Left side"),
                record("LT", "8", "the left side of the body)"),
                record("A4206", "3", "Syringe with needle, 1 cc  or less", "1 cc syringe"),
                record("A9999", "3", "Something old", ended="20191231", added="notadate"),
                record("D0120", "3", "A dental code"),
                record("X1234", "4", "continues nothing"),
                "this is no record",
                record("A4207", "3", "Syringe"),
            ]
        )
    )

    found = read(file)

    assert [(one.code, one.is_modifier) for one in found.codes] == [
        ("LT", True), ("A4206", False), ("A9999", False), ("A4207", False),
    ]  # fmt: skip
    left, syringe, old, _ = found.codes
    assert left.words == "Left side (used for the left side of the body)"
    assert (syringe.words, syringe.short_words) == (
        "Syringe with needle, 1 cc or less",
        "1 cc syringe",
    )
    assert (syringe.added_on, syringe.effective_on) == (date(2002, 7, 1), date(2008, 1, 1))
    assert (syringe.coverage, syringe.action, syringe.line) == ("C", "N", 4)
    assert old.added_on is None
    assert [old.holds_on(date(2019, 12, 31)), old.holds_on(date(2020, 1, 1))] == [True, False]
    assert not syringe.holds_on(date(2002, 6, 30))
    assert found.dental == 1
    assert found.problems == (
        "Line 7 continues X1234, which does not stand before it.",
        "Line 8 is no record of this layout.",
    )
