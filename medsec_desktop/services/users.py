"""The people who log in: their roles, their passwords, and who may change either."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from medsec_desktop.domain.passwords import require_good
from medsec_desktop.domain.permissions import Permission, Role
from medsec_desktop.models.practice import UserAccount
from medsec_desktop.problems import Conflict, Invalid, NotAllowed
from medsec_desktop.services.session import Changes, Session, User
from medsec_desktop.store.keys import KeySlots

# What a screen says of each role.
ROLES: dict[Role, tuple[str, str]] = {
    Role.OWNER: ("Owner", "May do everything, including people, restoring backups and this list."),
    Role.MANAGER: ("Manager", "Everything except restoring backups and changing owners."),
    Role.SECRETARY: ("Secretary", "Calendar, patient files and letters; sees claims."),
    Role.BILLER: ("Biller", "Claims, patient files and letters; sees the calendar."),
    Role.READ_ONLY: ("Read only", "Sees the calendar, patient files and claims; changes nothing."),
}
_LOGIN = re.compile(r"[\w.\-]{2,32}")


@dataclass(frozen=True, slots=True)
class UserRow:
    """A person as the list of users shows her."""

    id: int
    version: int
    login: str
    name: str
    role: Role
    is_active: bool


class Users:
    """Adds people, gives roles and passwords; what touches a key slot cannot be undone."""

    def __init__(self, session: Session, slots: KeySlots | None = None):
        self._session = session
        self._slots = slots or KeySlots(session.db.folder)
        # At commit, so that an undo cannot leave a practice without an owner either.
        session.guard(self._keep_an_owner)
        session.guard(self._keep_rank)
        session.subscribe(self._refresh_me)

    def everyone(self) -> tuple[UserRow, ...]:
        """All who work or worked here; those who can log in first, by name."""
        return tuple(
            UserRow(user_id, version, login, name, Role(role), bool(active))
            for user_id, version, login, name, role, active in self._session.db.rows(
                "SELECT id, version, login, display_name, role, is_active FROM user_account"
                " ORDER BY is_active DESC, display_name COLLATE NOCASE, id"
            )
        )

    def user(self, user_id: int) -> User:
        """Somebody who may work here now. Raises NotAllowed for one who may not."""
        for row in self.everyone():
            if row.id == user_id and row.is_active:
                return User(row.id, row.login, row.name, row.role)
        raise NotAllowed(
            "This log-in is no longer in use.",
            remedy="Ask the owner of the practice for a new one.",
        )

    def add(self, login: str, name: str, role: Role, password: str) -> int:
        """Somebody new; her number. Raises Invalid, NotAllowed. About 0.2 s for the key."""
        self._require_rank(role)
        login, name = checked_login(login), checked_name(name)
        require_good(password, (name, login))
        if any(row.login.casefold() == login.casefold() for row in self.everyone()):
            raise Invalid(
                f"Somebody already logs in as “{login}”.",
                remedy="Choose another log-in; past ones are never given twice.",
                field="login",
            )
        with self._session.change(f"Add user {name}", Permission.MANAGE_USERS, sealed=True):
            row = UserAccount.create(login=login, display_name=name, role=role)
            # One with this number is of an addition that a power cut kept from being saved.
            if self._slots.has_slot(row.id):
                self._slots.remove(row.id)
            # Last, and inside: a slot that cannot be written takes the row back with it.
            self._slots.add(row.id, login, name, password, self._session.db.data_key)
        return int(row.id)

    def rename(self, user_id: int, name: str) -> None:
        """Show a person under another name from now on; what she did keeps the old one."""
        row = self._row(user_id)
        self._require_rank(row.role)
        name = checked_name(name)
        with self._session.change(f"Rename user {row.name}", Permission.MANAGE_USERS, sealed=True):
            self._update(row, display_name=name)
            if self._slots.has_slot(user_id):
                self._slots.rename(user_id, row.login, name)

    def change_role(self, user_id: int, role: Role) -> None:
        """Give a person another role, from her next action on. Raises Conflict for the last owner."""
        row = self._row(user_id)
        self._require_rank(row.role)
        self._require_rank(role)
        words = ROLES[role][0].lower()
        with self._session.change(f"Make {row.name} {words}", Permission.MANAGE_USERS):
            self._update(row, role=role)

    def deactivate(self, user_id: int) -> None:
        """End a person's log-in; her name stays on what she did. Raises Conflict for the last owner."""
        row = self._row(user_id)
        self._require_rank(row.role)
        if user_id == self._session.user.id:
            raise Conflict(
                "You cannot end your own log-in.", remedy="Ask another owner or manager to do it."
            )
        label = f"End the log-in of {row.name}"
        with self._session.change(label, Permission.MANAGE_USERS, sealed=True):
            self._update(row, is_active=False)
            if self._slots.has_slot(user_id):
                self._slots.remove(user_id)

    def reactivate(self, user_id: int, password: str) -> None:
        """Let a person who had left log in again, with a new password."""
        row = self._row(user_id)
        self._require_rank(row.role)
        require_good(password, (row.name, row.login))
        label = f"Let {row.name} log in again"
        with self._session.change(label, Permission.MANAGE_USERS, sealed=True):
            self._update(row, is_active=True)
            self._slots.add(row.id, row.login, row.name, password, self._session.db.data_key)

    def reset_password(self, user_id: int, new_password: str) -> None:
        """Give somebody else a new password, which she should change. Raises Invalid, NotAllowed."""
        row = self._row(user_id)
        self._session.require(Permission.MANAGE_USERS, f"Reset the password of {row.name}")
        self._require_rank(row.role)
        require_good(new_password, (row.name, row.login))
        # Recorded first, here and below: a record too many is better than a change without one.
        self._session.event(f"Reset the password of {row.name}")
        self._slots.change_password(user_id, new_password, self._session.db.data_key)

    def change_password(self, current: str, new_password: str) -> None:
        """Change one's own password. Raises WrongPassword, Invalid. About 0.4 s for the keys."""
        me = self._session.user
        if new_password == current:
            raise Invalid("The new password is the old one.", field="password")
        require_good(new_password, (me.name, me.login))
        _, data_key = self._slots.unlock(me.login, current)
        self._session.event("Changed own password")
        self._slots.change_password(me.id, new_password, data_key)

    def new_recovery_key(self, password: str) -> str:
        """A fresh recovery key; the sheet printed before opens nothing any more.

        Asks for the owner's own password, since the key opens everything. Raises WrongPassword.
        """
        self._session.require(Permission.RESTORE_BACKUPS, "Make a new recovery sheet")
        _, data_key = self._slots.unlock(self._session.user.login, password)
        self._session.event("Made a new recovery sheet")
        return self._slots.new_recovery_key(data_key)

    def _row(self, user_id: int) -> UserRow:
        for row in self.everyone():
            if row.id == user_id:
                return row
        raise Conflict("This person is no longer on the list.")

    def _update(self, row: UserRow, **fields: object) -> None:
        UserAccount.update(version=UserAccount.version + 1, **fields).where(
            UserAccount.id == row.id
        ).execute()

    def _require_rank(self, role: Role) -> None:
        """Only an owner makes or changes an owner; otherwise a manager could promote herself."""
        if role == Role.OWNER and self._session.user.role != Role.OWNER:
            raise NotAllowed(
                "Only an owner may make or change an owner.",
                remedy="Ask the owner of the practice.",
            )

    def _refresh_me(self, changes: Changes) -> None:
        """Let a change to the person at work count at once."""
        me = self._session.user
        if me.id in changes.ids("user_account"):
            for row in self.everyone():
                if row.id == me.id:
                    self._session.user = replace(me, name=row.name, role=row.role)

    def _keep_rank(self, changes: Changes) -> None:
        """Let nobody undo or redo with people what she may not do herself."""
        if changes.undoes is None or not changes.touches("user_account"):
            return
        self._session.require(Permission.MANAGE_USERS, changes.label)
        if self._session.db.value(
            "SELECT EXISTS (SELECT 1 FROM row_change WHERE operation_id = ?"
            " AND table_name = 'user_account'"
            " AND ? IN (json_extract(before, '$.role'), json_extract(after, '$.role')))",
            (changes.operation_id, Role.OWNER.value),
        ):
            self._require_rank(Role.OWNER)

    def _keep_an_owner(self, changes: Changes) -> None:
        if changes.touches("user_account") and not self._session.db.value(
            "SELECT EXISTS (SELECT 1 FROM user_account WHERE role = ? AND is_active)",
            (Role.OWNER.value,),
        ):
            raise Conflict(
                "A practice needs at least one owner.",
                "This would take away the last one.",
                "Make somebody else an owner first.",
            )


def checked_login(login: str) -> str:
    """The log-in in the form it is kept. Raises Invalid."""
    login = login.strip()
    if not _LOGIN.fullmatch(login):
        raise Invalid(
            "A log-in has 2 to 32 letters, digits, dots or dashes.",
            remedy="Such as “maria” or “m.lopez”.",
            field="login",
        )
    return login


def checked_name(name: str) -> str:
    """The name as screens show it. Raises Invalid."""
    name = " ".join(name.split())
    if not name:
        raise Invalid("Type the person’s name.", field="name")
    if len(name) > 80:
        raise Invalid("The name is longer than 80 letters.", field="name")
    return name
