"""The practice as its staff set it up: details, settings, providers and hours, types, payers."""

from typing import TYPE_CHECKING, Any

from medsec_desktop.services.practice import checks, settings
from medsec_desktop.services.practice.records import (
    PALETTE,
    USUAL_HOURS,
    USUAL_TYPES,
    WEEKDAYS,
    ClosureDraft,
    ClosureRow,
    HoursRow,
    PayerDraft,
    PayerRow,
    Profile,
    ProviderDraft,
    ProviderRow,
    RoomDraft,
    RoomRow,
    TypeDraft,
    TypeRow,
)
from medsec_desktop.services.practice.settings import SETTINGS, Setting

if TYPE_CHECKING:
    from medsec_desktop.services.practice.practice import Practice

__all__ = [
    "PALETTE",
    "SETTINGS",
    "USUAL_HOURS",
    "USUAL_TYPES",
    "WEEKDAYS",
    "ClosureDraft",
    "ClosureRow",
    "HoursRow",
    "PayerDraft",
    "PayerRow",
    "Practice",
    "Profile",
    "ProviderDraft",
    "ProviderRow",
    "RoomDraft",
    "RoomRow",
    "Setting",
    "TypeDraft",
    "TypeRow",
    "checks",
    "settings",
]


def __getattr__(name: str) -> Any:
    """`Practice`, loaded when first wanted: the wizard needs the records and not the database."""
    if name == "Practice":
        from medsec_desktop.services.practice.practice import Practice

        return Practice
    raise AttributeError(name)
