"""The pictures of letters and templates: a practice's logo, a map, a signature."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.exchange.letter_pictures import letter_picture
from medsec_desktop.problems import Invalid, Unavailable
from medsec_desktop.store.files import Files

if TYPE_CHECKING:
    from medsec_desktop.domain.writing.document import Document
    from medsec_desktop.services.session import Session

_MOST_BYTES = 60_000_000


class LetterPictures:
    """Kept encrypted like every file, under the hash that documents name them by."""

    def __init__(self, session: Session):
        self._session = session
        self._files = Files.of(session.db)

    def take(self, path: str) -> tuple[str, float]:
        """Keep the picture of a file; its hash, and its natural width on paper in mm.

        Raises Invalid where it is no picture or too large, Unavailable where it cannot be read.
        """
        self._session.require(Permission.WRITE_LETTERS, "put a picture into a letter")
        try:
            content = Path(path).read_bytes()
        except OSError as error:
            raise Unavailable(
                f"The file “{Path(path).name}” cannot be read.",
                error.strerror or "",
                "Copy it to this computer and choose it there.",
            ) from error
        if len(content) > _MOST_BYTES:
            raise Invalid(
                "This file is too large for a picture in a letter.",
                remedy="Save it smaller: 60 MB are the most.",
                field="picture",
            )
        picture = letter_picture(content)
        return self._files.put(picture.content), picture.width_mm

    def get(self, sha256: str) -> bytes:
        """A picture's bytes. Raises Unavailable where the file is missing or damaged."""
        return self._files.get(sha256)

    def of(self, document: Document) -> dict[str, bytes]:
        """The bytes of every picture of a document that is there, by its hash."""
        from medsec_desktop.domain.writing.document import Picture

        named = {block.sha256 for block in document.blocks if isinstance(block, Picture)}
        return {sha256: self._files.get(sha256) for sha256 in named if self._files.has(sha256)}
