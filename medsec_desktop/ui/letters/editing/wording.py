"""What conditions, fields and blocks are called in words, on the paper and to who hears it read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtGui import QTextCursor

from medsec_desktop.domain.writing.document import Check, Condition
from medsec_desktop.domain.writing.fields import INSERTS, subject_named
from medsec_desktop.ui.letters.editing import marks
from medsec_desktop.ui.letters.editing.marks import Prop, Thing

if TYPE_CHECKING:
    from medsec_desktop.ui.letters.editing.fields import FieldList

YES_NO = (("yes", "yes"), ("no", "no"))

HOW_WORDS = {
    "is": "is",
    "is-not": "is not",
    "at-least": "is at least",
    "below": "is below",
    "is-filled": "is filled in",
    "is-empty": "is empty",
}


def insert_words(kind: str) -> str:
    """What a block that the program fills in is called on the paper."""
    return INSERTS.get(kind, kind)


def condition_words(condition: Condition, fields: FieldList) -> str:
    """When something is printed, in a sentence: “Only if her age in years is at least 18”."""
    if len(condition.checks) == 1 and _is_no(condition.checks[0]):
        return f"Unless {_check_words(replace(condition.checks[0], how='is', value='yes'), fields)}"
    between = " and " if condition.needs == "all" else " or "
    checks = between.join(_check_words(check, fields) for check in condition.checks)
    return f"Only if {checks}" if checks else "Only if …"


def _is_no(check: Check) -> bool:
    """Whether it asks that something be not so."""
    subject = subject_named(check.subject)
    is_yes_no = subject is not None and subject.choices == YES_NO
    return is_yes_no and (check.value == "no") == (check.how == "is")


def _check_words(check: Check, fields: FieldList) -> str:
    subject = subject_named(check.subject)
    value = check.value
    if subject is None:
        about = fields.label(check.subject)
    else:
        about = subject.meaning[0].lower() + subject.meaning[1:]
        value = dict(subject.choices).get(value, value)
        if subject.choices == YES_NO and check.how in ("is", "is-not"):
            return f"{about}: no" if _is_no(check) else about
        if subject.kind == "choice" and about.rsplit(" ", 1)[-1] in ("is", "lies", "goes", "to"):
            return f"{about} {'not ' if check.how == 'is-not' else ''}{value}"
    return " ".join(part for part in (about, HOW_WORDS[check.how], value) if part)


def words_at(cursor: QTextCursor, fields: FieldList) -> str:
    """What the object right before or in a selection of one is, in words; '' for words."""
    form = cursor.charFormat()
    if cursor.atBlockStart() and marks.block_thing(cursor.block()) is not None:
        form = marks.thing_format(cursor.block())
    thing = marks.thing_of(form)
    if thing is Thing.FIELD:
        return fields.spoken(marks.field_of(form))
    if thing is Thing.PICTURE:
        words = marks.picture_of(form)[2]
        return f"Picture: {words}" if words else "Picture without words"
    if thing is Thing.PAGE_BREAK:
        return "Page break"
    if thing is Thing.INSERT:
        return insert_words(str(form.property(Prop.INSERT)))
    return ""
