"""Letters: composed from a visit or a file, seen as they print, archived, printed, voided."""

from medsec_desktop.services.letters.composing import CONFIRMATION
from medsec_desktop.services.letters.known import About
from medsec_desktop.services.letters.letters import Letters
from medsec_desktop.services.letters.records import (
    LetterDraft,
    LetterRow,
    TemplateRow,
    VisitToWrite,
)
from medsec_desktop.services.letters.templates import (
    Origin,
    TemplateChange,
    TemplateDetail,
    Templates,
)

__all__ = [
    "CONFIRMATION",
    "About",
    "LetterDraft",
    "LetterRow",
    "Letters",
    "Origin",
    "TemplateChange",
    "TemplateDetail",
    "TemplateRow",
    "Templates",
    "VisitToWrite",
]
