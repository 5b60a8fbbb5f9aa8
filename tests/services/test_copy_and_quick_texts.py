"""“Copy for…” and quick texts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from medsec_desktop.domain.copy_formats import FIELDS, SHIPPED, checked_format, fill
from medsec_desktop.domain.people import PartialDate, Sex
from medsec_desktop.problems import Invalid
from medsec_desktop.services.office import Office
from medsec_desktop.services.patients import AddressDraft, CoverageDraft, PatientDraft, PhoneDraft
from medsec_desktop.services.patients.copying import CopyFormatDraft
from medsec_desktop.services.practice.quick_texts import QuickTextDraft
from tests.services.test_patients import a_payer


@pytest.mark.parametrize(
    ("text", "values", "filled"),
    [
        ("{last}, {first}", {"last": "Ng", "first": "Wei"}, "Ng, Wei"),
        ("{last}, {first}", {"last": "Ng"}, "Ng"),
        ("{last}; {birth}; {sex}; {phone}", {"last": "Ng", "phone": "1"}, "Ng; 1"),
        ("{name}\n{unit}\n{city}, {state} {zip}", {"name": "N", "city": "C", "zip": "0"},
         "N\nC, 0"),
        ("Call {name}: {phone}", {"name": "Ng"}, "Call Ng"),
        ("a {b} {first}", {"first": "W"}, "a {b} W"),
        ("{first} {middle} {last}", {"first": "{last}", "last": "Ng"}, "{last} Ng"),
    ],
)  # fmt: skip
def test_empty_fields_leave_no_commas_and_no_lines(
    text: str, values: dict[str, str], filled: str
) -> None:
    assert fill(text, values) == filled


def test_only_fields_of_the_list_are_taken() -> None:
    with pytest.raises(Invalid, match=r"no field \{social\}"):
        checked_format("{name} {social}")
    with pytest.raises(Invalid):
        checked_format("  ")
    for _, text in SHIPPED:
        assert checked_format(text) == text


def test_a_file_is_copied_in_a_format_and_that_is_recorded(office: Office) -> None:
    payer = a_payer(office.session)
    ada = office.patients.register(
        PatientDraft("Testperson", "Ada", prefix="Ms.", birth=PartialDate(1984, 3, 14),
                     sex=Sex.FEMALE, phones=(PhoneDraft("617 555 0142"),),
                     addresses=(AddressDraft("Old", kind="former"),
                                AddressDraft("1 Test St", "Apt 2", "Cambridge", "MA", "02139")),
                     coverages=(CoverageDraft(payer, member_id="W1"),))
    )  # fmt: skip
    formats = office.copy_formats
    formats.add_shipped()
    formats.add_shipped()  # those there already stay alone
    label, portal, phone = formats.all()

    assert formats.copied(label.id, ada) == (
        "Ms. Ada Testperson\n1 Test St\nApt 2\nCambridge, MA 02139"
    )
    assert formats.copied(portal.id, ada) == (
        "Testperson, Ada; 03/14/1984; Female; (617) 555-0142; Test Health W1"
    )
    assert formats.copied(phone.id, ada) == "Testperson, Ada, 03/14/1984: (617) 555-0142"
    latest = office.session.history(1)[0]
    assert (latest.label, latest.patient_id) == ("Copied “Phone line”", ada)
    assert formats.values(ada).keys() == FIELDS.keys()
    assert formats.preview("{first}!", ada) == "Ada!"
    formats.move(phone.id, -2)
    formats.remove(label.id)
    assert [row.name for row in formats.all()] == ["Phone line", "Portal line"]
    with pytest.raises(Invalid, match="already a format"):
        formats.save(CopyFormatDraft("portal LINE", "{name}"))


def test_a_quick_text_is_one_word_kept_once_whatever_its_capitals(office: Office) -> None:
    texts = office.quick_texts
    assert texts.text_for("lmom") == ""
    number = texts.save(QuickTextDraft("lmom", "Left message on machine."))
    assert texts.text_for("LMOM") == "Left message on machine."
    for wrong, field in (
        (QuickTextDraft("two words", "x"), "abbreviation"),
        (QuickTextDraft("LMOM", "x"), "abbreviation"),
        (QuickTextDraft("x" * 21, "x"), "abbreviation"),
        (QuickTextDraft("ok", " "), "text"),
    ):
        with pytest.raises(Invalid) as refusal:
            texts.save(wrong)
        assert refusal.value.field == field
    (row,) = texts.all()
    texts.save(replace(QuickTextDraft(row.abbreviation, "Left a message.", row.id, row.version)))
    assert texts.text_for("lmom") == "Left a message."
    texts.remove(number)
    assert texts.text_for("lmom") == ""
