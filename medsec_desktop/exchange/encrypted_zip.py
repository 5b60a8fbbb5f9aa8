"""ZIP archives with a password (AES-256, as 7-Zip, WinZip and Keka open them)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from medsec_desktop.problems import Invalid, Unavailable

SHORTEST_PASSWORD = 8


def require_password(password: str) -> None:
    """Nothing, or Invalid where a password is too short to keep anybody out."""
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(
            f"The archive’s password needs at least {SHORTEST_PASSWORD} characters.",
            "Whoever finds the file has all the time in the world to guess.",
            "Use a sentence; tell it to the recipient by another way than the file.",
            field="password",
        )


@contextmanager
def written(file: BinaryIO, password: str) -> Iterator[Any]:
    """An archive to write into, whose bytes go to `file`. Raises Invalid for a weak password."""
    import pyzipper

    require_password(password)
    archive = pyzipper.AESZipFile(
        file, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
    )
    archive.setpassword(password.encode("utf-8"))
    try:
        yield archive
        archive.close()
    except BaseException:
        # Let it go: closing what broke off inside a member, as on a full drive, the library
        # raises a ValueError in place of what happened, and once more when it is collected.
        archive.fp = None
        raise


class OpenZip:
    """An archive to read. Whatever is wrong with it arrives as Unavailable, nothing else of it does."""

    def __init__(self, archive: Any, path: Path):
        self._archive = archive
        self._path = path

    def names(self) -> frozenset[str]:
        """What it holds, by name."""
        return frozenset(self._archive.namelist())

    def read(self, name: str, most_bytes: int) -> bytes:
        """A member's content. Raises Unavailable where it is damaged or larger than `most_bytes`."""
        with self._reading(), self._archive.open(name) as member:
            content = bytes(member.read(most_bytes + 1))
        self._require_within(most_bytes, content, name)
        return content

    def lines(self, name: str, longest: int) -> Iterator[bytes]:
        """A member's lines, one by one. Raises Unavailable where it is damaged, or a line is longer
        than `longest` bytes: what unfolds to no end is never kept in memory."""
        with self._reading():
            member = self._archive.open(name)
        with member:
            while True:
                with self._reading():
                    line = bytes(member.readline(longest + 1))
                if not line:
                    return
                self._require_within(longest, line, name)
                yield line

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with _told(self._path):
            yield

    def _require_within(self, most_bytes: int, content: bytes, name: str) -> None:
        if len(content) > most_bytes:
            raise Unavailable(
                f"“{self._path.name}” cannot be taken in.",
                f"{name} holds more than the {most_bytes:,} bytes that may stand there.",
                "Ask whoever gave it to you to write it again.",
            )


@contextmanager
def opened(path: Path, password: str) -> Iterator[OpenZip]:
    """An archive to read. Raises Unavailable where it is none."""
    import pyzipper

    with _told(path):
        archive = pyzipper.AESZipFile(path)
        archive.setpassword(password.encode("utf-8"))
    with archive:
        yield OpenZip(archive, path)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Around the library alone: of a damaged archive it raises whatever its parts do (struct.error,
    zlib.error, KeyError, IndexError …), so that everything it raises is told as one of three."""
    try:
        yield
    except OSError as error:
        raise Unavailable(
            f"“{path.name}” could not be read.", f"The system says: {error.strerror or error}."
        ) from error
    except Exception as error:
        # The library's words for a password that does not fit, and for a member that has one.
        if type(error) is RuntimeError:
            raise Unavailable(
                f"“{path.name}” does not open with this password.",
                remedy="Type it again; capital and small letters differ.",
            ) from error
        raise Unavailable(
            f"“{path.name}” is no archive this program can read, or it is damaged.",
            remedy="Copy it again from where it came.",
        ) from error
