"""The short lists of a claim and of its services: attachments, conditions, who else had part in a service."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from medsec_desktop.domain.claims import words
from medsec_desktop.domain.claims.claim import (
    Address,
    Attachment,
    Claim,
    Condition,
    Party,
)
from medsec_desktop.ui.claims.part import a_line, chosen
from medsec_desktop.ui.claims.part_rows import PartRow, PartRows
from medsec_desktop.ui.patients.forms import choice
from medsec_desktop.ui.widgets import Choice

_WHERE = ("line1", "line2", "city", "state", "postal_code")
_WITH_ADDRESS = ("DK", "77")


class AttachmentRow(PartRow):
    """What it is, how it comes, and the number on it."""

    noun = "attachment"

    def build(self) -> None:
        self.place("kind", "Kind of report", a_line(2, "Two letters, such as OZ"), (0, 0, 2))
        self.place("how", "Comes by", choice({"": "", **words.ATTACHED_BY}), (0, 2, 2))
        self.place("control", "Number on it", a_line(50), (0, 4, 2))

    def fill(self, value: Attachment | None, claim: Claim) -> None:
        one = value or Attachment("", "")
        self.put({"kind": one.kind, "how": one.how, "control": one.control})

    def taken(self) -> Attachment | None:
        new = Attachment(
            self.text("kind").strip().upper(), chosen(self, "how"), self.text("control").strip()
        )
        return None if new == Attachment("", "") else new


class Attachments(PartRows):
    """What comes beside the claim; a row in which nothing stands is none."""

    noun, path, add_text, at_most = "attachment", "attachments", "Add an attachment", 10

    def make(self) -> PartRow:
        return AttachmentRow(self._desk)

    def values(self, claim: Claim) -> Sequence[Attachment]:
        return claim.attachments

    def with_values(self, claim: Claim, values: tuple[Any, ...]) -> Claim:
        return replace(claim, attachments=values)


class ConditionRow(PartRow):
    """A category, whether it applies, and the codes it may have, which are named below them."""

    noun = "condition"
    kinds: Mapping[str, str] = words.CONDITIONS

    def build(self) -> None:
        self.place("category", "About", choice(self.kinds), (0, 0, 3))
        self.place("applies", "Applies", choice(words.YES_NO), (0, 3, 1))
        self.place("codes", "Codes", a_line(20), (0, 4, 2), " ")
        category = self.fields["category"]
        assert isinstance(category, Choice)
        category.currentIndexChanged.connect(lambda _: self._offer())
        self._offer()

    def _offer(self) -> None:
        known = words.CONDITION_CODES.get(chosen(self, "category"), ())
        self.labelled["codes"].hint(f"Of {', '.join(known)}" if known else "")

    def fill(self, value: Condition | None, claim: Claim) -> None:
        one = value or Condition(next(iter(self.kinds)), True)
        self.put(
            {
                "category": one.category,
                "applies": "Y" if one.applies else "N",
                "codes": " ".join(one.codes),
            }
        )

    def taken(self) -> Condition:
        codes = tuple(re.findall(r"[0-9A-Z]+", self.text("codes").upper()))
        return Condition(chosen(self, "category"), chosen(self, "applies") != "N", codes)

    def widget_at(self, inside: str) -> QWidget:
        return self.fields["codes"] if inside.startswith("codes") else super().widget_at(inside)


class Conditions(PartRows):
    """What is certified about the patient for the whole claim."""

    noun, path, add_text = "condition", "conditions", "Add a condition"

    def make(self) -> PartRow:
        return ConditionRow(self._desk)

    def values(self, claim: Claim) -> Sequence[Condition]:
        return claim.conditions

    def with_values(self, claim: Claim, values: tuple[Any, ...]) -> Claim:
        return replace(claim, conditions=values)


class LineConditionRow(ConditionRow):
    """A condition of one service, which has categories of its own."""

    kinds = words.LINE_CONDITIONS


class LineProviderRow(PartRow):
    """Who had part in a service, in another way than the claim says; an address where one is told."""

    noun = "provider"

    def build(self) -> None:
        self.place("role", "Who", choice(words.LINE_ROLES), (0, 0, 2))
        self.place("family", "Last or practice name", a_line(60), (0, 2, 2))
        self.place("given", "First name", a_line(35), (0, 4, 2))
        self.place("id", "NPI", a_line(10), (1, 0, 2))
        self.place("line1", "Street", a_line(55), (1, 2, 3))
        self.place("line2", "Suite", a_line(55), (1, 5, 1))
        self.place("city", "City", a_line(30), (2, 0, 3))
        self.place("state", "State", a_line(2), (2, 3, 1))
        self.place("postal_code", "ZIP", a_line(10), (2, 4, 2))
        role = self.fields["role"]
        assert isinstance(role, Choice)
        role.currentIndexChanged.connect(lambda _: self._show_address())
        self._show_address()

    def _show_address(self) -> None:
        role = chosen(self, "role")
        for name in _WHERE:
            self.labelled[name].setVisible(role in _WITH_ADDRESS)

    def fill(self, value: tuple[str, Party] | None, claim: Claim) -> None:
        role, party = value or (next(iter(words.LINE_ROLES)), Party())
        where = party.address or Address()
        self.put(
            {
                "role": role,
                "family": party.family,
                "given": party.given,
                "id": party.id,
                **{name: getattr(where, name) for name in _WHERE},
            }
        )
        self._show_address()

    def taken(self) -> tuple[str, Party] | None:
        role, family = chosen(self, "role"), self.text("family").strip()
        given, npi = self.text("given").strip(), re.sub(r"\D", "", self.text("id"))
        if not (family or given or npi):
            return None
        old_role, old = self.value or ("", Party(is_person=role != "77", id_kind="XX"))
        if role != old_role and role == "77":
            old = replace(old, is_person=False)
        return role, replace(
            old, family=family, given=given, id=npi, address=self._address(role, old.address)
        )

    def _address(self, role: str, old: Address | None) -> Address | None:
        if role not in _WITH_ADDRESS:
            return old
        typed = {name: self.text(name).strip() for name in _WHERE}
        typed["state"] = typed["state"].upper()
        typed["postal_code"] = re.sub(r"[\s-]", "", typed["postal_code"])
        new = replace(old or Address(), **typed)
        return None if new == Address() else new


class _OfALine(PartRows):
    """A list of one service; `show_values` fills it, `taken_values` reads it."""

    def values(self, claim: Claim) -> Sequence[Any]:
        return self.own

    own: Sequence[Any] = ()
    says_none = False

    def show_now(self, values: Sequence[Any], claim: Claim, *, is_read_only: bool) -> None:
        self.own = values
        for _ in self.show_values(values, claim, is_read_only=is_read_only):
            pass


class LineProviders(_OfALine):
    """Who had part in one service, beside those the claim names."""

    noun, path, add_text = "provider", "providers", "Add who ordered or gave it"

    def make(self) -> PartRow:
        return LineProviderRow(self._desk)


class LineConditions(_OfALine):
    """What is certified about the patient for one service."""

    noun, path, add_text = "condition", "conditions", "Add a condition"

    def make(self) -> PartRow:
        return LineConditionRow(self._desk)
