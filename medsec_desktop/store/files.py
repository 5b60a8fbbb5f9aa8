"""Attachments of a practice: whole files by the SHA-256 of their content, encrypted, never changed.

`files/ab/cdef…` holds a mark of five bytes, a nonce of twelve, and the content under AES-256-GCM.
The hash is the associated data, so that a file put under another's name does not open. A hash says
where a content lies and proves what comes back; the same content twice is one file.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from medsec_desktop.problems import Unavailable
from medsec_desktop.store.database import Database
from medsec_desktop.store.keys import replace_durably, sync_folder

FOLDER = "files"

_MARK = b"MSAF\x01"  # the last byte counts the formats
_NONCE_BYTES = 12
_HASH = re.compile(r"[0-9a-f]{64}")


class Files:
    """The attachments of one open practice."""

    def __init__(self, folder: Path, key: bytes):
        self.folder = folder
        self._key = key

    @classmethod
    def of(cls, db: Database) -> Files:
        """The attachments beside a practice's database, under a key of their own."""
        return cls(db.folder / FOLDER, db.key_for("attachments"))

    def put(self, content: bytes) -> str:
        """Keep `content`, if it is not kept already; its hash, by which it is found again.

        What is kept already is read back and written anew where it was damaged. Raises Unavailable.
        """
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        if path.exists() and self._is_sound(sha256):
            return sha256
        self._make_folder(path.parent)
        try:
            replace_durably(path, self._sealed(sha256, content))
        except Unavailable as problem:
            raise Unavailable(
                "The document could not be kept in the practice's folder.",
                problem.why,
                "Check that the practice's drive has room and can be written to, then try again.",
            ) from problem
        return sha256

    def get(self, sha256: str) -> bytes:
        """The content of that hash, checked. Raises Unavailable where it is missing or damaged."""
        path = self._path(sha256)
        try:
            kept = path.read_bytes()
        except FileNotFoundError as error:
            raise Unavailable(
                "An archived document is missing from the practice's folder.",
                f"There is no file {sha256[:12]}… any more.",
                "Restore it from the last backup; the record of it is still here.",
            ) from error
        except OSError as error:
            raise Unavailable(
                "An archived document could not be read.",
                error.strerror or "",
                "Check that the practice's drive is connected, then try again.",
            ) from error
        content = self._opened(sha256, kept)
        if content is None:
            raise Unavailable(
                "An archived document is damaged.",
                f"The file {sha256[:12]}… is not what was written.",
                "Restore it from the last backup; the record of it is still here.",
            )
        return content

    def has(self, sha256: str) -> bool:
        """Whether a file of that hash is there; whether it is sound, only `get` can say."""
        return self._path(sha256).is_file()

    def remove(self, sha256: str) -> None:
        """Take a file away that nothing names any more; one that is gone already is no matter.

        Only for what is kept for a while. An archived document is never taken away.
        """
        try:
            self._path(sha256).unlink(missing_ok=True)
        except OSError as error:
            raise Unavailable(
                "A file could not be taken out of the practice's folder.",
                error.strerror or "",
                "Check that the practice's drive can be written to.",
            ) from error

    def hashes(self) -> Iterator[str]:
        """The hash of every file kept, in order."""
        if not self.folder.is_dir():
            return
        for path in sorted(self.folder.glob("??/*")):
            sha256 = path.parent.name + path.name
            if _HASH.fullmatch(sha256):
                yield sha256

    def _path(self, sha256: str) -> Path:
        # A hash comes from the database; a damaged one must not name a file elsewhere.
        if not _HASH.fullmatch(sha256):
            raise Unavailable(
                "An archived document cannot be found.",
                "Its record is damaged.",
                "Restore the last verified backup.",
            )
        return self.folder / sha256[:2] / sha256[2:]

    def _make_folder(self, folder: Path) -> None:
        try:
            if not folder.is_dir():
                folder.mkdir(parents=True, exist_ok=True)
                sync_folder(folder.parent)
        except OSError as error:
            raise Unavailable(
                "The practice's folder for documents could not be made.",
                error.strerror or "",
                "Check that the practice's drive has room and can be written to, then try again.",
            ) from error

    def _sealed(self, sha256: str, content: bytes) -> bytes:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        nonce = secrets.token_bytes(_NONCE_BYTES)
        return _MARK + nonce + AESGCM(self._key).encrypt(nonce, content, bytes.fromhex(sha256))

    def _opened(self, sha256: str, kept: bytes) -> bytes | None:
        """The content, or None where the file is not what was written."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        head = len(_MARK) + _NONCE_BYTES
        if not kept.startswith(_MARK) or len(kept) < head:
            return None
        nonce = kept[len(_MARK) : head]
        try:
            content = AESGCM(self._key).decrypt(nonce, kept[head:], bytes.fromhex(sha256))
        except InvalidTag:
            return None
        return content if hashlib.sha256(content).hexdigest() == sha256 else None

    def _is_sound(self, sha256: str) -> bool:
        try:
            self.get(sha256)
        except Unavailable:
            return False
        return True
