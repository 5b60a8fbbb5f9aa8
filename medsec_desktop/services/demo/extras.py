"""What the demo's practice made its own: fields, formats, quick texts, sheets of labels, a few photos."""

from __future__ import annotations

import random
import struct
import zlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.patients.custom_fields import CustomFieldDraft
from medsec_desktop.services.practice.quick_texts import QuickTextDraft
from medsec_desktop.services.stocks import StockDraft

if TYPE_CHECKING:
    from medsec_desktop.services.office import Office

_PHARMACIES = ("Thistle Falls Pharmacy", "Quillport Drugs", "Harbor Street Chemist")
_QUICK_TEXTS = (
    ("lmom", "Left message on machine; asked to call back."),
    ("lmwp", "Left message with a person; asked to call back."),
    ("na2", "No answer at the second try. Will try again tomorrow."),
    ("dirs", "Entrance on Lantern Street, second door; the elevator is to the left."),
    ("fast", "Please eat nothing from midnight on; water is fine."),
)
_SHEETS = (
    StockDraft("labels", "Lab freezer labels", 215.9, 279.4, 4, 9, 45, 25, 12, 20, 49, 27),
    StockDraft("envelope", "Records envelope", 305, 229),
)
_PHOTOS = 3
_SIDE = 64


def make_own(office: Office) -> None:
    """Define fields and texts, and fill some of them in. The demo's people are on file already."""
    session = office.session
    with session.change("Make the demo clinic its own", Permission.EDIT_SETTINGS, sealed=True):
        for short, text in _QUICK_TEXTS:
            office.quick_texts.save(QuickTextDraft(short, text))
        for sheet in _SHEETS:
            office.stocks.save(sheet)
        fields = [
            office.custom_fields.save(draft)
            for draft in (
                CustomFieldDraft("Pharmacy", "pick", _PHARMACIES),
                CustomFieldDraft("Comes by ferry", "tick"),
                CustomFieldDraft("Emergency plan gone over", "date"),
                CustomFieldDraft("Parking tag"),
            )
        ]
        _fill_in(office, fields)
        for (patient_id,) in session.db.rows(
            "SELECT p.id FROM patient p WHERE p.status = 'active' AND p.preferred_name <> ''"
            " ORDER BY (SELECT count(*) FROM patient_alert a WHERE a.patient_id = p.id) > 0 DESC,"
            " p.id LIMIT ?",
            (_PHOTOS,),
        ):
            office.photos.put(patient_id, _portrait(patient_id))


def _fill_in(office: Office, fields: list[int]) -> None:
    chance, today = random.Random(len(fields)), office.clock.today()
    pharmacy, ferry, plan, tag = fields
    values: list[Any] = []
    for (patient_id,) in office.session.db.rows("SELECT id FROM patient ORDER BY id"):
        if chance.random() < 0.35:
            values += (patient_id, pharmacy, chance.choice(_PHARMACIES))
        if chance.random() < 0.06:
            values += (patient_id, ferry, "1")
        if chance.random() < 0.08:
            day = today - timedelta(days=chance.randrange(700))
            values += (patient_id, plan, day.isoformat())
        if chance.random() < 0.04:
            values += (patient_id, tag, f"P-{chance.randrange(100, 999)}")
    rows = [values[at : at + 3] for at in range(0, len(values), 3)]
    for start in range(0, len(rows), 300):
        some = rows[start : start + 300]
        office.session.db.execute(
            "INSERT INTO custom_value (patient_id, field_id, value) VALUES "
            + ", ".join(["(?, ?, ?)"] * len(some)),
            [value for row in some for value in row],
        )


def _portrait(seed: int) -> bytes:
    """A head and shoulders in two colours, as a PNG: nobody's face."""
    chance = random.Random(seed)
    back = bytes(chance.randrange(150, 225) for _ in range(3))
    skin = bytes(chance.randrange(70, 150) for _ in range(3))
    lines = bytearray()
    for y in range(_SIDE):
        lines.append(0)
        for x in range(_SIDE):
            head = (x - 32) ** 2 + (y - 25) ** 2 < 13**2
            shoulders = (x - 32) ** 2 / 26**2 + (y - 66) ** 2 / 24**2 < 1
            lines += skin if head or shoulders else back
    header = struct.pack(">IIBBBBB", _SIDE, _SIDE, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(name, content)
        for name, content in (
            (b"IHDR", header), (b"IDAT", zlib.compress(bytes(lines))), (b"IEND", b""),
        )
    )  # fmt: skip


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(
        ">I", zlib.crc32(name + content)
    )  # fmt: skip
