"""The demo clinic's price list, fee schedules, favourites, and what its visits of late were charged.

The code numbers are real, so that claims can be tried; every word about them is of our own.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from medsec_desktop.domain.claims.charges import times
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.services.practice import settings

if TYPE_CHECKING:
    from medsec_desktop.services.office import Office

Fields: TypeAlias = dict[str, Any]

DAYS_CHARGED = 24  # back from today
_DAYS_BEHIND = 1  # the desk has not come to yet
_LEFT_BEHIND = 0.01  # of the older ones, for the list
_FOR_NOTHING = 0.03
_WHY_NOTHING = ("Included in the procedure last week", "Courtesy of the house",
                "Came by mistake, seen all the same")  # fmt: skip

# code, words, section, charge in cents, and what differs from the usual
_PROCEDURES: tuple[tuple[str, str, str, int, Fields], ...] = (
    ("99212", "Visit, short", "Visits", 7_800, {}),
    ("99213", "Visit, usual", "Visits", 12_500, {}),
    ("99214", "Visit, long", "Visits", 18_400, {}),
    ("99215", "Visit, very long", "Visits", 25_200, {}),
    ("99203", "First visit, usual", "Visits", 16_900, {}),
    ("99204", "First visit, long", "Visits", 25_400, {}),
    ("99441", "Telephone call, short", "Visits", 5_600, {"place": "10"}),
    ("99392", "Check-up, toddler", "Prevention", 15_200, {}),
    ("99393", "Check-up, school child", "Prevention", 15_000, {}),
    ("99395", "Yearly visit, 18 to 39", "Prevention", 17_600, {}),
    ("99396", "Yearly visit, 40 to 64", "Prevention", 18_900, {}),
    ("G0439", "Yearly wellness visit, Medicare", "Prevention", 17_200, {}),
    ("90471", "Giving of the first shot", "Shots and drugs", 3_200, {}),
    ("90686", "Flu shot", "Shots and drugs", 4_100, {}),
    ("96372", "Giving of an injection", "Shots and drugs", 3_400, {}),
    ("J1885", "Pain injection, per 15 mg", "Shots and drugs", 650,
     {"needs_drug": 1, "ndc": "00409379501", "ndc_quantity": "1", "ndc_unit": "ML"}),
    ("J3420", "Vitamin B-12, up to 1 mg", "Shots and drugs", 900,
     {"needs_drug": 1, "ndc": "99999342001", "ndc_quantity": "1", "ndc_unit": "ML"}),
    ("36415", "Blood drawn", "Laboratory", 1_200, {}),
    ("81002", "Urine strip", "Laboratory", 900, {"needs_clia": 1}),
    ("87880", "Throat swab, quick test", "Laboratory", 2_900, {"needs_clia": 1}),
    ("82962", "Sugar, by stick", "Laboratory", 700, {"needs_clia": 1}),
    ("93000", "Heart tracing with reading", "Procedures", 5_200, {}),
    ("94010", "Breathing test", "Procedures", 6_800, {}),
    ("20610", "Injection into a large joint", "Procedures", 14_500, {}),
    ("11102", "Skin sample, one", "Procedures", 19_800, {}),
    ("17110", "Warts removed, up to 14", "Procedures", 16_400, {}),
    ("69210", "Ear wax removed", "Procedures", 8_200, {}),
)  # fmt: skip

_FAVOURITES = (
    "I10", "E119", "E785", "J069", "M5450", "F411", "N390", "E039", "K219", "J309", "R5383", "Z0000",
)  # fmt: skip
_CHILDRENS_FAVOURITES = ("Z00129", "J069", "H6690", "J029", "L209", "Z23", "R509", "J4520")

# What a kind of visit usually is: the codes of which one, what may go with it, and why.
_USUAL: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "Follow-up": (("99212", "99213", "99213", "99213", "99214"), ("36415", "82962", "93000"),
                  ("I10", "E119", "E785", "M5450", "F411", "E039", "K219", "J309")),
    "New patient": (("99203", "99204"), ("36415", "93000"), ("I10", "R5383", "E785", "M5450")),
    "Yearly visit": (("99396", "99395", "G0439"), ("36415", "90471"), ("Z0000",)),
    "Child check-up": (("99392", "99393"), ("90471",), ("Z00129",)),
    "Procedure": (("20610", "11102", "17110", "69210"), (), ("M1711", "D225", "B078", "H6120")),
    "Nurse visit": (("96372", "90471", "36415"), ("J3420", "90686"), ("E538", "Z23", "E119")),
    "Telephone": (("99441",), (), ("I10", "J069", "F411")),
    "Forms and papers": (("99212",), (), ("Z0289",)),
}  # fmt: skip


def furnish(office: Office) -> None:
    """The procedure list, two fee schedules, and everybody's favourites."""
    db, today = office.session.db, office.clock.today()
    with office.session.change(
        "Price the demo clinic’s services", Permission.EDIT_SETTINGS, sealed=True
    ):
        since = today - timedelta(days=DAYS_CHARGED)
        office.practice.put(settings.CLAIMS_FROM, since.isoformat())
        for position, (code, words, section, cents, more) in enumerate(_PROCEDURES):
            row = {"code": code, "words": words, "section": section, "position": position,
                   "charge_cents": cents, **more}  # fmt: skip
            db.execute(
                f"INSERT INTO procedure ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
                tuple(row.values()),
            )
        first = today.replace(month=1, day=1)
        _schedule(office, f"Standard {first.year}", None, first, 100)
        payer = db.value("SELECT min(id) FROM payer WHERE name LIKE 'Lantern%'")
        _schedule(office, f"Lantern contract {first.year}", payer, first, 92)
        providers = office.practice.providers(bookable_only=True)
        for provider in providers:
            is_childrens = provider.specialty == "Pediatrics"
            codes = _CHILDRENS_FAVOURITES if is_childrens else _FAVOURITES
            for kind, chosen in (
                ("diagnosis", codes),
                ("procedure", ("99213", "99214", "36415") if not is_childrens
                 else ("99213", "99392", "87880")),
            ):  # fmt: skip
                for position, code in enumerate(chosen):
                    db.execute(
                        "INSERT INTO code_favourite (provider_id, kind, code, position)"
                        " VALUES (?, ?, ?, ?)",
                        (provider.id, kind, code, position),
                    )


def _schedule(office: Office, name: str, payer: int | None, first: date, percent: int) -> None:
    db = office.session.db
    number = db.execute(
        "INSERT INTO fee_schedule (name, payer_id, valid_from_on) VALUES (?, ?, ?)",
        (name, payer, first.isoformat()),
    ).lastrowid
    for code, _, _, cents, _ in _PROCEDURES:
        db.execute(
            "INSERT INTO fee (fee_schedule_id, code, amount_cents) VALUES (?, ?, ?)",
            (number, code, cents * percent // 100),
        )


def charge(office: Office, seed: int) -> None:
    """What the visits of the last weeks were charged; the newest wait for the desk."""
    db, today = office.session.db, office.clock.today()
    rows = db.rows(
        "SELECT e.id, e.starts_at, t.name, e.payer_id FROM encounter e"
        " JOIN appointment a ON a.id = e.appointment_id"
        " JOIN appointment_type t ON t.id = a.type_id"
        " WHERE e.starts_at >= ? AND e.starts_at < ? ORDER BY e.starts_at, e.id",
        (
            (today - timedelta(days=DAYS_CHARGED)).isoformat(),
            (today - timedelta(days=_DAYS_BEHIND)).isoformat(),
        ),
    )
    clerk = _Clerk(office, random.Random(seed))
    with office.session.change(
        "Charge the demo clinic’s visits", Permission.EDIT_CHARGES, sealed=True
    ):
        for encounter_id, starts_at, kind, payer_id in rows:
            clerk.charge(int(encounter_id), str(starts_at), str(kind), payer_id)
        clerk.write()


class _Clerk:
    def __init__(self, office: Office, chance: random.Random):
        self._office, self._chance = office, chance
        self._sheets: list[Fields] = []
        self._diagnoses: list[Fields] = []
        self._lines: list[Fields] = []
        self._ids: dict[str, int] = dict(office.session.db.rows("SELECT code, id FROM procedure"))
        self._prices: dict[tuple[str, int | None], int] = {}

    def charge(self, encounter_id: int, starts_at: str, kind: str, payer_id: int | None) -> None:
        chance = self._chance
        if kind not in _USUAL or chance.random() < _LEFT_BEHIND:
            return
        number = len(self._sheets) + 1
        is_free = chance.random() < _FOR_NOTHING
        self._sheets.append(
            {
                "id": number,
                "encounter_id": encounter_id,
                "status": "no-charge" if is_free else "charged",
                "no_charge_reason": chance.choice(_WHY_NOTHING) if is_free else "",
                "is_self_pay": int(payer_id is None),
                "place": "10" if kind == "Telephone" else "11",
                "decided_at": f"{starts_at[:10]}T17:30",
                "decided_by": "Bel Ferreira",
            }
        )
        if is_free:
            return
        first, also, why = _USUAL[kind]
        codes = chance.sample(why, k=min(len(why), chance.choice((1, 1, 2, 2, 3))))
        for position, code in enumerate(codes):
            self._diagnoses.append({"charge_sheet_id": number, "position": position, "code": code})
        done = [chance.choice(first), *([chance.choice(also)] if also and chance.random() < 0.45
                                        else [])]  # fmt: skip
        for position, code in enumerate(done):
            self._line(
                number, position, code, len(codes) if not position else 1, payer_id, starts_at
            )

    def _line(
        self, sheet: int, position: int, code: str, pointers: int, payer_id: int | None, at: str
    ) -> None:
        words, more = next((words, more) for one, words, _, _, more in _PROCEDURES if one == code)
        modifiers = "25" if not position and code.startswith("9921") and pointers > 2 else ""
        self._lines.append(
            {
                "charge_sheet_id": sheet,
                "position": position,
                "procedure_id": self._ids[code],
                "code": code,
                "modifiers": "93" if code == "99441" else modifiers,  # by telephone alone
                "words": words,
                "pointers": "ABCD"[:pointers],
                "charge_cents": times(self._price(code, payer_id, at), "1"),
                **{name: more.get(name, "") for name in ("ndc", "ndc_quantity", "ndc_unit")},
            }
        )

    def _price(self, code: str, payer_id: int | None, at: str) -> int:
        key = (code, payer_id)
        if key not in self._prices:
            day = self._office.clock.today()
            found = self._office.fees.fee(code, (), payer_id, day)
            self._prices[key] = found.cents if found is not None else 1_000
        return self._prices[key]

    def write(self) -> None:
        """Everything in few statements."""
        for table, rows in (
            ("charge_sheet", self._sheets), ("charge_diagnosis", self._diagnoses),
            ("charge_line", self._lines),
        ):  # fmt: skip
            insert(self._office, table, rows)


def insert(office: Office, table: str, rows: Sequence[Fields], at_once: int = 500) -> None:
    """Write rows that all have the same fields."""
    for start in range(0, len(rows), at_once):
        some = rows[start : start + at_once]
        columns = tuple(some[0])
        marks = f"({', '.join('?' * len(columns))})"
        office.session.db.execute(
            f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([marks] * len(some))}",
            [value for row in some for value in row.values()],
        )
