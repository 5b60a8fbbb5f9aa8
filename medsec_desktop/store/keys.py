"""Who can open the practice: one random data key, wrapped once for each person and for the recovery sheet.

`keyslots.json` holds the slots. Each person's slot wraps the data key with AES-256-GCM under a key that
Argon2id makes of her password; the slot's name is authenticated with it, so slots cannot be swapped.
The recovery slot is wrapped under a 160-bit key that exists only on the printed sheet.
"""

from __future__ import annotations

import base64
import json
import os
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from medsec_desktop.problems import Conflict, Unavailable

FILE_NAME = "keyslots.json"
LOCK_NAME = "practice.slots.lock"
_FORMAT = 1
_KEY_BYTES = 32
_RECOVERY_BYTES = 20
_LONGEST_WAIT_S = 10
# Two threads that write the same file would share, and take from each other, the one beside it.
_ONE_AT_A_TIME = threading.Lock()
# A slot that asks for more was not written by us, and would only keep the computer busy.
_MOST_KIB, _MOST_PASSES, _MOST_LANES = 1024 * 1024, 64, 64
# Crockford's alphabet: no I, L, O or U, so a printed key is read back without doubt.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})


class WrongPassword(Unavailable):
    """The password or recovery key does not open this practice."""


@dataclass(frozen=True, slots=True)
class SlotName:
    """A person who can log in."""

    user_id: int
    login: str
    name: str


@dataclass(frozen=True, slots=True)
class ArgonCost:
    """What one guess at a password costs. Source: RFC 9106 §4, second recommended option."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4


class KeySlots:
    """The slots of one practice folder; every change rewrites the file whole and durably."""

    def __init__(self, folder: Path, cost: ArgonCost | None = None):
        self.path = folder / FILE_NAME
        self._cost = cost or ArgonCost()

    @staticmethod
    def new_data_key() -> bytes:
        """A fresh random key for a new practice."""
        return os.urandom(_KEY_BYTES)

    @property
    def practice_id(self) -> str:
        """The random name of this practice, the same in all its backups."""
        return str(self._read()["practice_id"])

    def create(self) -> None:
        """Write an empty slot file for a new practice. Raises Conflict where one is already there."""
        if self.path.exists():
            raise Conflict(
                "This folder already holds a practice.",
                remedy="Open it, or choose an empty folder for a new one.",
            )
        self._write(
            {"format": _FORMAT, "practice_id": os.urandom(8).hex(), "users": [], "recovery": None}
        )

    def users(self) -> tuple[SlotName, ...]:
        """Everybody who can log in, in the order they were added."""
        return tuple(
            SlotName(slot["user_id"], slot["login"], slot["name"]) for slot in self._read()["users"]
        )

    def add(self, user_id: int, login: str, name: str, password: str, data_key: bytes) -> None:
        """Give a person a slot that her password opens."""
        slot: dict[str, Any] = {"user_id": user_id, "login": login, "name": name}
        slot.update(self._wrapped(user_id, password, data_key))
        with self._changed() as content:
            if any(other["user_id"] == user_id for other in content["users"]):
                raise Conflict(f"{name} can already log in.", remedy="Change the password instead.")
            content["users"].append(slot)

    def change_password(self, user_id: int, new_password: str, data_key: bytes) -> None:
        """Rewrite one person's slot for a new password; all other slots stay as they are."""
        wrapped = self._wrapped(user_id, new_password, data_key)
        with self._changed() as content:
            slot = self._slot(content, user_id)
            slot.update(wrapped)
            slot.pop("failures", None)
            slot.pop("failed_utc", None)

    def rename(self, user_id: int, login: str, name: str) -> None:
        """Show a person under another name at log-in."""
        with self._changed() as content:
            self._slot(content, user_id).update(login=login, name=name)

    def remove(self, user_id: int) -> None:
        """Take a person's slot away: her password opens nothing from now on."""
        with self._changed() as content:
            content["users"].remove(self._slot(content, user_id))

    def has_slot(self, user_id: int) -> bool:
        """Whether this person can log in."""
        return any(slot["user_id"] == user_id for slot in self._read()["users"])

    def unlock(self, login: str, password: str) -> tuple[int, bytes]:
        """The person's id and the data key. Takes about 0.2 s on purpose. Raises WrongPassword."""
        content = self._read()
        for slot in content["users"]:
            if _is_login(slot, login):
                user_id = int(slot["user_id"])
                key = self._password_key(password, slot)
                return user_id, _unwrap(key, slot, _associated(content, str(user_id)))
        raise WrongPassword("This name is not known here.", remedy="Choose a name from the list.")

    def failures(self, login: str) -> tuple[int, str]:
        """How often in a row this person's log-in failed, and when last (UTC text, '' for never)."""
        for slot in self._read()["users"]:
            if _is_login(slot, login):
                return int(slot.get("failures", 0)), str(slot.get("failed_utc", ""))
        return 0, ""

    def note_failure(self, login: str, at_utc: str) -> None:
        """Count one more failed log-in; kept in the folder, so restarting does not reset it."""
        with self._changed() as content:
            for slot in content["users"]:
                if _is_login(slot, login):
                    slot["failures"] = int(slot.get("failures", 0)) + 1
                    slot["failed_utc"] = at_utc

    def note_success(self, login: str) -> None:
        """Forget the failures of a person who has logged in."""
        if self.failures(login)[0]:
            with self._changed() as content:
                for slot in content["users"]:
                    if _is_login(slot, login):
                        slot.pop("failures", None)
                        slot.pop("failed_utc", None)

    def new_recovery_key(self, data_key: bytes) -> str:
        """A new recovery key in groups of four; it is kept nowhere, and the old one is void."""
        secret = os.urandom(_RECOVERY_BYTES)
        with self._changed() as content:
            content["recovery"] = _wrap(
                _recovery_wrapping_key(secret), data_key, _associated(content, "recovery")
            )
        return _spell(secret)

    def recover(self, text: str) -> bytes:
        """The data key, from the recovery sheet. Raises WrongPassword with what looks mistyped."""
        content = self._read()
        if not content["recovery"]:
            raise WrongPassword("No recovery sheet was made for this practice.")
        key = _recovery_wrapping_key(_read_spelling(text))
        return _unwrap(key, content["recovery"], _associated(content, "recovery"))

    def _slot(self, content: dict[str, Any], user_id: int) -> dict[str, Any]:
        for slot in content["users"]:
            if slot["user_id"] == user_id:
                found: dict[str, Any] = slot
                return found
        raise Conflict("This person has no log-in.", remedy="Give this person a password first.")

    def _wrapped(self, user_id: int, password: str, data_key: bytes) -> dict[str, Any]:
        slot: dict[str, Any] = {
            "salt": _text(os.urandom(16)),
            "memory_kib": self._cost.memory_kib,
            "passes": self._cost.passes,
            "lanes": self._cost.lanes,
        }
        key = self._password_key(password, slot)
        return slot | _wrap(key, data_key, _associated(self._read(), str(user_id)))

    @staticmethod
    def _password_key(password: str, slot: dict[str, Any]) -> bytes:
        from argon2.low_level import Type, hash_secret_raw

        return hash_secret_raw(
            _password_bytes(password),
            _bytes(slot["salt"]),
            time_cost=slot["passes"],
            memory_cost=slot["memory_kib"],
            parallelism=slot["lanes"],
            hash_len=_KEY_BYTES,
            type=Type.ID,
        )

    @contextmanager
    def _changed(self) -> Iterator[dict[str, Any]]:
        """The content to change, written when the block is done; nobody else writes meanwhile."""
        from filelock import FileLock, Timeout

        # A second program at its log-in screen writes here too: it counts failed log-ins.
        lock = FileLock(self.path.with_name(LOCK_NAME), timeout=_LONGEST_WAIT_S)
        try:
            lock.acquire()
        except (OSError, Timeout) as error:
            raise _not_written(self.path, error) from error
        try:
            content = self._read()
            yield content
            self._write(content)
        finally:
            lock.release()

    def _read(self) -> dict[str, Any]:
        try:
            content: dict[str, Any] = json.loads(self.path.read_text("utf-8"))
        except FileNotFoundError as error:
            raise Unavailable(
                "This folder holds no practice, or its key file is missing.",
                f"{FILE_NAME} was not found.",
                f"Copy {FILE_NAME} back from a backup; without it nobody can open the practice.",
            ) from error
        except (OSError, ValueError) as error:
            raise Unavailable(
                "The practice's key file cannot be read.",
                f"{FILE_NAME} is damaged or not readable by this user of the computer.",
                "Copy it back from the last backup.",
            ) from error
        if not isinstance(content, dict) or content.get("format") != _FORMAT:
            raise Unavailable(
                "The practice's key file is of a kind this version does not know.",
                "It was written by a newer version, or damaged.",
                "Install the newest version of the program.",
            )
        if not _is_sound(content):
            raise Unavailable(
                "The practice's key file is damaged.",
                f"{FILE_NAME} is not as the program writes it.",
                "Copy it back from the last backup.",
            )
        return content

    def _write(self, content: dict[str, Any]) -> None:
        replace_durably(self.path, json.dumps(content, indent=1).encode())


def replace_durably(path: Path, content: bytes) -> None:
    """Put `content` at `path` whole or not at all, also when the power fails. Raises Unavailable."""
    beside = path.with_name(path.name + ".new")
    try:
        with _ONE_AT_A_TIME:
            with beside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
            sync_folder(path.parent)
    except OSError as error:
        raise _not_written(path, error) from error


def _not_written(path: Path, error: OSError) -> Unavailable:
    return Unavailable(
        f"{path.name} could not be written.",
        error.strerror or "",
        "Check that the practice's drive has room and can be written to; nothing was changed.",
    )


def sync_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut, where the system has a way to say so."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def derive(data_key: bytes, purpose: str) -> bytes:
    """A 32-byte key of its own for one purpose. HKDF-SHA-256 with one block (RFC 5869)."""
    import hashlib  # not for the log-in, which is the first window
    import hmac

    extracted = hmac.digest(b"medsec-desktop", data_key, hashlib.sha256)
    return hmac.digest(extracted, purpose.encode() + b"\x01", hashlib.sha256)


def _password_bytes(password: str) -> bytes:
    """The same bytes however a keyboard composes the password. Source: RFC 8265 §4.2.2."""
    spaced = "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in password)
    return unicodedata.normalize("NFC", spaced).encode("utf-8", "surrogatepass")


def _is_login(slot: dict[str, Any], login: str) -> bool:
    first, second = (
        unicodedata.normalize("NFC", each.strip()).casefold() for each in (slot["login"], login)
    )
    return first == second


def _is_sound(content: dict[str, Any]) -> bool:
    """Whether the file has the shape we write; whether a slot opens, only its password can say."""
    try:
        recovery = content["recovery"]
        return (
            isinstance(content["practice_id"], str)
            and all(_is_sound_slot(slot) for slot in content["users"])
            and (recovery is None or _is_wrapped(recovery))
        )
    except (KeyError, TypeError, ValueError):
        return False


def _is_sound_slot(slot: dict[str, Any]) -> bool:
    lanes = slot["lanes"]
    return (
        isinstance(slot["user_id"], int)
        and isinstance(slot["login"], str)
        and isinstance(slot["name"], str)
        and isinstance(slot.get("failures", 0), int)
        and _is_instant(slot.get("failed_utc", ""))
        and _is_wrapped(slot)
        and len(_bytes(slot["salt"])) == 16
        and 1 <= lanes <= _MOST_LANES
        and 1 <= slot["passes"] <= _MOST_PASSES
        and 8 * lanes <= slot["memory_kib"] <= _MOST_KIB  # RFC 9106 §3.1
    )


def _is_wrapped(slot: dict[str, Any]) -> bool:
    return len(_bytes(slot["nonce"])) == 12 and len(_bytes(slot["wrapped"])) == _KEY_BYTES + 16


def _is_instant(text: str) -> bool:
    return not text or datetime.fromisoformat(text).tzinfo is not None


def _associated(content: dict[str, Any], slot: str) -> bytes:
    return f"medsec:{content['practice_id']}:{slot}".encode()


def _recovery_wrapping_key(secret: bytes) -> bytes:
    return derive(secret, "recovery slot")


def _wrap(key: bytes, data_key: bytes, associated: bytes) -> dict[str, str]:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(12)
    return {
        "nonce": _text(nonce),
        "wrapped": _text(AESGCM(key).encrypt(nonce, data_key, associated)),
    }


def _unwrap(key: bytes, slot: dict[str, Any], associated: bytes) -> bytes:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        return AESGCM(key).decrypt(_bytes(slot["nonce"]), _bytes(slot["wrapped"]), associated)
    except InvalidTag as error:
        raise WrongPassword(
            "The password is not right.", remedy="Check Caps Lock and try again."
        ) from error


def _spell(secret: bytes) -> str:
    number = int.from_bytes(secret, "big")
    signs = [_ALPHABET[number >> shift & 31] for shift in range(155, -1, -5)]
    return "-".join("".join(signs[at : at + 4]) for at in range(0, 32, 4))


def _read_spelling(text: str) -> bytes:
    signs = text.strip().upper().translate(_MISREAD)
    strange = sorted({sign for sign in signs if sign not in _ALPHABET})
    if strange:
        raise WrongPassword(
            f"“{strange[0]}” does not occur in a recovery key.",
            remedy="Compare it with the printed sheet; it has only digits and capital letters.",
        )
    if len(signs) != 32:
        raise WrongPassword(
            f"A recovery key has 8 groups of 4 signs; this has {len(signs)} signs.",
            remedy="Compare it with the printed sheet.",
        )
    number = 0
    for sign in signs:
        number = number << 5 | _ALPHABET.index(sign)
    return number.to_bytes(_RECOVERY_BYTES, "big")


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)
