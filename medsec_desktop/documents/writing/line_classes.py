"""Which class of line breaking a character is of: Unicode's LineBreak.txt, for all that our fonts print.

Letters are AL, and most else follows from the general category; `_LISTED` holds what does not. Source:
Unicode Character Database 16.0, Unicode Licence V3.
"""

from __future__ import annotations

import unicodedata
from functools import cache

# fmt: off
_LISTED = {
    "AL": (
        "70F 1B50-1B59 2061-2064 3040 3097-3098 3100-3104 4DC0-4DFF"
    ),
    "B2": (
        "2014 2E3A-2E3B"
    ),
    "BA": (
        "9 7C AD 964-965 E5A-E5B F0B F34 F7F F85 FBE-FBF FD2 104A-104B 1361 "
        "1680 16EB-16ED 1735-1736 17D4-17D5 17D8 17DA 1804-1805 1B5A-1B5B 1B5D-1B60 "
        "1B7D-1B7E 1C3B-1C3F 1C7E-1C7F 2000-2006 2008-200A 2027 2056 "
        "2058-205B 205D-205F 2E0E-2E15 2E19 2E2A-2E2D 2E30-2E31 2E33-2E34 2E3C-2E3E "
        "2E41 2E43-2E4A 2E4C 2E4E-2E4F 3000 A92E"
    ),
    "BB": (
        "B4 2C8 2CC 2DF C77 C84 F01-F04 F06-F07 F09-F0A FD0-FD1 FD3 1806 1FFD A8FC "
        "11B00-11B09"
    ),
    "BK": (
        "B-C 2028-2029"
    ),
    "CB": (
        "FFFC"
    ),
    "CL": (
        "7D F3B F3D 169C 2046 207E 208E 2309 230B 2769 276B 276D 276F 2771 2773 2775 27C6 "
        "27E7 27E9 27EB 27ED 27EF 2984 2986 2988 298A 298C 298E 2990 2992 2994 2996 2998 "
        "29D9 29DB 29FD 2E23 2E25 2E27 2E29 3001-3002 3009 300B 300D 300F 3011 3015 3017 "
        "3019 301B 301E-301F FD3E FE10-FE12 FE18 FE36 FE38 FE3A FE3C FE3E FE40 FE42 FE44 "
        "FE50 FE52 FE5A FE5C FE5E FF09 FF0C FF0E FF3D FF5D FF61 FF63-FF64"
    ),
    "CM": (
        "3035 10EFD-10EFF"
    ),
    "CP": (
        "29 5D"
    ),
    "CR": (
        "D"
    ),
    "EB": (
        "261D 270B-270D 1F3C2-1F3C4 1F3CA-1F3CC 1F442-1F44E 1F46A 1F574-1F575 1F590"
    ),
    "EX": (
        "21 3F 5C6 61B 61D-61F 6D4 7F9 F0D-F11 F14 1802-1803 1808-1809 1944-1945 "
        "2762-2763 2E2E FE15-FE16 FE56-FE57 FF01 FF1F"
    ),
    "GL": (
        "A0 34F 35C-362 F08 F0C F12 FD9-FDA 180E 1DCD 1DFC 2007 2011 202F FE20 FE22 FE24 "
        "FE26-FE27 FE29 FE2B FE2D-FE2E"
    ),
    "HH": (
        "58A 5BE 1400 2010 2012-2013 2E17 2E40"
    ),
    "HY": (
        "2D"
    ),
    "ID": (
        "1B5C 1B61-1B6A 1B74-1B7C 231A-231B 23F1-23F3 2600-2603 2614-2615 2618 261A-261C "
        "261E-261F 2668 267F 26BD-26C8 26CD-26D1 26D3-26D4 26D8-26D9 26DC 26DF-2704 "
        "2708-2709 2764 FE51 FE5F-FE68 FE6B FF10-FF19 FF66 FF71-FF9D FFE2-FFE4 "
        "1F000-1F0F5 1F30D-1F336 1F378-1F39B 1F39E-1F3AE 1F3C6 1F3CD-1F441 1F453 "
        "1F47D-1F4FE 1F507-1F513 1F54A-1F573 1F576-1F58F 1F591-1F5D3 1F5DC-1F5F3 1F5FA "
        "1F687-1F6FC 1F7D5-1F7EB 1F93B-1F946 1FA60-1FAD6"
    ),
    "IN": (
        "2024-2026 22EF FE19"
    ),
    "IS": (
        "2C 2E 3A-3B 37E 589 60C-60D 7F8 2044"
    ),
    "LF": (
        "A"
    ),
    "NL": (
        "85"
    ),
    "NS": (
        "17D6 203C-203D 2047-2049 3005 301C 303B-303C 3041 3043 3045 3047 3049 3063 3083 "
        "3085 3087 308E 3095-3096 309B-309E 30A0-30A1 30A3 30A5 30A7 30A9 30C3 30E3 30E5 "
        "30E7 30EE 30F5-30F6 30FB-30FE FE13-FE14 FE54-FE55 FF1A-FF1B FF65 FF67-FF70 "
        "FF9E-FF9F 1F679-1F67B"
    ),
    "NU": (
        "600-605 66B-66C 6DD 890-891 8E2 19DA"
    ),
    "OP": (
        "28 5B 7B A1 BF F3A F3C 169B 201A 201E 2045 207D 208D 2308 230A 2768 276A 276C "
        "276E 2770 2772 2774 27C5 27E6 27E8 27EA 27EC 27EE 2983 2985 2987 2989 298B 298D "
        "298F 2991 2993 2995 2997 29D8 29DA 29FC 2E18 2E22 2E24 2E26 2E28 2E42 3008 300A "
        "300C 300E 3010 3014 3016 3018 301A 301D FD3F FE17 FE35 FE37 FE39 FE3B FE3D FE3F "
        "FE41 FE43 FE59 FE5B FE5D FF08 FF3B FF5B FF62"
    ),
    "PO": (
        "25 A2 B0 609-60B 66A 9F2-9F3 9F9 D79 2030-2037 2057 20A7 20B6 20BB 20BE 2103 "
        "2109 A838 FDFC FE6A FF05 FFE0"
    ),
    "PR": (
        "24 2B 5C A3-A5 B1 58F 7FE-7FF 9FB AF1 BF9 E3F 17DB 20A0-20A6 20A8-20B5 20B7-20BA "
        "20BC-20BD 20BF 2116 2212-2213 FE69 FF04 FFE1 FFE5-FFE6"
    ),
    "QU": (
        "22 27 AB BB 2018-2019 201B-201D 201F 2039-203A 275B-2760 2E00-2E0D 2E1C-2E1D "
        "2E20-2E21 1F676-1F678"
    ),
    "SP": (
        "20"
    ),
    "SY": (
        "2F"
    ),
    "WJ": (
        "2060 FEFF"
    ),
    "ZW": (
        "200B"
    ),
    "ZWJ": (
        "200D"
    ),
}
# fmt: on


@cache
def line_class(character: str) -> str:
    """The class of UAX 14, with AI, SA, SG and XX resolved to AL or CM, and CJ to NS."""
    return _listed().get(ord(character)) or _usual(character)


@cache
def _listed() -> dict[int, str]:
    found: dict[int, str] = {}
    for name, ranges in _LISTED.items():
        for part in ranges.split():
            first, _, last = part.partition("-")
            found.update(dict.fromkeys(range(int(first, 16), int(last or first, 16) + 1), name))
    return found


def _usual(character: str) -> str:
    code, category = ord(character), unicodedata.category(character)
    if 0xAC00 <= code <= 0xD7A3 or 0x1100 <= code <= 0x11FF or 0x3130 <= code <= 0x318F:
        return "AL"  # Korean sets blanks between words, and Qt ends lines only there
    if 0x5D0 <= code <= 0x5F2 or (0xFB1D <= code <= 0xFB4F and category == "Lo"):
        return "HL"
    if category in ("Mn", "Mc", "Me", "Cc", "Cf"):
        return "CM"
    if category == "Nd":
        return "NU"
    if 0x2E80 <= code <= 0xA4CF or 0xF900 <= code <= 0xFAFF or 0xFE30 <= code <= 0xFF60:
        return "ID"
    return "ID" if 0x20000 <= code <= 0x3FFFD else "AL"
