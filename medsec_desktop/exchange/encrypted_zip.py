"""ZIP archives with a password (AES-256, as 7-Zip, WinZip and Keka open them), written all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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
def written(path: Path, password: str) -> Iterator[Any]:
    """An archive to write into; it stands under its name only once it is whole.

    Raises Invalid for a weak password and Unavailable where it cannot be written.
    """
    import pyzipper

    require_password(password)
    beside = path.with_name(f".{path.name}.part")
    try:
        with pyzipper.AESZipFile(
            beside, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
        ) as archive:
            archive.setpassword(password.encode("utf-8"))
            yield archive
        beside.replace(path)
    except OSError as error:
        raise Unavailable(
            f"“{path.name}” could not be written.",
            f"The system says: {error.strerror or error}.",
            "Choose another folder, or make room on the drive.",
        ) from error
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def opened(path: Path, password: str) -> Iterator[Any]:
    """An archive to read. Raises Unavailable where it is none, or the password does not fit."""
    import pyzipper

    try:
        with pyzipper.AESZipFile(path) as archive:
            archive.setpassword(password.encode("utf-8"))
            yield archive
    except RuntimeError as error:  # the library's word for a password that does not fit
        raise Unavailable(
            f"“{path.name}” does not open with this password.",
            remedy="Type it again; capital and small letters differ.",
        ) from error
    except (pyzipper.BadZipFile, EOFError, NotImplementedError) as error:
        raise Unavailable(
            f"“{path.name}” is no archive this program can read, or it is damaged.",
            remedy="Copy it again from where it came.",
        ) from error
    except OSError as error:
        raise Unavailable(
            f"“{path.name}” could not be read.", f"The system says: {error.strerror or error}."
        ) from error
