"""What a visit is charged, being put down: diagnoses A to L, services, and the codes to choose from."""

from __future__ import annotations

from dataclasses import asdict, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medsec_desktop.domain.claims import charges as rules
from medsec_desktop.domain.claims.charges import ChargeLine, DrugGiven
from medsec_desktop.domain.claims.places import PLACES
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Invalid
from medsec_desktop.services.claims.charge_records import (
    DIAGNOSIS,
    PROCEDURE,
    ChargeDetail,
    ChargeDraft,
    CodeHit,
    LastCharges,
)
from medsec_desktop.ui.claims.charges.code_finder import (
    CodeFinder,
    ModifierHit,
)
from medsec_desktop.ui.claims.charges.diagnosis_list import DiagnosisList
from medsec_desktop.ui.claims.charges.line_row import ServiceLine
from medsec_desktop.ui.claims.charges.service_list import ServiceList
from medsec_desktop.ui.widgets import (
    Choice,
    Field,
    PlainButton,
    Text,
)

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_MOST_STEPS = 100
SELF_PAY = "self"
_HINT = "Enter puts down what is selected."
_NONE = "Nothing fits. Type less, or the five characters of a procedure."


class ChargeForm(QWidget):
    """The editor of one visit's charges; it can be parked and resumed. Ctrl+Z takes back its last step."""

    draft_kind = "charges"
    changed = Signal()

    def __init__(self, desk: Desk):
        super().__init__()
        self._desk = desk
        self.detail: ChargeDetail | None = None
        self.diagnoses: list[str] = []
        self._past: list[tuple[list[str], list[ChargeLine]]] = []
        self._now: tuple[list[str], list[ChargeLine]] | None = None
        self._begun: ChargeDraft | None = None
        self._words: dict[str, str] = {}
        self.finder = CodeFinder(desk)
        self.finder.chosen.connect(self.take)
        self.provider = Choice()
        self.place = Choice([(code, f"{code} {words}") for code, words in PLACES.items()])
        self.coverage = Choice()
        self.provider.activated.connect(lambda _: self._provider_chosen())
        self.place.activated.connect(lambda _: self.changed.emit())
        self.coverage.activated.connect(lambda _: self._payer_chosen())
        self.why = DiagnosisList(desk.theme)
        self.why.moved.connect(self._move_diagnosis)
        self.why.removed.connect(self._remove_diagnosis)
        self.services = ServiceList(
            desk, self.finder, lambda: len(self.diagnoses), self._providers, self._priced
        )
        self.services.changed.connect(self._note)
        self.services.changed.connect(self.changed)
        self.services.removed.connect(self._remove)
        self.total = self.services.total
        self._lay_out()

    # -- what is shown ------------------------------------------------------------------------

    def show_detail(self, detail: ChargeDetail) -> None:
        """Begin with a visit's charges as they are kept."""
        self.detail = detail
        self._past.clear()
        self._now = None
        self.services.begin()
        office = self._desk.office
        self.provider.set_pairs(self._providers())
        if self.provider.findData(detail.draft.provider_id) < 0:
            self.provider.addItem(detail.visit.provider_name, detail.draft.provider_id)
        self.provider.set_value(detail.draft.provider_id)
        self.coverage.set_pairs(
            [*detail.coverages, (SELF_PAY, "The patient pays, no insurance is billed")]
        )
        again = "; repeat the last visit with Alt+R" if detail.last is not None else ""
        self.nothing.setText(
            f"Nothing yet. Type a code or words at the right and press Enter{again}."
        )
        self._put(detail.draft)
        self._begun = self.draft()
        self.finder.about(
            detail.draft.provider_id,
            detail.visit.starts_at.date(),
            detail.last,
            detail.earlier,
            lambda: PROCEDURE if self.diagnoses else DIAGNOSIS,
            lambda: not self.diagnoses and not self.rows,
        )
        self.setEnabled(not detail.is_on_claim and office.session.may(Permission.EDIT_CHARGES))

    def begin(self) -> None:
        """Put the cursor where the next code is typed."""
        self.finder.begin()

    @property
    def rows(self) -> list[ServiceLine]:
        """The services on the screen."""
        return self.services.rows

    @property
    def lines(self) -> list[ChargeLine]:
        """The services as they are now."""
        return self.services.lines

    @property
    def is_changed(self) -> bool:
        """Whether something differs from what is kept."""
        return self.detail is not None and self.draft() != self._begun

    @property
    def payer_id(self) -> int | None:
        """Whose fees hold: the payer of the coverage chosen."""
        if self.detail is None or self.coverage.value() == SELF_PAY:
            return None
        number = self.coverage.value()
        return self._desk.office.charges.payer_of(int(number)) if number else None  # type: ignore[call-overload]

    def draft(self) -> ChargeDraft:
        """What is put down so far."""
        assert self.detail is not None
        chosen = self.coverage.value()
        return replace(
            self.detail.draft,
            provider_id=int(self.provider.value() or 0),  # type: ignore[call-overload]
            place=str(self.place.value()),
            diagnoses=tuple(self.diagnoses),
            lines=tuple(self.lines),
            coverage_id=self._kept_coverage(chosen),
            is_self_pay=chosen == SELF_PAY,
        )

    # -- putting down -------------------------------------------------------------------------

    def take(self, chosen: CodeHit | LastCharges | ModifierHit) -> None:
        """Put down what was chosen: a diagnosis, a service, everything as the last time, a modifier."""
        if isinstance(chosen, ModifierHit):
            self.services.put_modifier(chosen.code)
            return
        if isinstance(chosen, LastCharges):
            self.repeat_last()
        elif chosen.kind == DIAGNOSIS:
            self._take_diagnosis(chosen)
        else:
            self._take_service(chosen)
        self.finder.begin()

    def repeat_last(self) -> None:
        """Put down what was charged the last time, at today's fees; what is there already stays."""
        last = self.detail.last if self.detail is not None else None
        if last is None:
            self._desk.messages.not_now("No earlier visit was charged.")
            return
        codes, lines = list(self.diagnoses), self.lines
        place = {}
        for number, code in enumerate(last.diagnoses, start=1):
            if code not in codes and len(codes) < rules.MOST_DIAGNOSES:
                codes.append(code)
            if code in codes:
                place[number] = codes.index(code) + 1
        for line in last.lines:
            pointers = tuple(place[one] for one in line.pointers if one in place)
            lines.append(self._priced(replace(line, id=0, pointers=pointers)))
        self._show(codes, lines)

    def _take_diagnosis(self, hit: CodeHit) -> None:
        if hit.code in self.diagnoses:
            letter = rules.LETTERS[self.diagnoses.index(hit.code)]
            self._desk.messages.not_now(f"{hit.written} is there already, as {letter}.")
            return
        if len(self.diagnoses) == rules.MOST_DIAGNOSES:
            self._desk.messages.not_now("A claim holds twelve diagnoses, A to L.")
            return
        before = rules.usual_pointers(len(self.diagnoses))
        self._words[hit.code] = hit.words
        codes = [*self.diagnoses, hit.code]
        after = rules.usual_pointers(len(codes))
        # A line that points to all of them goes on doing so.
        self._show(
            codes,
            [
                replace(line, pointers=after) if line.pointers == before else line
                for line in self.lines
            ],
        )

    def _take_service(self, hit: CodeHit) -> None:
        assert self.detail is not None
        line = self._desk.office.charges.line_for(
            hit,
            self.payer_id,
            self.detail.visit.starts_at.date(),
            rules.usual_pointers(len(self.diagnoses)),
        )
        self._show(self.diagnoses, [*self.lines, line])

    def _move_diagnosis(self, at: int, to: int) -> None:
        """Lines go on pointing to what they pointed to."""
        self._show(*rules.moved(self.diagnoses, self.lines, at, to))

    def _remove_diagnosis(self, at: int) -> None:
        self._show(*rules.without(self.diagnoses, self.lines, at))

    def undo(self) -> None:
        """Take back the last thing put down, changed, taken out or moved here."""
        if self._past:
            self._now = self._past.pop()
            self._show(*self._now)
        else:
            self._desk.messages.not_now("Nothing was put down here yet that could be taken back.")

    def commit(self) -> bool:
        """Take in what stands in every cell; whether all of it is sound."""
        return self.services.commit()

    def complain(self, problem: Invalid) -> bool:
        """Show a refusal where it belongs; False where it has no place here."""
        name, _, cell = problem.field.partition("].")
        if name.startswith("lines["):
            at = int(name.removeprefix("lines["))
            sentence = " ".join(
                part for part in (problem.what, problem.why, problem.remedy) if part
            )
            self.rows[at].complain(cell, sentence)
            return True
        if problem.field.startswith("diagnoses["):
            at = int(problem.field.removeprefix("diagnoses[").removesuffix("]"))
            self.why.select(at)
        return False

    # -- drafts -------------------------------------------------------------------------------

    def draft_title(self) -> str:
        name = self.detail.visit.patient_name if self.detail is not None else ""
        return f"Charges of {name}" if name else "Charges"

    def draft_patient_id(self) -> int | None:
        return self.detail.visit.patient_id if self.detail is not None else None

    def draft_state(self) -> dict[str, Any] | None:
        if self.detail is None or not self.is_changed or not self.isEnabled():
            return None
        return asdict(self.draft())

    def restore_state(self, state: dict[str, Any]) -> None:
        """Go on with what was put down when it was parked."""
        lines = tuple(_line_of(one) for one in state["lines"])
        self._put(ChargeDraft(**{**state, "diagnoses": tuple(state["diagnoses"]), "lines": lines}))

    # -- inside -------------------------------------------------------------------------------

    def _put(self, draft: ChargeDraft) -> None:
        self.provider.set_value(draft.provider_id)
        self.place.put(draft.place)
        first = self.detail.visit.coverage_id if self.detail is not None else None
        self.coverage.set_value(
            SELF_PAY if draft.is_self_pay or not (draft.coverage_id or first)
            else draft.coverage_id or first
        )  # fmt: skip
        self._show(list(draft.diagnoses), list(draft.lines))

    def _kept_coverage(self, chosen: object) -> int | None:
        """The coverage where it is not the first that holds, which needs no saying."""
        assert self.detail is not None
        if chosen == SELF_PAY or not chosen:
            return None
        kept = self.detail.draft.coverage_id
        number = int(chosen)  # type: ignore[call-overload]
        return number if number != self.detail.visit.coverage_id or kept == number else None

    def _note(self) -> None:
        """Remember what stood here before, where something is different now."""
        now = (list(self.diagnoses), self.lines)
        if self._now is not None and now != self._now:
            self._past.append(self._now)
            del self._past[:-_MOST_STEPS]
        self._now = now

    def _show(self, codes: list[str], lines: list[ChargeLine]) -> None:
        self.diagnoses = list(codes)
        self.why.show_codes(codes, self._words_of)
        self.nothing.setVisible(not lines)
        self.services.show_lines(lines)
        self._note()
        self._order_tabs()
        self.changed.emit()

    def _remove(self, row: ServiceLine) -> None:
        self._show(self.diagnoses, [one.line for one in self.rows if one is not row])
        self.finder.line.setFocus()

    def _priced(self, line: ChargeLine) -> ChargeLine:
        assert self.detail is not None
        day = self.detail.visit.starts_at.date()
        return self._desk.office.charges.priced(line, self.payer_id, day)

    def _payer_chosen(self) -> None:
        """Another payer, other fees."""
        self._show(self.diagnoses, [self._priced(line) for line in self.lines])

    def _provider_chosen(self) -> None:
        """Another provider, other favourites."""
        if self.detail is not None:
            self.finder.about(
                int(self.provider.value() or 0),  # type: ignore[call-overload]
                self.detail.visit.starts_at.date(),
                self.detail.last,
                self.detail.earlier,
            )
        self.changed.emit()

    def _providers(self) -> list[tuple[object, str]]:
        return [(row.id, row.name) for row in self._desk.office.practice.providers(True)]

    def _words_of(self, code: str) -> str:
        if code not in self._words:
            day = self._desk.office.clock.today()
            self._words[code] = self._desk.office.code_search.hit(DIAGNOSIS, code, "", day).words
        return self._words[code]

    def _order_tabs(self) -> None:
        order: list[QWidget] = [self.finder.line, self.finder.list, self.why.list]
        for row in self.rows:
            order += [*row.cells.values(), row.more_button, row.remove_button]
        order += [self.provider, self.place, self.coverage]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _lay_out(self) -> None:
        self.nothing = Text("", "muted", wrap=True)
        about = QHBoxLayout()
        about.setSpacing(12)
        for label, editor, share in (
            ("Provider", self.provider, 3), ("Place of service", self.place, 3),
            ("Billed to", self.coverage, 4),
        ):  # fmt: skip
            about.addWidget(Field(label, editor), share, Qt.AlignmentFlag.AlignTop)
        services = QHBoxLayout()
        services.addWidget(Text("Services", "heading"), 1)
        services.addWidget(self.total)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addLayout(about)
        left.addSpacing(8)
        left.addWidget(self.why)
        left.addSpacing(8)
        left.addLayout(services)
        left.addWidget(self.nothing)
        left.addWidget(self.services, 1)
        self.favourite = PlainButton("&Favorite", self.turn_favourite, kind="quiet",
                                     tip="Make the code selected a favorite, or no longer")  # fmt: skip
        foot = QHBoxLayout()
        self.hint = Text(_HINT, "small", wrap=True)
        self.finder.looked.connect(self._say_hint)
        foot.addWidget(self.hint, 1)
        foot.addWidget(self.favourite)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.finder, 1)
        right.addLayout(foot)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 16, 24, 16)
        row.setSpacing(24)
        row.addLayout(left, 3)
        row.addLayout(right, 2)

    def _say_hint(self, fits: bool) -> None:
        """What Enter does, after a list of diagnoses that is out of date for the visit."""
        stale = self._desk.office.code_search.out_of_date(self.finder.day)
        self.hint.setText(" ".join(part for part in (stale, _HINT if fits else _NONE) if part))

    def turn_favourite(self) -> None:
        """Make the code selected in the list a favourite of the provider, or no longer one."""
        hit, favourites = self.finder.current, self._desk.office.favourites
        if hit is None:
            self._desk.messages.not_now("Select a code in the list first.")
            return
        number = int(self.provider.value() or 0)  # type: ignore[call-overload]
        there = next(
            (
                row
                for row in favourites.of(number, hit.kind)
                if (row.code, row.modifiers) == (hit.code, hit.modifiers)
            ),
            None,
        )
        if there is None:
            favourites.add(number, hit.kind, hit.code, hit.modifiers)
            self._desk.messages.say(f"{hit.written} is a favorite.", undo=True)
        else:
            favourites.remove(there.id)
            self._desk.messages.say(f"{hit.written} is no favorite any more.", undo=True)
        self.finder.again()
        QTimer.singleShot(0, self, self.finder.line.setFocus)


def _line_of(state: dict[str, Any]) -> ChargeLine:
    drug = state.get("drug")
    return ChargeLine(
        **{
            **state,
            "modifiers": tuple(state["modifiers"]),
            "pointers": tuple(state["pointers"]),
            "drug": DrugGiven(**drug) if drug else None,
        }
    )
