"""Who may do what: permissions are named per action, roles are sets of them."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """One thing a person may or may not do; the value is stored and audited."""

    VIEW_PATIENTS = "view-patients"
    EDIT_PATIENTS = "edit-patients"
    VIEW_FULL_SSN = "view-full-ssn"
    VIEW_CALENDAR = "view-calendar"
    EDIT_CALENDAR = "edit-calendar"
    OVERRIDE_RULES = "override-rules"
    WRITE_LETTERS = "write-letters"
    VIEW_CLAIMS = "view-claims"
    EDIT_CLAIMS = "edit-claims"
    EDIT_CHARGES = "edit-charges"
    IMPORT_DATA = "import-data"
    EXPORT_DATA = "export-data"
    EDIT_SETTINGS = "edit-settings"
    MANAGE_USERS = "manage-users"
    VIEW_AUDIT = "view-audit"
    MAKE_BACKUPS = "make-backups"
    RESTORE_BACKUPS = "restore-backups"
    UNDO_OTHERS = "undo-others"


class Role(StrEnum):
    """A person's place in the office."""

    OWNER = "owner"
    MANAGER = "manager"
    SECRETARY = "secretary"
    BILLER = "biller"
    READ_ONLY = "read-only"


_READ = frozenset({Permission.VIEW_PATIENTS, Permission.VIEW_CALENDAR, Permission.VIEW_CLAIMS})
_DESK = frozenset(
    {
        Permission.EDIT_PATIENTS,
        Permission.EDIT_CALENDAR,
        Permission.OVERRIDE_RULES,
        Permission.WRITE_LETTERS,
        Permission.EDIT_CHARGES,
        Permission.MAKE_BACKUPS,
    }
)

_GRANTS: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.MANAGER: frozenset(Permission) - {Permission.RESTORE_BACKUPS},
    Role.SECRETARY: _READ | _DESK,
    Role.BILLER: _READ
    | {
        Permission.EDIT_CLAIMS,
        Permission.EDIT_CHARGES,
        Permission.EDIT_PATIENTS,
        Permission.WRITE_LETTERS,
        Permission.VIEW_FULL_SSN,
        Permission.EXPORT_DATA,
        Permission.MAKE_BACKUPS,
    },
    Role.READ_ONLY: _READ,
}


def allows(role: Role, permission: Permission) -> bool:
    """Whether `role` carries `permission`."""
    return permission in _GRANTS[role]
