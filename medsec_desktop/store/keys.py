"""Who can open the practice: one random data key, wrapped once for each person and for the recovery sheet.

`keyslots.json` holds the slots. Each person's slot wraps the data key with AES-256-GCM under a key that
Argon2id makes of her password; the slot's name is authenticated with it, so slots cannot be swapped.
The recovery slot is wrapped under a 160-bit key that exists only on the printed sheet.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medsec_desktop.problems import Conflict, Unavailable

FILE_NAME = "keyslots.json"
_FORMAT = 1
_KEY_BYTES = 32
_RECOVERY_BYTES = 20
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
        return secrets.token_bytes(_KEY_BYTES)

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
            {"format": _FORMAT, "practice_id": secrets.token_hex(8), "users": [], "recovery": None}
        )

    def users(self) -> tuple[SlotName, ...]:
        """Everybody who can log in, in the order they were added."""
        return tuple(
            SlotName(slot["user_id"], slot["login"], slot["name"]) for slot in self._read()["users"]
        )

    def add(self, user_id: int, login: str, name: str, password: str, data_key: bytes) -> None:
        """Give a person a slot that her password opens."""
        content = self._read()
        if any(slot["user_id"] == user_id for slot in content["users"]):
            raise Conflict(f"{name} can already log in.", remedy="Change her password instead.")
        slot: dict[str, Any] = {"user_id": user_id, "login": login, "name": name}
        slot.update(self._wrapped(content, user_id, password, data_key))
        content["users"].append(slot)
        self._write(content)

    def change_password(self, user_id: int, new_password: str, data_key: bytes) -> None:
        """Rewrite one person's slot for a new password; all other slots stay as they are."""
        content = self._read()
        slot = self._slot(content, user_id)
        slot.update(self._wrapped(content, user_id, new_password, data_key))
        slot.pop("failures", None)
        slot.pop("failed_utc", None)
        self._write(content)

    def rename(self, user_id: int, login: str, name: str) -> None:
        """Show a person under another name at log-in."""
        content = self._read()
        self._slot(content, user_id).update(login=login, name=name)
        self._write(content)

    def remove(self, user_id: int) -> None:
        """Take a person's slot away: her password opens nothing from now on."""
        content = self._read()
        content["users"].remove(self._slot(content, user_id))
        self._write(content)

    def has_slot(self, user_id: int) -> bool:
        """Whether this person can log in."""
        return any(slot["user_id"] == user_id for slot in self._read()["users"])

    def unlock(self, login: str, password: str) -> tuple[int, bytes]:
        """The person's id and the data key. Takes about 0.2 s on purpose. Raises WrongPassword."""
        content = self._read()
        for slot in content["users"]:
            if slot["login"].casefold() == login.strip().casefold():
                user_id = int(slot["user_id"])
                key = self._password_key(password, slot)
                return user_id, _unwrap(key, slot, _associated(content, str(user_id)))
        raise WrongPassword("This name is not known here.", remedy="Choose a name from the list.")

    def failures(self, login: str) -> tuple[int, str]:
        """How often in a row this person's log-in failed, and when last (UTC text, '' for never)."""
        for slot in self._read()["users"]:
            if slot["login"].casefold() == login.strip().casefold():
                return int(slot.get("failures", 0)), str(slot.get("failed_utc", ""))
        return 0, ""

    def note_failure(self, login: str, at_utc: str) -> None:
        """Count one more failed log-in; kept in the folder, so restarting does not reset it."""
        content = self._read()
        for slot in content["users"]:
            if slot["login"].casefold() == login.strip().casefold():
                slot["failures"] = int(slot.get("failures", 0)) + 1
                slot["failed_utc"] = at_utc
                self._write(content)

    def note_success(self, login: str) -> None:
        """Forget the failures of a person who has logged in."""
        if self.failures(login)[0]:
            content = self._read()
            for slot in content["users"]:
                if slot["login"].casefold() == login.strip().casefold():
                    slot.pop("failures", None)
                    slot.pop("failed_utc", None)
            self._write(content)

    def new_recovery_key(self, data_key: bytes) -> str:
        """A new recovery key in groups of four; it is kept nowhere, and the old one is void."""
        secret = secrets.token_bytes(_RECOVERY_BYTES)
        content = self._read()
        content["recovery"] = _wrap(
            _recovery_wrapping_key(secret), data_key, _associated(content, "recovery")
        )
        self._write(content)
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
        raise Conflict("This person has no log-in.", remedy="Give her a password first.")

    def _wrapped(
        self, content: dict[str, Any], user_id: int, password: str, data_key: bytes
    ) -> dict[str, Any]:
        slot: dict[str, Any] = {
            "salt": _text(secrets.token_bytes(16)),
            "memory_kib": self._cost.memory_kib,
            "passes": self._cost.passes,
            "lanes": self._cost.lanes,
        }
        key = self._password_key(password, slot)
        return slot | _wrap(key, data_key, _associated(content, str(user_id)))

    @staticmethod
    def _password_key(password: str, slot: dict[str, Any]) -> bytes:
        from argon2.low_level import Type, hash_secret_raw

        return hash_secret_raw(
            password.encode(),
            _bytes(slot["salt"]),
            time_cost=slot["passes"],
            memory_cost=slot["memory_kib"],
            parallelism=slot["lanes"],
            hash_len=_KEY_BYTES,
            type=Type.ID,
        )

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
        return content

    def _write(self, content: dict[str, Any]) -> None:
        replace_durably(self.path, json.dumps(content, indent=1).encode())


def replace_durably(path: Path, content: bytes) -> None:
    """Put `content` at `path` whole or not at all, also when the power fails. Raises Unavailable."""
    beside = path.with_name(path.name + ".new")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise Unavailable(
            f"{path.name} could not be written.",
            error.strerror or "",
            "Check that the practice's drive has room and can be written to; nothing was changed.",
        ) from error


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
    extracted = hmac.digest(b"medsec-desktop", data_key, hashlib.sha256)
    return hmac.digest(extracted, purpose.encode() + b"\x01", hashlib.sha256)


def _associated(content: dict[str, Any], slot: str) -> bytes:
    return f"medsec:{content['practice_id']}:{slot}".encode()


def _recovery_wrapping_key(secret: bytes) -> bytes:
    return derive(secret, "recovery slot")


def _wrap(key: bytes, data_key: bytes, associated: bytes) -> dict[str, str]:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = secrets.token_bytes(12)
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
