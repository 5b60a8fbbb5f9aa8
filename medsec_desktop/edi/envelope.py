"""Who sends a file to whom, and the numbers on its envelope."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from medsec_desktop.domain.claims.claim import Contact, Party
from medsec_desktop.domain.claims.plain import safe
from medsec_desktop.problems import Invalid

# The texts on an envelope, by the names they have in the settings of a clearing house: the fewest and the
# most letters (ISA06 and GS02, ISA08 and GS03, NM103 and NM109 of 1000A and 1000B, PER02, PER04).
ROOM = {
    "sender_id": (2, 15), "receiver_id": (2, 15), "group_sender": (2, 15), "group_receiver": (2, 15),
    "submitter_name": (1, 60), "submitter_id": (2, 80), "receiver_name": (1, 60),
    "receiver_number": (2, 80), "contact_name": (1, 60), "contact_phone": (1, 256),
    "contact_email": (1, 256),
}  # fmt: skip


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

    def check(self) -> None:
        """Raises Invalid, naming the field of the settings, for what a file has no room for."""
        contact = self.submitter.contact or Contact()
        texts = {
            "sender_id": self.sender_id, "receiver_id": self.receiver_id,
            "group_sender": self.group_sender or self.sender_id,
            "group_receiver": self.group_receiver or self.receiver_id,
            "submitter_name": self.submitter.family, "submitter_id": self.submitter.id,
            "receiver_name": self.receiver.family, "receiver_number": self.receiver.id,
        }  # fmt: skip
        for field, text in texts.items():
            fits(field, text)
        ways = {"contact_phone": contact.phone, "contact_email": contact.email}
        if not any(safe(text) for text in (*ways.values(), contact.fax)):
            raise Invalid(
                "A file names whom to ask about it, with a phone or an e-mail address.",
                "Neither the clearing house’s settings nor the practice’s profile say one (loop 1000A, PER).",
                "Add a phone with ten digits to the clearing house or the practice.",
                field="contact_phone",
            )
        for field, text in {"contact_name": contact.name, **ways}.items():
            if text:
                fits(field, text)


def fits(field: str, text: str) -> None:
    """Raises Invalid where a text of the envelope is too short or too long for a file."""
    fewest, most = ROOM[field]
    if not fewest <= len(safe(text)) <= most:
        raise Invalid(
            f"“{text}” does not fit into the head of a file.",
            f"It has room for {fewest} to {most} letters and digits.",
            "Correct it in the settings of the clearing house.",
            field=field,
        )
