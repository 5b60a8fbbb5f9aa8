"""Tables as spreadsheets really write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from medsec_desktop.exchange.csv_file import CsvFile, CsvRow
from medsec_desktop.exchange.quarantine import Quarantined
from medsec_desktop.problems import Invalid, Unavailable


def a_table(tmp_path: Path, content: str | bytes) -> CsvFile:
    path = tmp_path / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return CsvFile(path)


def values(table: CsvFile) -> list[dict[str, str]]:
    return [dict(row.values) for row in table.rows() if isinstance(row, CsvRow)]


@pytest.mark.parametrize(
    "content",
    [
        "name,city\r\nMuñoz,Łódź\r\n".encode("utf-8-sig"),
        "name,city\nMuñoz,Łódź".encode("utf-16"),
        "name,city\nMuñoz,Łódź\n".encode("utf-16-le"),
        "name;city\rMuñoz;Łódź\r".encode(),
        'name\tcity\n"Muñoz"\tŁódź\n\n\n'.encode(),
        "\nname | city\nMuñoz | Łódź\n".encode(),
    ],
    ids=["mark", "utf-16", "utf-16 unmarked", "semicolons, old Mac", "tabs", "bars"],
)
def test_marks_encodings_separators_and_line_ends_do_not_matter(
    tmp_path: Path, content: bytes
) -> None:
    assert values(a_table(tmp_path, content)) == [{"name": "Muñoz", "city": "Łódź"}]


def test_windows_text_keeps_its_accents_and_dashes(tmp_path: Path) -> None:
    table = a_table(tmp_path, "name,note\nMuñoz,“a – b”\n".encode("cp1252"))

    assert table.encoding == "cp1252"
    assert values(table) == [{"name": "Muñoz", "note": "“a – b”"}]


def test_commas_quotes_and_line_breaks_live_inside_quotes(tmp_path: Path) -> None:
    table = a_table(tmp_path, 'a,b\r\n"one, ""two""","x\r\ny"\r\n')

    assert values(table) == [{"a": 'one, "two"', "b": "x\r\ny"}]


def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path) -> None:
    table = a_table(tmp_path, 'a,b\n1,"x\ny"\n\n3,4\n5\n')

    origins = [(row.origin.row, type(row)) for row in table.rows()]

    assert origins == [(2, CsvRow), (4, CsvRow), (5, Quarantined)]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("1", "1 of 2 values"),
        ("1,2,3", "3 values for 2 columns"),
        ('"1,2\n3,4\n5,6', "A quotation mark is not closed"),
    ],
)
def test_a_row_that_does_not_fit_says_why_and_the_others_go_on(
    tmp_path: Path, row: str, sentence: str
) -> None:
    found = list(a_table(tmp_path, f"a,b\nfirst,row\n{row}\n").rows())

    assert isinstance(found[0], CsvRow)
    assert isinstance(found[1], Quarantined)
    assert sentence in found[1].sentence


def test_blank_surplus_values_do_no_harm(tmp_path: Path) -> None:
    assert values(a_table(tmp_path, "a,b\n1,2,,\n")) == [{"a": "1", "b": "2"}]


def test_an_endless_value_is_quarantined(tmp_path: Path) -> None:
    found = list(a_table(tmp_path, f'a,b\n"{"x" * 200_000},1\n').rows())

    assert isinstance(found[0], Quarantined)


def test_missing_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="lacks the columns BIRTHDATE, LAST"):
        a_table(tmp_path, "Id,FIRST\n").require("Id", "BIRTHDATE", "LAST")


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"There is no file “gone\.csv”"):
        CsvFile(tmp_path / "gone.csv")
