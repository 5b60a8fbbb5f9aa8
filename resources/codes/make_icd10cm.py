"""Makes `icd10cm.txt.xz`, the diagnoses that come with the program, from the public release of the CDC.

    pip install simple-icd-10-cm setuptools
    python resources/codes/make_icd10cm.py

The package (MIT) carries the CDC's own files of ICD-10-CM, which are in the public domain; it takes three
seconds and 200 MB to open them, so this is done once for each release and not in the program. Give the
release's name and days below. Each line is a code without its dot, 1 where it is billable, and its words.
"""

from __future__ import annotations

import lzma
from pathlib import Path

RELEASE = "April 2026"
EFFECTIVE_FROM, EFFECTIVE_TO = "2026-04-01", "2026-09-30"
SOURCE = "CDC, National Center for Health Statistics: ICD-10-CM tabular list"


def main() -> None:
    import simple_icd_10_cm as icd

    rows = []
    for code in icd.get_all_codes(with_dots=False):
        if icd.is_chapter_or_block(code):
            continue
        words = " ".join(icd.get_description(code).split())
        rows.append(f"{code}\t{1 if icd.is_leaf(code) else 0}\t{words}")
    head = f"#ICD-10-CM\t{RELEASE}\t{EFFECTIVE_FROM}\t{EFFECTIVE_TO}\t{SOURCE}"
    target = Path(__file__).parent / "icd10cm.txt.xz"
    text = "\n".join((head, *sorted(rows))) + "\n"
    target.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    billable = sum("\t1\t" in row for row in rows)
    print(f"{target.name}: {len(rows):,} codes, {billable:,} of them billable")


if __name__ == "__main__":
    main()
