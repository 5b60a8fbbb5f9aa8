"""Broken foreign files looked at: a sentence or a finding, never an exception."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from medsec_desktop.problems import Problem
from medsec_desktop.services.inspection import inspect
from tests.exchange.builders import (
    BUNDLE,
    CALENDAR,
    CLAIMS,
    HCPCS,
    REMITTANCE,
    VCARD,
)

_SLOWEST_S = 2.0
SMOKE, LONG = 300, 10_000
_PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
_FORMATS: dict[str, bytes] = {
    "csv": b'name,city,note\nTestperson,Boston,"a ""b"", c\nd"\nNobody,Salem,x\n' * 8,
    "vcard": (VCARD * 5).encode(),
    "icalendar": CALENDAR.encode(),
    "fhir": BUNDLE.encode(),
    "ndjson": b'{"resourceType":"Patient","id":"1"}\n{"resourceType":"Patient","id":"2"}\n',
    "x12": (REMITTANCE + CLAIMS).encode(),
    "hcpcs": HCPCS.encode(),
    "pdf": _PDF,
    "image": b"\xff\xd8\xff\xe0\x00\x10JFIF\0" + b"\0" * 9 + b"\xff\xc0\0\x11\x08\0\x02\0\x03" + b"\0" * 30,
}  # fmt: skip
_NASTY = (
    b"\0", b'"', b",", b"\n", b"\r", b"~", b"*", b"\xff\xfe", b"\xef\xbb\xbf", b"'", b"{", b"]", b"\\u",
    b"9" * 40, b"-1", b"NaN", b"1e999", b"ISA*", b"IEA*", b"BEGIN:VEVENT\n", b"\xed\xa0\x80",
    "ß𝒳\u202e".encode(), b"=HYPERLINK()", b"2023-02-30T25:61:00Z", b"0000-00-00", b"9999-12-31",
)  # fmt: skip


def mutated(content: bytes, chance: random.Random) -> bytes:
    """`content` with a few bytes cut, doubled, changed or put in."""
    work = bytearray(content)
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(work) + 1)
        length = chance.choice((1, 1, 2, 8, 40, 400))
        match chance.randrange(6):
            case 0:
                del work[at : at + length]
            case 1:
                work[at:at] = work[at : at + length]
            case 2:
                work[at:at] = chance.choice(_NASTY)
            case 3:
                work[at : at + 1] = bytes([chance.randrange(256)])
            case 4:
                del work[at:]
            case _:
                other = chance.randrange(len(work) + 1)
                work[other:other] = work[at : at + length]
    return bytes(work)


def survives(read: Callable[[], object], seed: int) -> None:
    """Reading ends in time with an answer or a Problem; what else the machine does is not counted."""
    began = time.process_time()
    with suppress(Problem):
        read()
    assert time.process_time() - began < _SLOWEST_S, f"seed {seed} took too long"


def inspect_many(name: str, tmp_path: Path, times: int) -> None:
    path = tmp_path / f"broken.{name}"
    for seed in range(times):
        path.write_bytes(mutated(_FORMATS[name], random.Random(f"{name} {seed}")))
        survives(lambda: inspect(path).words(), seed)


@pytest.mark.parametrize("name", _FORMATS)
def test_a_broken_file_is_inspected_without_an_exception(name: str, tmp_path: Path) -> None:
    inspect_many(name, tmp_path, SMOKE)


@pytest.mark.fuzz
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("name", _FORMATS)
def test_ten_thousand_broken_files_are_inspected(name: str, tmp_path: Path) -> None:
    inspect_many(name, tmp_path, LONG)
