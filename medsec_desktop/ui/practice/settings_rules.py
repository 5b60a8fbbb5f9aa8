"""Settings: what booking checks, and how firmly."""

from __future__ import annotations

from medsec_desktop.services.practice import settings
from medsec_desktop.ui.practice.settings_page import SettingsPage
from medsec_desktop.ui.widgets import Section

_GROUPS = (
    (
        "Who and where",
        (
            settings.RULE_OVERLAP,
            settings.RULE_ROOM_TAKEN,
            settings.RULE_SAME_DAY,
            settings.RULE_BUFFER,
            settings.RULE_ROOM_KIND,
            settings.RULE_PATIENT_GONE,
            settings.RULE_AUTHORIZATION,
        ),
    ),
    (
        "When",
        (
            settings.RULE_OUTSIDE_HOURS,
            settings.RULE_ROOM_CLOSED,
            settings.RULE_CLOSURE,
            settings.RULE_HOLIDAY,
            settings.RULE_BLOCKED,
            settings.RULE_HELD,
            settings.RULE_PAST_DATE,
        ),
    ),
    (
        "The calendar",
        (settings.CALENDAR_STEP_MIN, settings.SLOT_STARTS, settings.LATE_CANCEL_HOURS),
    ),
)


class RulesPage(SettingsPage):
    """What booking checks, and how firmly."""

    id = "rules"
    name = "Booking rules"
    icon = "calendar-check"
    words = "What booking checks, and whether a reason may set it aside. Every reason is recorded."
    finds = (
        "overlap double booking same day outside hours closed calendar step override room holiday"
        " block-out hold buffer authorization past deceased archived late cancellation free times"
        " hard soft"
    )

    def build(self) -> None:
        for title, group in _GROUPS:
            section = Section(title)
            section.body.addLayout(self.settings_grid(*group, suffix=" hours"))
            self.inside.addWidget(section)
