"""The closed list of merge fields as the editor offers it: groups, short names, meanings, examples."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from medsec_desktop.domain.writing.document import Question
from medsec_desktop.domain.writing.fields import ASKED, FIELD_GROUPS, FieldGroup


@dataclass(frozen=True, slots=True)
class FieldInfo:
    """A field one can put in: the group it stands in, what it means, and what it will look like."""

    name: str
    group: str
    meaning: str
    example: str = ""

    @property
    def label(self) -> str:
        """The words on the chip: appointment.former_date is “appointment former date”."""
        return self.name.replace(".", " ").replace("_", " ")


ASKED_GROUP = "Answers to questions"


class FieldList:
    """Every field of a template: the program's own, and the answers to its questions."""

    def __init__(self, groups: Iterable[FieldGroup] = FIELD_GROUPS):
        self._own = tuple(
            FieldInfo(field.name, group.title, field.meaning, field.example)
            for group in groups
            for field in group.fields
        )
        self._by_name = {info.name: info for info in self._own}
        self._asked: tuple[FieldInfo, ...] = ()

    def set_questions(self, questions: Iterable[Question]) -> None:
        self._asked = tuple(
            FieldInfo(f"{ASKED}{question.key}", ASKED_GROUP, question.prompt, question.answer)
            for question in questions
        )

    def all(self) -> tuple[FieldInfo, ...]:
        return (*self._asked, *self._own)

    def named(self, name: str) -> FieldInfo | None:
        return self._by_name.get(name) or next(
            (one for one in self._asked if one.name == name), None
        )

    def label(self, name: str) -> str:
        """The words of a chip; a field nobody knows shows its name, so that it is noticed."""
        known = self.named(name)
        if known is None:
            return f"{name}?"
        if name.startswith(ASKED):
            return known.meaning.rstrip("?:") or known.label
        return known.label

    def spoken(self, name: str) -> str:
        """What a screen reader says of a chip."""
        known = self.named(name)
        if known is None:
            return f"Unknown field {name}"
        example = f", for example {known.example}" if known.example else ""
        return f"Field: {known.meaning}{example}"

    def found(self, typed: str) -> tuple[FieldInfo, ...]:
        """The fields that have every word typed in their name, group or meaning; best first."""
        words = typed.casefold().replace(".", " ").replace("_", " ").split()

        def rank(info: FieldInfo) -> tuple[int, int] | None:
            name = info.label.casefold()
            whole = f"{name} {info.group} {info.meaning}".casefold()
            if not all(word in whole for word in words):
                return None
            in_name = sum(word in name for word in words)
            starts = sum(any(part.startswith(word) for part in name.split()) for word in words)
            return (-in_name, -starts)

        ranked = [(rank(info), place, info) for place, info in enumerate(self.all())]
        return tuple(
            info
            for _, _, info in sorted(
                (one for one in ranked if one[0] is not None),
                key=lambda one: (one[0] or (0, 0), one[1]),
            )
        )
