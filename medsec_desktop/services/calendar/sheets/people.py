"""Appointment cards, slips and labels: what is printed for patients, not for a stretch of the calendar."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from medsec_desktop.domain.letters import LANGUAGES, language_for, written_date, written_time
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.calendar.sheets.parts import (
    MISSED,
    SheetMaker,
    keys_of,
    unprintable_in,
)
from medsec_desktop.services.calendar.sheets.records import KINDS, SetUp, Sheet, Subject
from medsec_desktop.services.calendar.views import Views
from medsec_desktop.services.letters.contents import Contents
from medsec_desktop.services.letters.known import provider_named
from medsec_desktop.services.practice import Practice
from medsec_desktop.services.session import Session
from medsec_desktop.services.stocks import Stocks

if TYPE_CHECKING:
    from medsec_desktop.documents.cards import Card, CardVisit
    from medsec_desktop.documents.labels import Label

_SEXES = {"F": "Female", "M": "Male", "U": ""}


class PeopleSheets(SheetMaker):
    """Makes what a patient takes home, and what stands on her papers."""

    def __init__(self, session: Session, practice: Practice, views: Views, stocks: Stocks):
        super().__init__(session, practice, views)
        self._stocks = stocks

    def labels(self, setup: SetUp, subject: Subject) -> Sheet:
        from medsec_desktop.documents.labels import Label, cut_off, labels_pdf

        stock = self._stocks.named(setup.stock or self._stocks.all("labels")[0].key)
        ids = self._whom(setup, subject)
        people, contents = self.people(ids), Contents(self._session, self._practice)
        formats = self._practice.formats
        labels: list[Label] = []
        warnings: list[str] = []
        for patient_id in ids:
            person = people[patient_id]
            if setup.kind == "label":
                lines = contents.address(patient_id)
                if len(lines) < 2:
                    warnings.append(f"{person.name.spoken} has no address that is valid today.")
                label = Label(lines)
            else:
                born = formats.birth(person.birth)
                facts = " · ".join(
                    part for part in (f"Born {born}" if born else "", _SEXES[person.sex]) if part
                )
                label = Label(
                    tuple(part for part in (facts, f"Chart {person.chart_number}") if part),
                    person.name.listed,
                    person.chart_number,
                )
            labels.append(label)
            if cut_off(stock, label):
                warnings.append(f"Not all of the label for {person.name.spoken} fits.")
        pdf = labels_pdf(
            stock, labels, start_at=setup.start_at, title=KINDS[setup.kind][0], mark=self.mark()
        )
        warnings += unprintable_in([line for label in labels for line in label.lines], [])
        only = ids[0] if len(ids) == 1 else None
        return Sheet(pdf, KINDS[setup.kind][0], setup.kind, tuple(warnings), only)

    def cards(self, setup: SetUp, subject: Subject) -> Sheet:
        from medsec_desktop.documents.cards import cards_pdf, slips_pdf

        ids = self._whom(setup, subject)
        found = {one: self._card(one, setup, subject) for one in ids}
        cards = [card for card in found.values() if card is not None]
        if not cards:
            raise Invalid(
                "There is no coming visit to print.",
                remedy="Book a visit first, or choose a day that has some.",
            )
        if setup.kind == "card":
            stock = self._stocks.named(setup.stock or self._stocks.all("cards")[0].key)
            pdf = cards_pdf(stock, cards, start_at=setup.start_at, mark=self.mark())
        else:
            pdf = slips_pdf(cards, paper=self._practice.profile().paper, mark=self.mark())
        warnings = unprintable_in([card.patient for card in cards], [])
        left_out = [one for one, card in found.items() if card is None]
        if left_out:
            people = self.people(left_out)
            names = ", ".join(people[one].name.spoken for one in left_out[:5])
            more = f" and {len(left_out) - 5} more" if len(left_out) > 5 else ""
            warnings = (f"No visit is booked for {names}{more}.", *warnings)
        if not self._practice.profile().phone:
            warnings = ("The practice has no phone number in Settings.", *warnings)
        only = ids[0] if len(ids) == 1 else None
        return Sheet(pdf, KINDS[setup.kind][0], setup.kind, warnings, only, len(cards))

    def _card(self, patient_id: int, setup: SetUp, subject: Subject) -> Card | None:
        from medsec_desktop.documents.cards import Card

        person = self.people([patient_id])[patient_id]
        language = language_for(person.language)
        visits = self._coming(patient_id, language)
        if setup.kind == "card" and subject.appointment_id is not None:
            visits = [one for one in visits if one[0] == subject.appointment_id] or visits[:1]
        if not visits:
            return None
        profile = self._practice.profile()
        return Card(
            person.name.spoken,
            tuple(visit for _, visit in visits),
            profile.name,
            tuple(profile.address_lines),
            profile.phone,
            language,
            LANGUAGES[language].tag,
        )

    def _coming(self, patient_id: int, language: str) -> list[tuple[int, CardVisit]]:
        from medsec_desktop.documents.cards import CardVisit

        formats = self._practice.formats
        found = []
        for row in self._db.rows(
            "SELECT a.id, a.starts_at, v.given_name, v.family_name, v.credential,"
            " coalesce(t.name, ''), coalesce(t.preparation, '') FROM appointment a"
            " JOIN provider v ON v.id = a.provider_id"
            " LEFT JOIN appointment_type t ON t.id = a.type_id"
            " WHERE a.patient_id = ? AND a.starts_at >= ?"
            " AND a.status IN ('scheduled', 'confirmed') ORDER BY a.starts_at, a.id LIMIT 60",
            (patient_id, self._session.clock.now().strftime("%Y-%m-%dT%H:%M")),
        ):
            at = datetime.fromisoformat(row[1])
            visit = CardVisit(
                written_date(at.date(), language, formats, weekday=True),
                written_time(at, language, formats),
                provider_named(*row[2:5]),
                row[5],
                row[6],
            )
            found.append((int(row[0]), visit))
        return found

    def _whom(self, setup: SetUp, subject: Subject) -> list[int]:
        """Her whose visit it is, or those named, or everybody who comes that day, in order of time."""
        if subject.appointment_id is not None:
            patient_id = self._db.value(
                "SELECT patient_id FROM appointment WHERE id = ?", (subject.appointment_id,)
            )
            if patient_id is None:
                raise Conflict("This visit is no longer there.", "Its booking was undone.")
            return [int(patient_id)]
        if subject.patient_ids:
            return list(dict.fromkeys(subject.patient_ids))
        visits = self._views.grid([subject.day], keys_of(setup)).visits
        ids = list(
            dict.fromkeys(visit.patient_id for visit in visits if visit.status not in MISSED)
        )
        if not ids:
            raise Invalid(
                "Nobody is booked on this day.", remedy="Choose another day, or other columns."
            )
        return ids
