"""The words of a letter as its row keeps them."""

from __future__ import annotations

import json

from medsec_desktop.services.letters.records import LetterDraft
from medsec_desktop.store.database import Database


def stored_draft(db: Database, letter_id: int) -> LetterDraft | None:
    """Its draft as it was written last; None where a letter has no words, or an earlier program kept none."""
    content = db.value("SELECT content FROM letter WHERE id = ?", (letter_id,))
    return LetterDraft.from_state(json.loads(content)) if content else None
