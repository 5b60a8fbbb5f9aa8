"""Settings: how long a payer's answer holds, how far ahead payers are asked, when referrals are chased."""

from __future__ import annotations

from medsec_desktop.services.practice import settings
from medsec_desktop.ui.practice.settings_page import SettingsPage
from medsec_desktop.ui.widgets import Section


class InsurancePage(SettingsPage):
    """What the insurance light and the two lists go by."""

    id = "insurance"
    name = "Insurance"
    icon = "shield-check"
    words = "When a payer has to be asked again, and when somebody asks how a referral stands."
    finds = "verify verification eligibility referral chase days ahead list light"

    def build(self) -> None:
        for title, group in (
            ("Verifying", (settings.VERIFIED_DAYS, settings.VERIFY_AHEAD)),
            ("Referrals", (settings.REFERRAL_CHASE_DAYS,)),
        ):
            section = Section(title)
            section.body.addLayout(self.settings_grid(*group, suffix=" days"))
            self.inside.addWidget(section)
