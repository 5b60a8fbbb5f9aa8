"""What the demo clinic changed among its letter templates: directions typed once, and a letter of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.writing.document import (
    Check,
    Condition,
    Document,
    Field,
    Insert,
    ListKind,
    Paragraph,
    Question,
    Stretch,
    Style,
    Text,
)
from medsec_desktop.domain.writing.template import Template

if TYPE_CHECKING:
    from medsec_desktop.services.office import Office

_DIRECTIONS = {
    "car": "Leave the highway at Harbor Avenue. Parking behind the house is free for patients.",
    "transit": "Bus 7 or 12, stop Harbor and Third. The door is across the street.",
    "building": "Third floor. The elevator is to the left of the entrance.",
}
_MINOR = Condition((Check("patient.age", "below", "18"),))

_CAMP = Template(
    key="",
    language="en",
    title="Letter to a summer camp",
    document=Document(
        (
            Paragraph(
                (Text("Medicines at camp: "), Field("patient.name")),
                Style.SUBJECT,
            ),
            Paragraph((Text("To the camp nurse:"),)),
            Paragraph(
                (
                    Text("This child will be at your camp"),
                    Stretch((Text(" from "), Field("ask.first"))),
                    Stretch((Text(" to "), Field("ask.last"))),
                    Text(". Please see to it that these medicines are taken:"),
                ),
            ),
            Paragraph((Field("ask.medicines"),), list=ListKind.BULLET),
            Paragraph(
                (
                    Text("Please call the family first when something is wrong"),
                    Stretch(
                        (Text(": "), Field("guarantor.name"), Text(", "), Field("guarantor.phone"))
                    ),
                    Text(". In an emergency call 911, then us"),
                    Stretch((Text(" at "), Field("practice.phone"))),
                    Text("."),
                ),
                when=_MINOR,
            ),
            Paragraph((Text("Sincerely,"),), Style.CLOSING),
            Insert("signature"),
        ),
        questions=(
            Question("medicines", "Which medicines, how much, when?"),
            Question("first", "First day of the camp", "date"),
            Question("last", "Last day of the camp", "date"),
        ),
    ),
)


def change_templates(office: Office) -> None:
    """Type the directions into the clinic's copy of their template, and add a letter of its own."""
    library = office.letters.library
    with office.session.change(
        "Set up the demo clinic’s letter templates", Permission.WRITE_LETTERS, sealed=True
    ):
        shipped = library.detail("directions", "en")
        document = shipped.template.document
        questions = tuple(
            replace(question, answer=_DIRECTIONS[question.key]) for question in document.questions
        )
        own = replace(shipped.template, document=replace(document, questions=questions))
        library.save(replace(shipped, template=own))
        library.add(_CAMP)
