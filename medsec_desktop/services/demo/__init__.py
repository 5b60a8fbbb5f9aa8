"""The demo clinic: invented people, two years of visits, always of today."""

from medsec_desktop.services.demo.demo import PATIENTS, ensure_demo, open_demo
from medsec_desktop.services.welcome import DEMO_LOGIN, DEMO_PASSWORD

__all__ = ["DEMO_LOGIN", "DEMO_PASSWORD", "PATIENTS", "ensure_demo", "open_demo"]
