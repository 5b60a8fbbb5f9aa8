"""Giving a template to another practice as one file, and taking one from it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.domain.writing import template_file
from medsec_desktop.domain.writing.template_file import TemplateFile
from medsec_desktop.problems import Invalid, Unavailable
from medsec_desktop.services.files_out import write_out
from medsec_desktop.services.letters.templates import TemplateDetail, Templates
from medsec_desktop.store.files import Files

if TYPE_CHECKING:
    from medsec_desktop.services.session import Session


class TemplateFiles:
    """Exports and imports templates of one practice."""

    def __init__(self, session: Session, library: Templates):
        self._session = session
        self._library = library
        self._files = Files.of(session.db)

    def export(self, key: str, language: str) -> bytes:
        """A template as a file with its pictures inside. Raises Invalid, Unavailable."""
        template = self._library.detail(key, language).template
        pictures = {
            picture.sha256: self._files.get(picture.sha256)
            for picture in template_file.pictures_in(template.document)
        }
        return template_file.written(TemplateFile(template, pictures))

    def save(self, key: str, language: str, path: Path) -> None:
        """Write a template into such a file. Raises Invalid, Unavailable."""
        self._session.require(Permission.WRITE_LETTERS, "export a template")
        write_out(path, self.export(key, language))

    def bring_in(self, path: Path) -> TemplateDetail:
        """The template in a file as one of the practice's own. Raises Invalid, Unavailable."""
        try:
            with path.open("rb") as file:
                content = file.read(template_file.LARGEST_BYTES + 1)
        except OSError as error:
            raise Unavailable(
                f"The file “{path.name}” cannot be read.",
                f"The system says: {error.strerror or error}.",
                "Choose a template that this program has exported.",
            ) from error
        return self.take(content)

    def standing(self, file: TemplateFile) -> TemplateDetail | None:
        """The template here that the one in the file would replace; None where there is none."""
        try:
            return self._library.detail(file.template.key, file.template.language)
        except Invalid:
            return None

    def take(self, content: bytes, *, instead: bool = False) -> TemplateDetail:
        """The template in a file as one of the practice's own, beside those there are.

        With `instead` it takes the place of the one of its key and language. Raises Invalid with a
        sentence for what cannot be used; then nothing is kept.
        """
        file = template_file.read(content)
        self._session.require(Permission.WRITE_LETTERS, "import a template")
        for picture in file.pictures.values():
            self._files.put(picture)  # named by its content: it does no harm should the rest fail
        standing = self.standing(file)
        if standing is not None and instead:
            document = file.template.document
            changed = replace(standing.template, title=file.template.title, document=document)
            return self._library.save(replace(standing, template=changed))
        return self._library.add(file.template, keeps_key=standing is None)
