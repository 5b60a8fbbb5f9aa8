"""How the program and its reading process talk: a JSON line of facts, then bytes.

Both run on one machine from one installation, so there is no version to agree on.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import Any, BinaryIO

_HEAD = struct.Struct(">IQ")  # bytes of JSON, bytes of content
_MOST_JSON = 64 * 1024 * 1024


class Hung(EOFError):
    """The other side ended in the middle of a message."""


def send(stream: BinaryIO, facts: dict[str, Any], content: bytes = b"") -> None:
    """Write one message."""
    told = json.dumps(facts).encode()
    stream.write(_HEAD.pack(len(told), len(content)))
    stream.write(told)
    stream.write(content)
    stream.flush()


def receive(stream: BinaryIO, most: int) -> tuple[dict[str, Any], bytes]:
    """Read one message; content beyond `most` bytes ends the talk. Raises Hung at the end."""
    head = _exactly(stream.read, _HEAD.size)
    told, size = _HEAD.unpack(head)
    if told > _MOST_JSON or size > most:
        raise Hung("a message beyond every limit")
    facts: dict[str, Any] = json.loads(_exactly(stream.read, told))
    return facts, _exactly(stream.read, size)


def _exactly(read: Callable[[int], bytes | None], size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = read(min(size, 1 << 20))
        if not part:
            raise Hung("the other side has ended")
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
