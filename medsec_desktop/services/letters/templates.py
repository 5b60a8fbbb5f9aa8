"""The templates of a practice: shipped ones, changed copies of them, and its own.

A row of `letter_template` with a shipped key and language stands in that one's place until it is removed,
so that what came with the program is never lost. Who changed what is read from the journal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.letters import LANGUAGES
from medsec_desktop.domain.people import fold
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.writing.checking import checked
from medsec_desktop.domain.writing.differences import Piece, differences, looks_changed
from medsec_desktop.domain.writing.document import Document
from medsec_desktop.domain.writing.storing import document_from, stored
from medsec_desktop.domain.writing.template import TOPICS, Template, Topic
from medsec_desktop.models.letters import LetterTemplate
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.letters.shipped import shipped, shipped_keys
from medsec_desktop.services.practice.time_zone import wall_clock
from medsec_desktop.services.saving import insert_row, save_row

if TYPE_CHECKING:
    from medsec_desktop.services.practice import Practice
    from medsec_desktop.services.session import Session

_COLUMNS = "id, version, key, language, title, about, content, shipped_version, is_active"
_LONGEST_TITLE = 80


class Origin(StrEnum):
    """Where a template comes from."""

    SHIPPED = "shipped"  # as it came with the program
    CHANGED = "changed"  # the practice's copy stands in its place
    OWN = "own"  # the practice's own


@dataclass(frozen=True, slots=True)
class TemplateDetail:
    """A template as the practice has it.

    `id` and `version` are of its row, 0 where it is used as shipped. `newer_version` is the shipped
    version that came after the one this was copied from, None where there is none.
    """

    template: Template
    origin: Origin
    id: int = 0
    version: int = 0
    newer_version: int | None = None
    is_active: bool = True

    @property
    def language_name(self) -> str:
        return LANGUAGES[self.template.language].name


@dataclass(frozen=True, slots=True)
class TemplateChange:
    """One change to a template: when, by whom, what of its words, and what else."""

    at: datetime
    by: str
    label: str
    words: tuple[Piece, ...]
    others: tuple[str, ...]


class Templates:
    """The templates of one practice."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice

    # -- reading -------------------------------------------------------------------------------

    def all(self, *, active_only: bool = True) -> tuple[TemplateDetail, ...]:
        """Every template, by what it is about and its title."""
        rows = self._rows()
        found = [self._as_shipped(*one) for one in shipped_keys() if one not in rows]
        found += rows.values()
        order = list(TOPICS)
        return tuple(
            sorted(
                (one for one in found if one.is_active or not active_only),
                key=lambda one: (
                    order.index(one.template.about),
                    one.template.title.casefold(),
                    one.template.language,
                ),
            )
        )

    def detail(self, key: str, language: str) -> TemplateDetail:
        """One template in just that language. Raises Invalid where there is none."""
        row = self._rows(key).get((key, language))
        if row is not None:
            return row
        if shipped(key, language) is None:
            raise _unknown(key)
        return self._as_shipped(key, language)

    def in_each_language(self, key: str) -> dict[str, Template]:
        """A template by language, also where it is not offered any more. Raises Invalid for none."""
        found = {
            language: template
            for language in LANGUAGES
            if (template := shipped(key, language)) is not None
        }
        for (_, language), row in self._rows(key).items():
            found[language] = row.template
        if not found:
            raise _unknown(key)
        return found

    def fitting(self, key: str, language: str) -> Template:
        """One template, in English, else in any language, where there is none in that one."""
        return in_language(self.in_each_language(key), language)

    def history(self, key: str, language: str) -> tuple[TemplateChange, ...]:
        """Who changed what of it, newest first; the first change is against what was shipped."""
        found: list[TemplateChange] = []
        shown = wall_clock(self._practice, self._session.clock)
        for label, by, at, before, after in self._db.rows(
            "SELECT o.label, o.user_name, o.at_utc, c.before, c.after FROM row_change c"
            " JOIN operation o ON o.id = c.operation_id"
            " WHERE c.table_name = 'letter_template' ORDER BY c.id DESC"
        ):
            was, now = (json.loads(image) if image else None for image in (before, after))
            which = now or was or {}
            if (which["key"], which["language"]) != (key, language):
                continue
            old, new = self._image(was, key, language), self._image(now, key, language)
            found.append(
                TemplateChange(
                    at=shown(at),
                    by=by,
                    label=label,
                    words=differences(old.template.document, new.template.document),
                    others=_others(old, new),
                )
            )
        return tuple(found)

    # -- changing ------------------------------------------------------------------------------

    def save(self, detail: TemplateDetail) -> TemplateDetail:
        """Keep a template as it is now: a changed copy of a shipped one, or the practice's own.

        Raises Invalid for an unknown field, Conflict where somebody else has changed it meanwhile.
        """
        template = _usable(detail.template)
        was = self._rows(template.key).get((template.key, template.language))
        if (was.id if was else 0) != detail.id:
            raise Conflict(
                "This template was changed by somebody else while you had it open.",
                remedy="Open it again, then make your change.",
            )
        label = f"Change the template “{template.title}”"
        with self._session.change(label, Permission.WRITE_LETTERS):
            if detail.id:
                save_row(
                    LetterTemplate,
                    detail.id,
                    detail.version,
                    title=template.title,
                    about=template.about,
                    content=_content(template.document),
                    is_active=detail.is_active,
                )
            else:
                self._insert(template, is_active=detail.is_active)
        return self.detail(template.key, template.language)

    def add(self, template: Template, *, keeps_key: bool = False) -> TemplateDetail:
        """A new template of the practice's own; its key is made from its title, or is free already."""
        template = _usable(template)
        if not keeps_key:
            template = replace(template, key=self._free_key(template.title))
        with self._session.change(f"Add the template “{template.title}”", Permission.WRITE_LETTERS):
            self._insert(template)
        return self.detail(template.key, template.language)

    def duplicate(self, key: str, language: str, title: str = "") -> TemplateDetail:
        """A copy under another name, the practice's own."""
        template = self.detail(key, language).template
        return self.add(replace(template, title=title.strip() or f"{template.title} (copy)"))

    def translate(self, key: str, language: str, to: str) -> TemplateDetail:
        """The same template for another language, its words still to be translated."""
        template = self.detail(key, language).template
        if to in self.in_each_language(key):
            name = LANGUAGES[to].name
            raise Invalid(f"“{template.title}” is there in {name} already.", field="language")
        document = replace(template.document, language=to)
        other = _usable(replace(template, language=to, document=document))
        with self._session.change(
            f"Add the template “{template.title}” in {LANGUAGES[to].name}", Permission.WRITE_LETTERS
        ):
            self._insert(other)
        return self.detail(key, to)

    def rename(self, key: str, language: str, title: str) -> TemplateDetail:
        """Call it something else."""
        detail = self.detail(key, language)
        return self.save(replace(detail, template=replace(detail.template, title=title)))

    def set_active(self, key: str, language: str, is_active: bool) -> TemplateDetail:
        """Offer a template when a letter is written, or no longer."""
        return self.save(replace(self.detail(key, language), is_active=is_active))

    def restore(self, key: str, language: str) -> TemplateDetail:
        """Take the shipped template again; the practice's copy goes. Undo brings it back."""
        detail = self.detail(key, language)
        if detail.origin is Origin.OWN:
            raise Invalid("This template did not come with the program.")
        if detail.origin is Origin.CHANGED:
            label = f"Restore the template “{detail.template.title}”"
            with self._session.change(label, Permission.WRITE_LETTERS):
                LetterTemplate.delete().where(LetterTemplate.id == detail.id).execute()
        return self.detail(key, language)

    def remove(self, key: str, language: str) -> None:
        """Remove a template of the practice's own; letters written from it stay as they are."""
        detail = self.detail(key, language)
        if detail.origin is not Origin.OWN:
            raise Invalid(
                "A template that came with the program stays.",
                remedy="Switch it off instead; it is not offered any more then.",
            )
        label = f"Remove the template “{detail.template.title}”"
        with self._session.change(label, Permission.WRITE_LETTERS):
            LetterTemplate.delete().where(LetterTemplate.id == detail.id).execute()

    # -- inside --------------------------------------------------------------------------------

    def _insert(self, template: Template, *, is_active: bool = True) -> None:
        original = shipped(template.key, template.language)
        insert_row(
            LetterTemplate,
            key=template.key,
            language=template.language,
            title=template.title,
            about=template.about,
            content=_content(template.document),
            shipped_version=original.version if original else None,
            is_active=is_active,
        )

    def _rows(self, key: str = "") -> dict[tuple[str, str], TemplateDetail]:
        where, values = ("WHERE key = ?", (key,)) if key else ("", ())
        return {
            (row[2], row[3]): _detail_of(dict(zip(_COLUMNS.split(", "), row, strict=True)))
            for row in self._db.rows(f"SELECT {_COLUMNS} FROM letter_template {where}", values)
        }

    @staticmethod
    def _as_shipped(key: str, language: str) -> TemplateDetail:
        template = shipped(key, language)
        assert template is not None
        return TemplateDetail(template, Origin.SHIPPED)

    def _image(self, row: Mapping[str, Any] | None, key: str, language: str) -> TemplateDetail:
        """A template as it stood; where the practice had none, the shipped one or nothing at all."""
        if row is not None:
            return _detail_of(row)
        original = shipped(key, language)
        nothing = Template(key, language, "", Document(language=language))
        return TemplateDetail(original or nothing, Origin.SHIPPED)

    def _free_key(self, title: str) -> str:
        words = "_".join(part for part in fold(title).split() if part.isascii())
        stem = words[:40].strip("_") if words[:1].isalpha() else f"own_{words[:40]}".strip("_")
        taken = {key for key, _ in shipped_keys()} | {key for key, _ in self._rows()}
        number, key = 1, stem
        while key in taken:
            number += 1
            key = f"{stem}_{number}"
        return key


def in_language(words: Mapping[str, Template], language: str) -> Template:
    """The template of that language, else in English, else in any."""
    return words.get(language) or words.get("en") or next(iter(words.values()))


def _detail_of(row: Mapping[str, Any]) -> TemplateDetail:
    about: Topic = row["about"]
    key, language, copied = row["key"], row["language"], row["shipped_version"]
    document = document_from(json.loads(row["content"]))
    original = shipped(key, language)
    newer = original.version if original and copied and original.version > copied else None
    return TemplateDetail(
        Template(key, language, row["title"], document, about, copied or 1),
        Origin.CHANGED if original else Origin.OWN,
        row["id"],
        row["version"],
        newer,
        bool(row["is_active"]),
    )


def _others(old: TemplateDetail, new: TemplateDetail) -> tuple[str, ...]:
    """What else of a template changed, each a sentence."""
    was, now = old.template, new.template
    found = []
    if was.title != now.title and was.title:
        found.append(f"Its name was “{was.title}” and is “{now.title}”.")
    if was.about != now.about and was.title:
        found.append(f"It is about {TOPICS[now.about]} now.")
    if old.is_active != new.is_active:
        found.append("It is offered again." if new.is_active else "It is not offered any more.")
    if looks_changed(was.document, now.document):
        found.append("How it looks was changed.")
    return tuple(found)


def _usable(template: Template) -> Template:
    """The template where it can be kept. Raises Invalid."""
    title = " ".join(template.title.split())
    if not title:
        raise Invalid("Give the template a name, such as “Letter to the school”.", field="title")
    if len(title) > _LONGEST_TITLE:
        raise Invalid(
            f"The name has {len(title)} characters.",
            remedy=f"Use at most {_LONGEST_TITLE}.",
            field="title",
        )
    if template.language not in LANGUAGES:
        raise Invalid(
            f"Letters are not written in “{template.language}” here.",
            remedy=f"Choose one of: {', '.join(one.name for one in LANGUAGES.values())}.",
            field="language",
        )
    return replace(template, title=title, document=checked(template.document))


def _content(document: Document) -> str:
    return json.dumps(stored(document), ensure_ascii=False)


def _unknown(key: str) -> Invalid:
    return Invalid(f"There is no letter template “{key}”.", field="template")
