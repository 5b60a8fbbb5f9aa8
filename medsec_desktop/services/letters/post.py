"""What the post and the chart room need on paper: labels and envelopes, for one patient or a whole list.

Everybody who has addresses gets labels and envelopes to match from here; what does not fit, has no
address or cannot be printed is told before anything goes to the printer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from medsec_desktop.domain.people import PatientStatus
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.stocks import LabelStock
from medsec_desktop.problems import Invalid
from medsec_desktop.services.calendar.sheets import Subject
from medsec_desktop.services.letters.contents import Contents
from medsec_desktop.services.patients.reached import PREFERENCE
from medsec_desktop.services.practice import Practice, settings
from medsec_desktop.services.printing import AS_REMEMBERED, Printing, Way

if TYPE_CHECKING:
    from medsec_desktop.documents.labels import Label
    from medsec_desktop.services.calendar.sheets import Sheets
    from medsec_desktop.services.patients import PatientHit, Patients
    from medsec_desktop.services.session import Session
    from medsec_desktop.services.stocks import Stocks

_SEXES = {"F": "Female", "M": "Male"}
_NAMED_AT_ONCE = 5
_MOST_EACH = 200


class PostKind(StrEnum):
    """What is printed, by what it is for."""

    ADDRESS = "address"
    ENVELOPE = "envelope"
    RETURN = "return"
    CHART = "chart"
    SPECIMEN = "specimen"
    WRISTBAND = "wristband"
    CARD = "card"


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a kind is called, the stock it is on, and the paper whose printer it goes to."""

    name: str
    stock: str
    paper: str = "labels"
    has_code: bool = False


FACTS = {
    PostKind.ADDRESS: _Facts("Address labels", "labels"),
    PostKind.ENVELOPE: _Facts("Envelopes", "envelope", "envelopes"),
    PostKind.RETURN: _Facts("Return address labels", "labels"),
    PostKind.CHART: _Facts("Chart labels", "labels", has_code=True),
    PostKind.SPECIMEN: _Facts("Specimen labels", "labels", has_code=True),
    PostKind.WRISTBAND: _Facts("Wristbands", "wristband", has_code=True),
    PostKind.CARD: _Facts("Appointment cards", "cards", "cards"),
}
_USUAL_STOCK = {PostKind.SPECIMEN: "30336"}
CODES = {"": "None", "code128": "Bars (Code 128)", "qr": "Square (QR)"}


@dataclass(frozen=True, slots=True)
class PostSetUp:
    """How one kind is printed: `stock` by its key, the first label, how many of each, and the code.

    `with_sender` puts the practice's address on envelopes; `is_proof` draws the outlines of the stock.
    """

    kind: PostKind = PostKind.ADDRESS
    stock: str = ""
    start_at: int = 1
    each: int = 1
    code: str = ""
    with_sender: bool = True
    is_proof: bool = False


@dataclass(frozen=True, slots=True)
class Addressee:
    """To whom something goes: name and address as printed, a line each; whose file it is, if any's."""

    lines: tuple[str, ...]
    patient_id: int | None = None

    @property
    def name(self) -> str:
        """As a sentence names her."""
        return self.lines[0] if self.lines else "somebody without a name"


@dataclass(frozen=True, slots=True)
class PostSheet:
    """Finished pages, what they are called (nobody's name), and sentences on what is not well on them."""

    pdf: bytes
    title: str
    paper: str  # the kind whose printer they go to
    count: int
    warnings: tuple[str, ...] = ()
    patient_id: int | None = None


class Post:
    """Labels and envelopes of one practice."""

    def __init__(
        self,
        session: Session,
        practice: Practice,
        patients: Patients,
        stocks: Stocks,
        printing: Printing,
        sheets: Callable[[], Sheets],
    ):
        self._session = session
        self._practice = practice
        self._patients = patients
        self._stocks = stocks
        self._sheets = sheets  # asked for appointment cards only
        self.printing = printing

    # -- set-up ---------------------------------------------------------------------------------

    def stocks(self, kind: PostKind) -> tuple[LabelStock, ...]:
        """What a kind may be printed on."""
        return self._stocks.all(FACTS[kind].stock)

    def setup(self, kind: PostKind) -> PostSetUp:
        """The set-up last used here for a kind, or the one that suits most."""
        stocks = {stock.key: stock for stock in self.stocks(kind)}
        usual = _USUAL_STOCK.get(kind, next(iter(stocks)))
        fallback = PostSetUp(kind, usual, code="code128" if kind is PostKind.CHART else "")
        if kind in (PostKind.WRISTBAND, PostKind.SPECIMEN):
            fallback = replace(fallback, code="qr")
        kept = self._session.db.meta(self._setting(kind))
        if not kept:
            return fallback
        known = {field.name for field in fields(PostSetUp)}
        values = {name: value for name, value in json.loads(kept).items() if name in known}
        setup = replace(fallback, **values | {"kind": kind})
        return setup if setup.stock in stocks else replace(setup, stock=usual)

    def remember(self, setup: PostSetUp) -> None:
        """Keep a set-up for the next time, on this workstation; not where to start, nor that it was a proof."""
        kept = asdict(replace(setup, start_at=1, each=1, is_proof=False))
        self._session.db.note_meta(self._setting(setup.kind), json.dumps(kept))

    # -- making ---------------------------------------------------------------------------------

    def for_patients(self, setup: PostSetUp, patient_ids: Sequence[int]) -> PostSheet:
        """The pages for these patients, in this order. Raises Invalid, NotAllowed."""
        self._session.require(Permission.VIEW_PATIENTS, "print labels and envelopes")
        ids = tuple(dict.fromkeys(patient_ids))
        hits = self._patients.hits(ids)
        if setup.kind in (PostKind.ADDRESS, PostKind.ENVELOPE):
            contents = Contents(self._session, self._practice)
            addresses = contents.addresses([hit.id for hit in hits])
            people = [Addressee(lines, hit.id) for lines, hit in zip(addresses, hits, strict=True)]
            made = (
                self.envelopes(people, setup)
                if setup.kind is PostKind.ENVELOPE
                else self.labels(people, setup)
            )
            worries = self._worries(hits)
        elif setup.kind is PostKind.CARD:
            return self._cards(setup, ids)
        elif setup.kind is PostKind.RETURN:
            return self.labels([Addressee(self._sender())], setup)  # about nobody
        else:
            made = self._labelled([self._about(hit, setup) for hit in hits], setup, hits)
            worries = ()
        return replace(
            made,
            warnings=(*worries, *made.warnings),
            patient_id=ids[0] if len(ids) == 1 else None,
        )

    def labels(self, people: Sequence[Addressee], setup: PostSetUp) -> PostSheet:
        """An address label for each, in the order given. Raises Invalid."""
        from medsec_desktop.documents.labels import Label, cut_off

        stock = self._stocks.named(setup.stock)
        labels = [Label(person.lines) for person in people]
        cut = [
            person.name
            for person, label in zip(people, labels, strict=True)
            if cut_off(stock, label)
        ]
        return self._sheet(
            self._labels_pdf(stock, labels, setup),
            setup,
            len(labels) * setup.each,
            (
                *self._without_address(people),
                *_told("Not all of the address fits on the label", cut),
                *self._unprintable(line for person in people for line in person.lines),
            ),
        )

    def envelopes(self, people: Sequence[Addressee], setup: PostSetUp) -> PostSheet:
        """An envelope for each, in the order given. Raises Invalid."""
        from medsec_desktop.documents.envelopes import Envelope, cut_off, envelopes_pdf

        stock = self._stocks.named(setup.stock)
        sender = self._sender() if setup.with_sender else ()
        made = [Envelope(sender, person.lines) for person in people]
        cut = [
            person.name
            for person, envelope in zip(people, made, strict=True)
            if cut_off(stock, envelope)
        ]
        pdf = envelopes_pdf(
            stock,
            [envelope for envelope in made for _ in range(self._each(setup))],
            title=FACTS[setup.kind].name,
            mark=self._mark(),
            outlines=setup.is_proof,
        )
        return self._sheet(
            pdf,
            setup,
            len(made) * setup.each,
            (
                *self._without_address(people),
                *_told("Not all of the address fits on the envelope", cut),
                *self._unprintable(line for person in people for line in person.lines),
            ),
        )

    # -- giving away ----------------------------------------------------------------------------

    def print(self, sheet: PostSheet, way: Way = AS_REMEMBERED) -> str:
        """Hand the pages to the printer and record it; the printer they went to. Raises Unavailable."""
        self._session.require(Permission.VIEW_PATIENTS, "print labels and envelopes")
        went_to = self.printing.print_pdf(
            sheet.pdf, sheet.paper, way, title=sheet.title, patient_id=sheet.patient_id
        )
        self._session.event(f"Printed: {sheet.title} ({sheet.count})", sheet.patient_id)
        return went_to

    def save(self, sheet: PostSheet, path: Path) -> None:
        """Write the pages to a PDF file and record it. Raises Unavailable."""
        self._session.require(Permission.VIEW_PATIENTS, "print labels and envelopes")
        self.printing.save_pdf(sheet.pdf, path, title=sheet.title, patient_id=sheet.patient_id)

    # -- inside ---------------------------------------------------------------------------------

    def _cards(self, setup: PostSetUp, ids: tuple[int, ...]) -> PostSheet:
        """Cards with the coming visits, as the calendar prints them."""
        sheets = self._sheets()
        asked = replace(sheets.setup("card"), stock=setup.stock, start_at=setup.start_at)
        sheet = sheets.make(asked, Subject(self._session.clock.today(), patient_ids=ids))
        made = self._sheet(sheet.pdf, setup, sheet.count, sheet.warnings)
        return replace(made, patient_id=sheet.patient_id)

    def _about(self, hit: PatientHit, setup: PostSetUp) -> Label:
        """What a label says about a patient herself."""
        from medsec_desktop.documents.labels import Label, Symbol

        born = self._practice.formats.birth(hit.birth)
        facts = " · ".join(
            part for part in (f"Born {born}" if born else "", _SEXES.get(str(hit.sex), "")) if part
        )
        lines = [part for part in (facts, f"Chart {hit.chart_number}") if part]
        if setup.kind is PostKind.SPECIMEN:
            today = self._practice.formats.date(self._session.clock.today())
            lines.append(f"{today}  ____:____  by ________")
        return Label(
            tuple(lines),
            hit.name.listed,
            hit.chart_number if setup.code else "",
            Symbol(setup.code) if setup.code else Symbol.BARS,
            largest=16.0 if setup.kind is PostKind.WRISTBAND else 11.0,
        )

    def _labelled(
        self, labels: Sequence[Label], setup: PostSetUp, hits: Sequence[PatientHit]
    ) -> PostSheet:
        from medsec_desktop.documents.labels import code_fits, cut_off

        stock = self._stocks.named(setup.stock)
        pairs = list(zip(hits, labels, strict=True))
        cut = [hit.name.spoken for hit, label in pairs if cut_off(stock, label)]
        unread = [hit.name.spoken for hit, label in pairs if not code_fits(stock, label)]
        texts = (text for label in labels for text in (label.heading, *label.lines))
        return self._sheet(
            self._labels_pdf(stock, labels, setup),
            setup,
            len(labels) * setup.each,
            (
                *_told("Not all of the label fits", cut),
                *_told("There is no room for a code that a scanner can read", unread),
                *self._unprintable(texts),
            ),
        )

    def _labels_pdf(self, stock: LabelStock, labels: Sequence[Label], setup: PostSetUp) -> bytes:
        from medsec_desktop.documents.labels import labels_pdf

        return labels_pdf(
            stock,
            [label for label in labels for _ in range(self._each(setup))],
            start_at=setup.start_at,
            title=FACTS[setup.kind].name,
            mark=self._mark(),
            outlines=setup.is_proof,
        )

    def _each(self, setup: PostSetUp) -> int:
        if not 1 <= setup.each <= _MOST_EACH:
            raise Invalid(f"Print between 1 and {_MOST_EACH} of each.", field="each")
        return setup.each

    def _sheet(
        self, pdf: bytes, setup: PostSetUp, count: int, warnings: tuple[str, ...]
    ) -> PostSheet:
        facts = FACTS[setup.kind]
        return PostSheet(pdf, facts.name, facts.paper, count, warnings)

    def _sender(self) -> tuple[str, ...]:
        profile = self._practice.profile()
        return (profile.name, *profile.address_lines)

    def _without_address(self, people: Sequence[Addressee]) -> tuple[str, ...]:
        return _told(
            "There is no address that is valid today",
            [person.name for person in people if len(person.lines) < 2],
        )

    def _worries(self, hits: Sequence[PatientHit]) -> tuple[str, ...]:
        """What speaks against writing to some of them at all."""
        asked_not = {
            patient_id
            for (patient_id,) in self._session.db.rows(
                "SELECT p.id FROM patient p WHERE p.id IN (SELECT value FROM json_each(?))"
                f" AND {PREFERENCE} = 'none'",
                (json.dumps([hit.id for hit in hits]),),
            )
        }
        died = [hit.name.spoken for hit in hits if hit.status is PatientStatus.DECEASED]
        wishes = [hit.name.spoken for hit in hits if hit.id in asked_not]
        return (*_told("Has died", died), *_told("Asked not to be contacted", wishes))

    def _unprintable(self, texts: Iterable[str]) -> tuple[str, ...]:
        from medsec_desktop.documents.fonts import unprintable

        missing = unprintable(" ".join(texts))
        if not missing:
            return ()
        listed = ", ".join(f"“{character}”" for character in missing[:10])
        return (f"No font here can print {listed}; a box □ is printed.",)

    def _mark(self) -> str:
        return "DEMO" if self._practice.get(settings.IS_DEMO) else ""

    def _setting(self, kind: PostKind) -> str:
        return f"post/{self._session.workstation}/{kind}"


def _told(what: str, names: Sequence[str]) -> tuple[str, ...]:
    """A sentence that names the first few: “Has died: Ada Testperson and 3 more.”"""
    if not names:
        return ()
    shown = list(dict.fromkeys(names))
    more = len(shown) - _NAMED_AT_ONCE
    listed = ", ".join(shown[:_NAMED_AT_ONCE])
    return (f"{what}: {listed} and {more} more." if more > 0 else f"{what}: {listed}.",)
