"""Address cards as phones and mail programs write them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from medsec_desktop.exchange.quarantine import Quarantined
from medsec_desktop.exchange.records import PatientRecord
from medsec_desktop.exchange.vcard_people import CardFile
from medsec_desktop.problems import Invalid

TODAY = date(2026, 3, 11)


def read(folder: Path, *lines: str) -> list[PatientRecord | Quarantined]:
    path = folder / "people.vcf"
    path.write_bytes("\r\n".join(lines).encode())
    return list(CardFile(path, TODAY).patients())


def card(folder: Path, *lines: str, version: str = "3.0") -> PatientRecord:
    (record,) = read(folder, "BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD")
    assert isinstance(record, PatientRecord), record
    return record


def test_an_old_phone_writes_quoted_printable_with_soft_breaks(tmp_path: Path) -> None:
    record = card(
        tmp_path,
        "N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Mu=F1oz;Ana =",
        "Mar=EDa;;;",
        "TEL;CELL;PREF:617-555-0142",
        "TEL;WORK;FAX:617-555-0143",
        "ADR;HOME;ENCODING=QUOTED-PRINTABLE:;;1 Elm St=0D=0AApt 4;Boston;MA;02101;USA",
        "PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAIBAQEBAQIBAQE",
        " CAgICAgQDAgICAgUEBAMEBgUGBgYFBgYGBwkIBgcJBwYGCAsICQoKCgoKBg",
        "",
        "BDAY:19840314",
        version="2.1",
    )

    assert (record.family, record.given, record.birth_date) == ("Muñoz", "Ana María", "1984-03-14")
    assert [(one.number, one.kind, one.note) for one in record.phones] == [
        ("617-555-0142", "mobile", ""),
        ("617-555-0143", "other", "fax"),
    ]
    assert (record.home.line1, record.home.line2, record.home.country) == (
        "1 Elm St",
        "Apt 4",
        "US",
    )
    assert record.notes == ("Its picture was not taken; add one in the file.",)


def test_a_mac_groups_lines_and_labels_them(tmp_path: Path) -> None:
    record = card(
        tmp_path,
        "N:Testperson;Ada;M\\, Maria;Ms.;Jr.",
        "NICKNAME:Addie",
        "ORG:Test Works;Accounting",
        "item1.TEL:617-555-0142",
        "item1.X-ABLabel:Reception desk",
        "item2.X-ABRELATEDNAMES:Carl Testperson",
        "item2.X-ABLabel:_$!<Spouse>!$_",
        "NOTE:Likes tea\\nand co",
        " ffee",
    )

    assert (record.middle, record.suffix, record.preferred) == ("M, Maria", "Jr.", "Addie")
    assert record.employer == "Test Works, Accounting"
    assert (record.phones[0].kind, record.phones[0].note) == ("other", "reception desk")
    assert [(one.name, one.relation) for one in record.people] == [("Carl Testperson", "spouse")]
    assert record.note == "Likes tea\nand coffee"


def test_gmail_writes_a_whole_address_into_one_field(tmp_path: Path) -> None:
    record = card(
        tmp_path,
        "N:Testperson;Ada;;;",
        "ADR;TYPE=HOME:;1 Elm St\\nBoston\\, Massachusetts 02101;;;;;",
        "EMAIL;TYPE=INTERNET:second@mail.example",
        "EMAIL;TYPE=INTERNET;TYPE=pref:ada@mail.example",
    )

    assert (record.home.line1, record.home.city, record.home.state) == ("1 Elm St", "Boston", "MA")
    assert record.email == "ada@mail.example"
    assert record.note == "Other e-mail: second@mail.example"


def test_version_four_writes_uris_and_half_birthdays(tmp_path: Path) -> None:
    record = card(
        tmp_path,
        "FN:Ada Testperson",
        "BDAY:--0314",
        "GENDER:F",
        "LANG;PREF=1:es",
        'TEL;VALUE=uri;TYPE="voice,cell":tel:+1-617-555-0142;ext=3',
        version="4.0",
    )

    assert (record.family, record.given, record.sex, record.language) == (
        "Testperson", "Ada", "F", "es",
    )  # fmt: skip
    assert (record.phones[0].number, record.phones[0].kind) == ("+1-617-555-0142 x3", "mobile")
    assert record.birth_date == ""
    assert "lacks the year" in record.notes[0]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("EMAIL:ada@mail.example",), "no name; it has only the e-mail ada@mail.example"),
        (("FN:Test Works", "ORG:Test Works"), "a company’s card"),
        (("KIND:group", "FN:Friends"), "the card of a group"),
        (("N:Testperson;Ada", "BDAY:20310101"), "in the future"),
    ],
)
def test_a_card_that_is_nobody_says_so(tmp_path: Path, lines: tuple[str, ...], said: str) -> None:
    (found,) = read(tmp_path, "BEGIN:VCARD", *lines, "END:VCARD")

    assert isinstance(found, Quarantined)
    assert said in found.sentence


def test_a_broken_card_takes_no_other_with_it(tmp_path: Path) -> None:
    broken, whole, cut = read(
        tmp_path,
        "BEGIN:VCARD", "N:Nobody;Ben", "BEGIN:VCARD", "N:Testperson;Ada", "AGENT:",
        "BEGIN:VCARD", "N:Assistant;Some", "END:VCARD", "NOTE:hers", "END:VCARD",
        "BEGIN:VCARD", "N:Nobody;Cut",
    )  # fmt: skip

    assert isinstance(broken, Quarantined)
    assert isinstance(whole, PatientRecord)
    assert (whole.given, whole.note) == ("Ada", "hers")
    assert isinstance(cut, Quarantined)


def test_what_is_not_taken_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "people.vcf"
    path.write_text("BEGIN:VCARD\nN:Testperson;Ada\nURL:x\nURL:y\nX-ODD:z\nEND:VCARD\n")
    file = CardFile(path, TODAY)

    assert len(list(file.patients())) == 1
    assert [(left.holds, left.rows) for left in file.left_aside()] == [
        ("Web addresses", 2),
        ("X-ODD", 1),
    ]


def test_a_file_without_cards_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="no address cards"):
        read(tmp_path, "Dear Ada,")
