"""A claim as a form: calm groups of fields over a domain claim, which it never changes itself.

It is made and filled part by part, between the events of the screen: what is in sight first. Who needs a
part before its turn (a key, a click, a message that leads to a field) gets it at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from medsec_desktop.domain.claims.claim import Claim
from medsec_desktop.domain.claims.entered import SELF, relation_of, with_relation
from medsec_desktop.problems import Invalid
from medsec_desktop.ui.claims.diagnoses_editor import DiagnosesEditor
from medsec_desktop.ui.claims.entry import field_of
from medsec_desktop.ui.claims.field_group import FieldGroup
from medsec_desktop.ui.claims.fields import GROUPS, RELATION, Group
from medsec_desktop.ui.claims.fold import Fold
from medsec_desktop.ui.claims.lines_editor import LinesEditor
from medsec_desktop.ui.claims.other_payers import OtherPayers
from medsec_desktop.ui.claims.part import ClaimPart
from medsec_desktop.ui.claims.slices import Slices
from medsec_desktop.ui.claims.small_lists import Attachments, Conditions
from medsec_desktop.ui.patients.forms import sentence
from medsec_desktop.ui.widgets import Choice
from medsec_desktop.ui.widgets.tab_order import tab_as_laid_out, tab_in_steps

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

_SUBSCRIBER = "subscriber"
_OWN = ("party.family", "party.given", "party.middle", "party.suffix", "birth_on", "sex")
_GROUP_OF = {spec.path: group.key for group in GROUPS for spec in group.fields}
# Whose the other fields are depends on the patient, and the answers of others on the services.
_TAKEN = sorted((group.key for group in GROUPS), key=lambda key: key != "patient")
_NEEDS = {"others": "lines", _SUBSCRIBER: "patient"}


class ClaimForm(QWidget):
    """`show_claim` fills it; `claim()` gives the claim as it stands on the screen.

    What no field shows is kept from the claim that was shown.
    """

    changed = Signal()
    added = Signal(QWidget)  # a row of a list, to be seen whole

    def __init__(self, desk: Desk, words_of: Callable[[str], str], parent: QWidget | None = None):
        """`words_of` says of a diagnosis code what it means; '' while that is not known."""
        super().__init__(parent)
        self._desk = desk
        self._words_of = words_of
        self._base: Claim | None = None
        self._first: Claim | None = None  # as it was shown first, before any message was mended
        self._left: dict[str, Iterator[None]] = {}  # the parts that do not show the claim yet
        self._untouched: dict[str, Any] = {}  # what stood in each part at first
        self._typed: dict[str, Any] = {}  # what is to be put back into parts once they are there
        self._complete: set[str] = set()  # the parts that are complete, for whatever claim
        self._ordered: tuple[tuple[str, int], ...] = ()  # for which parts Tab goes down the form
        self._filling = False
        self.is_read_only = False
        self._folds: dict[str, Fold] = {}
        self.parts: dict[str, ClaimPart] = {}
        self.fields = _Fields(self)
        self._slices = Slices(self, _have_their_heights)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._column.addStretch(1)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_went)

    # -- parts ----------------------------------------------------------------------------------

    @property
    def folds(self) -> dict[str, Fold]:
        """The groups under their titles, by their keys."""
        if len(self._folds) < len(GROUPS):
            for _ in self.make_folds():
                pass
        return self._folds

    def make_folds(self) -> Iterator[None]:
        """Make the titles of the groups, one in each step."""
        for at, group in enumerate(GROUPS):
            if group.key not in self._folds:
                fold = Fold(self._desk.theme, group.title, self)
                fold.toggled.connect(lambda is_open, key=group.key: is_open and self.finish(key))
                self._folds[group.key] = fold
                self._column.insertWidget(at, fold)
                yield

    @property
    def diagnoses(self) -> DiagnosesEditor:
        part = self.part("diagnoses")
        assert isinstance(part, DiagnosesEditor)
        return part

    @property
    def lines(self) -> LinesEditor:
        part = self.part("lines")
        assert isinstance(part, LinesEditor)
        return part

    @property
    def others(self) -> OtherPayers:
        part = self.part("others")
        assert isinstance(part, OtherPayers)
        return part

    def part(self, key: str) -> ClaimPart:
        """A part that shows the claim, made and filled now where it was not yet."""
        self.finish(key)
        return self._made(key)

    def finish(self, key: str) -> None:
        """Have a part show the claim now."""
        if key in _NEEDS and _NEEDS[key] in self._left:
            self.finish(_NEEDS[key])
        if key in self._left and not self._filling:
            for _ in self._one(key):
                pass
            tab_as_laid_out(self.folds[key])  # the rest follows when the hands are free
            _have_their_heights()

    def finish_all(self) -> None:
        """Have every part show the claim now."""
        for key in list(self._left):
            self.finish(key)

    @property
    def is_whole(self) -> bool:
        """Whether every part shows the claim, and nothing is left to do."""
        return not self._left and not self._slices.is_running

    def _made(self, key: str) -> ClaimPart:
        if key not in self.parts:
            self.parts[key] = part = self._make(next(one for one in GROUPS if one.key == key))
            part.changed.connect(self._changed)
            part.added.connect(self.added)
            self.folds[key].body.addWidget(part)
            part.show()
        return self.parts[key]

    def _make(self, group: Group) -> ClaimPart:
        desk, fold = self._desk, self.folds[group.key].body_widget
        match group.key:
            case "diagnoses":
                return DiagnosesEditor(desk.theme, self._words_of, fold)
            case "lines":
                return LinesEditor(desk, fold)
            case "others":
                lines = self._made("lines")
                assert isinstance(lines, LinesEditor)
                return OtherPayers(desk, lines, fold)
            case "attachments":
                return Attachments(desk, fold)
            case "conditions":
                return Conditions(desk, fold)
        return FieldGroup(desk, group, fold)

    def _one(self, key: str) -> Iterator[None]:
        """The steps by which one part comes to show the claim; a key pressed between two is kept."""
        steps = self._left[key]
        while key in self._left and self._left[key] is steps:
            was, self._filling = self._filling, True
            try:
                next(steps)
            except StopIteration:
                del self._left[key]
                return
            finally:
                self._filling = was
            yield

    def _steps(self, key: str) -> Iterator[None]:
        first, base, read_only = self._first, self._base, self.is_read_only
        assert first is not None
        assert base is not None
        is_new = key not in self._complete
        part = self._made(key)
        yield
        if key not in self._untouched:
            yield from part.steps(first, is_read_only=read_only)
            self._untouched[key] = part.raw()
            yield
            is_same = base is first
        else:
            is_same = False
        if not is_same:
            yield from part.steps(base, is_read_only=read_only)
        if key in self._typed:
            part.restore(self._typed.pop(key))
        if is_new:
            self._complete.add(key)
            self._wire(key)

    def _wire(self, key: str) -> None:
        """What one part says that another one shows."""
        if key == "patient":
            self._choice(RELATION).currentIndexChanged.connect(lambda _: self._relation_chosen())
        elif key == "facility":
            place = self._choice("place")
            place.currentIndexChanged.connect(lambda _: self.lines.say_place(str(place.value())))

    def _choice(self, path: str) -> Choice:
        widget = self.fields[path]
        assert isinstance(widget, Choice)
        return widget

    def _order_tabs(self) -> Iterator[None]:
        """Tab goes down the form, also where a part was made before the one above it."""
        shape = tuple((key, part.size_of_list) for key, part in self.parts.items())
        if shape != self._ordered:
            yield from tab_in_steps(self)
            self._ordered = shape

    def _focus_went(self, _: QWidget | None, to: QWidget | None) -> None:
        """Keys go into a part: it must not be filled under them."""
        if self._left and to is not None and self.isAncestorOf(to):
            for key, fold in self.folds.items():
                if key in self._left and fold.isAncestorOf(to):
                    self.finish(key)

    # -- showing --------------------------------------------------------------------------------

    def show_claim(self, claim: Claim, *, fold: bool = True) -> None:
        """Show another claim; without `fold`, the same one with something mended in it.

        What is in sight is there at once, the rest a few events later.
        """
        self._base = claim
        # Before anything is folded away: the focus then goes elsewhere, where it fills a part.
        self._left = {group.key: self._steps(group.key) for group in GROUPS}
        if fold:
            self._first = claim
            self._untouched, self._typed = {}, {}
            for group in GROUPS:
                self.folds[group.key].set_open(group.is_open(claim))
        self._show_subscriber()
        self._slices.begin(self._all_steps())

    def _all_steps(self) -> Iterator[None]:
        """All that is left, the parts that are open first."""
        keys = sorted(self._left, key=lambda key: not self._is_seen(key))
        for key in keys:
            if key in _NEEDS and _NEEDS[key] in self._left:
                yield from self._one(_NEEDS[key])
            if key in self._left:
                yield from self._one(key)
        yield from self._order_tabs()

    def _is_seen(self, key: str) -> bool:
        return self.folds[key].is_open and not self._is_away(key)

    def _is_away(self, key: str) -> bool:
        """Whether a group is not for this claim. Qt calls one hidden also until its first event."""
        return key == _SUBSCRIBER and self._relation() == SELF

    def set_read_only(self, is_read_only: bool) -> None:
        """Whether the claim shown next is looked at only, for it has left."""
        self.is_read_only = is_read_only

    def _show_subscriber(self) -> None:
        """The subscriber has a group of her own where she is somebody else."""
        self.folds[_SUBSCRIBER].setVisible(self._relation() != SELF)

    def _relation(self) -> str:
        """The relation chosen, or that of the claim while the choice is not there yet."""
        assert self._base is not None
        if "patient" in self._left:
            return relation_of(self._base)
        return str(self._choice(RELATION).value())

    def _relation_chosen(self) -> None:
        if self._filling or "patient" in self._left:
            return
        was_hidden = self.folds[_SUBSCRIBER].isHidden()
        self._show_subscriber()
        if was_hidden and not self.folds[_SUBSCRIBER].isHidden():
            self.finish(_SUBSCRIBER)
            self.folds[_SUBSCRIBER].set_open(True)
            self._forget_patient()

    def _forget_patient(self) -> None:
        """Where the patient stood as her own subscriber, her name is not the new one’s; they may well
        live together."""
        part = self.part(_SUBSCRIBER)
        assert isinstance(part, FieldGroup)
        for name in _OWN:
            part.form.forget(f"insured.{name}", same_as=self.fields[f"who.{name}"])

    def _changed(self) -> None:
        if not self._filling:
            self.changed.emit()

    # -- reading --------------------------------------------------------------------------------

    def claim(self) -> Claim:
        """The claim as it stands on the screen. Raises Invalid, with the field, for what is no value."""
        assert self._base is not None
        for key in list(self._typed):
            self.finish(key)
        claim = self._base
        for key in _TAKEN:
            if key in self._untouched and key not in self._left:
                claim = self.parts[key].taken(claim)
        return claim

    @property
    def is_touched(self) -> bool:
        """Whether something else stands anywhere than what the claim shown first says."""
        return bool(self.state())

    def state(self) -> dict[str, Any]:
        """What stands in the parts that were typed into, fit for JSON, whether it makes sense or not."""
        typed = {
            key: raw
            for key, before in self._untouched.items()
            if key not in self._left and (raw := self.parts[key].raw()) != before
        }
        return {**typed, **self._typed}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Show what was typed, over the claim shown before; its groups are opened."""
        self._typed = {key: raw for key, raw in state.items() if key in self.folds}
        for key in self._typed:
            self._left.setdefault(key, self._steps(key))
            self.folds[key].set_open(True)
        for key in list(self._typed):
            self.finish(key)
        self._slices.begin(self._all_steps())
        self._show_subscriber()
        self.changed.emit()

    # -- leading to a field ---------------------------------------------------------------------

    def tell(self, fault: Invalid) -> QWidget | None:
        """Say at its field what is wrong with what was typed there; the field."""
        widget = self.go_to(fault.field)
        key, name = self._found(fault.field)
        if key:
            self.part(key).problem(name, sentence(fault))
        return widget

    def go_to(self, place: str) -> QWidget | None:
        """Put the cursor where a place of the claim is typed; its group is opened."""
        widget = self.widget_at(place)
        if widget is not None:
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
            if isinstance(widget, QLineEdit):
                widget.selectAll()
        return widget

    def widget_at(self, place: str) -> QWidget | None:
        """The widget in which a place of the claim is typed, its group opened; None where none is."""
        key, name = self._found(place)
        if not key:
            return None
        part = self.part(key)
        self.folds[key].set_open(True)
        return part.widget_at(name)

    def _found(self, place: str) -> tuple[str, str]:
        """The group in which a place stands, and its name in it; '' where no field shows it."""
        if ".decisions" in place:
            return "others", place
        for key in ("diagnoses", "lines", "others", "attachments", "conditions"):
            if place.startswith(f"{key}[") or place == key:
                return key, place
        assert self._base is not None
        other = field_of(with_relation(self._base, self._relation()), place)
        for name in (place, other):
            if name in _GROUP_OF and not self._is_away(_GROUP_OF[name]):
                return _GROUP_OF[name], name
        near = next((one for one in _GROUP_OF if one.startswith(other.split(".")[0])), "")
        return (_GROUP_OF[near], near) if near else ("", "")


def _have_their_heights() -> None:
    """Lay out what was just made: else it is painted once in the room there was before it."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)


class _Fields(Mapping[str, QWidget]):
    """The plain fields by their names; one that is asked for is made and filled, if it was not yet."""

    def __init__(self, form: ClaimForm):
        self._form = form

    def __getitem__(self, name: str) -> QWidget:
        part = self._form.part(_GROUP_OF[name])
        assert isinstance(part, FieldGroup)
        return part.fields[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_GROUP_OF)

    def __len__(self) -> int:
        return len(_GROUP_OF)
