"""Modifiers a practice writes often, each in a few words of our own to find it by.

What exactly a modifier asks stands in the books of codes; these words are hints for the eye. Those of
HCPCS Level II come with CMS’s file in CMS’s own words, once it is taken in.
"""

from __future__ import annotations

import re

from medsec_desktop.problems import Invalid

MOST_MODIFIERS = 4  # CMS-1500 item 24D, 837P SV101-3 to -6

MODIFIERS = {
    "22": "much more work than usual", "24": "unrelated visit within aftercare",
    "25": "a visit of its own on the day of a procedure", "26": "the professional part only",
    "33": "prevention", "50": "both sides", "51": "one of several procedures", "52": "reduced",
    "53": "broken off", "54": "surgery only", "55": "aftercare only",
    "57": "visit at which surgery was decided", "58": "planned next stage",
    "59": "a procedure apart from the others", "76": "done again by the same provider",
    "77": "done again by another provider", "78": "back to the operating room",
    "79": "unrelated procedure within aftercare", "80": "assistant at surgery",
    "90": "outside laboratory", "91": "laboratory test repeated", "93": "by telephone",
    "95": "by video", "AA": "anesthesia by the physician in person", "AT": "acute treatment",
    "GA": "waiver signed, as payment is doubtful", "GT": "by video", "GY": "not covered by law",
    "GZ": "thought not necessary, no waiver", "KX": "requirements met", "LT": "left side",
    "QK": "two to four anesthesias directed", "QW": "waived laboratory test",
    "QX": "nurse anesthetist, directed", "QY": "one anesthesia directed",
    "QZ": "nurse anesthetist, not directed", "RT": "right side", "TC": "the technical part only",
    "XE": "another encounter", "XP": "another practitioner", "XS": "another structure",
    "XU": "unusual, does not overlap",
}  # fmt: skip

_SHAPE = re.compile(r"[0-9A-Z]{2}", re.ASCII)


def parse_modifiers(text: str) -> tuple[str, ...]:
    """The modifiers typed as “25 lt”, “25,LT” or “25LT”, each once. Raises Invalid."""
    found: list[str] = []
    for word in re.split(r"[\s,;:./-]+", text.upper().strip()):
        if len(word) % 2:
            raise Invalid(
                f"“{word}” is no modifier: each has two characters.",
                remedy="Type them like 25 LT.",
                field="modifiers",
            )
        found += [word[at : at + 2] for at in range(0, len(word), 2)]
    for one in found:
        if not _SHAPE.fullmatch(one):
            raise Invalid(
                f"“{one}” is no modifier: each has two letters or digits.",
                remedy="Type them like 25 LT.",
                field="modifiers",
            )
        if found.count(one) > 1:
            raise Invalid(f"The modifier {one} is there twice.", field="modifiers")
    if len(found) > MOST_MODIFIERS:
        raise Invalid(
            f"A line takes four modifiers; these are {len(found)}.",
            remedy="Keep those that matter most for payment.",
            field="modifiers",
        )
    return tuple(found)
