"""Letters: composed from a visit or a file, seen as they print, archived, printed, voided."""

from medsec_desktop.services.letters.letters import CONFIRMATION, Letters
from medsec_desktop.services.letters.records import (
    LetterDraft,
    LetterRow,
    TemplateRow,
    VisitToWrite,
)

__all__ = [
    "CONFIRMATION",
    "LetterDraft",
    "LetterRow",
    "Letters",
    "TemplateRow",
    "VisitToWrite",
]
