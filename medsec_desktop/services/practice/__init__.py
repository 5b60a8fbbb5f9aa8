"""The practice as its staff set it up: details, settings, providers and hours, types, payers."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from medsec_desktop.services.practice import settings
from medsec_desktop.services.practice.settings import SETTINGS, Setting

if TYPE_CHECKING:
    from medsec_desktop.services.practice import checks, records
    from medsec_desktop.services.practice.practice import Practice
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
    "records",
    "settings",
]


def __getattr__(name: str) -> Any:
    """A record, the checks or `Practice`, imported when first wanted.

    The log-in and Today need the settings only, and the wizard does without the database.
    """
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in ("checks", "records"):
        return import_module(f"{__name__}.{name}")
    return getattr(
        import_module(f"{__name__}.{'practice' if name == 'Practice' else 'records'}"), name
    )
