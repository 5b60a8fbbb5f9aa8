"""Which states a ZIP code's first three digits belong to.

Every one of the 42,789 ZIP codes of the package `zipcodes` 3.0.0 lies where this says (a test asks them all).
A prefix is no boundary of a state all the same, so what it finds is only ever a warning.
"""

from __future__ import annotations

# (first prefix, last prefix, state); ranges of the list, small exceptions as ranges of their own.
_RANGES: tuple[tuple[int, int, str], ...] = (
    (5, 5, "NY"), (6, 7, "PR"), (8, 8, "VI"), (9, 9, "PR"), (10, 27, "MA"), (28, 29, "RI"),
    (30, 38, "NH"), (39, 49, "ME"), (50, 54, "VT"), (55, 55, "MA"), (56, 59, "VT"), (60, 69, "CT"),
    (70, 89, "NJ"), (90, 99, "AE"), (100, 149, "NY"), (150, 196, "PA"), (197, 199, "DE"),
    (200, 200, "DC"), (201, 201, "VA"), (202, 205, "DC"), (206, 219, "MD"), (220, 246, "VA"),
    (247, 268, "WV"), (270, 289, "NC"), (290, 299, "SC"), (300, 319, "GA"), (320, 339, "FL"),
    (340, 340, "AA"), (341, 349, "FL"), (350, 369, "AL"), (370, 385, "TN"), (386, 397, "MS"),
    (398, 399, "GA"), (400, 427, "KY"), (430, 459, "OH"), (460, 479, "IN"), (480, 499, "MI"),
    (500, 528, "IA"), (530, 549, "WI"), (550, 567, "MN"), (569, 569, "DC"), (570, 577, "SD"),
    (580, 588, "ND"), (590, 599, "MT"), (600, 629, "IL"), (630, 658, "MO"), (660, 679, "KS"),
    (680, 693, "NE"), (700, 714, "LA"), (716, 729, "AR"), (730, 732, "OK"), (733, 733, "TX"),
    (734, 749, "OK"), (750, 799, "TX"), (800, 816, "CO"), (820, 831, "WY"), (832, 838, "ID"),
    (840, 847, "UT"), (850, 865, "AZ"), (870, 884, "NM"), (885, 885, "TX"), (889, 898, "NV"),
    (900, 961, "CA"), (962, 966, "AP"), (967, 968, "HI"), (969, 969, "GU"), (970, 979, "OR"),
    (980, 994, "WA"), (995, 999, "AK"),
)  # fmt: skip
_ALSO = {"AS": (967,), "MP": (969,), "FM": (969,), "MH": (969,), "PW": (969,), "VI": (8,)}
# Post offices over the border: a delivery route may cross it.
_BORDERS = {
    ("NY", 63), ("WY", 834), ("AR", 750), ("KY", 452), ("NJ", 99), ("MD", 205), ("VA", 205), ("MO", 726),
    ("TX", 739), ("DC", 888),
}  # fmt: skip

STATES = frozenset(state for _, _, state in _RANGES) | frozenset(_ALSO)


def may_be(postal_code: str, state: str) -> bool:
    """Whether a ZIP code can lie in that state; True where either is not readable."""
    if len(postal_code) < 3 or not postal_code[:3].isdigit() or state not in STATES:
        return True
    prefix = int(postal_code[:3])
    if prefix in _ALSO.get(state, ()) or (state, prefix) in _BORDERS:
        return True
    return any(first <= prefix <= last and where == state for first, last, where in _RANGES)
