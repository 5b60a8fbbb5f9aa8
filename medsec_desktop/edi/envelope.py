"""Who sends a file to whom, and the numbers on its envelope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from medsec_desktop.domain.claims.claim import Party


@dataclass(slots=True)
class Envelope:
    """Who sends to whom, and the numbers of this file. Control numbers are never used twice.

    `batch` is echoed by the 277CA, `group_number` by the 999, `interchange_number` by the TA1.
    """

    sender_id: str
    receiver_id: str
    submitter: Party
    receiver: Party
    made_at: datetime
    interchange_number: int
    group_number: int
    set_number: int
    batch: str
    sender_kind: str = "ZZ"
    receiver_kind: str = "ZZ"
    group_sender: str = ""  # where it differs from sender_id
    group_receiver: str = ""
    is_test: bool = False
    wants_acknowledgement: bool = False
