"""Which characters of a sheet no font of ours can print, and where they stand."""

from __future__ import annotations

from medsec_desktop.documents import fonts
from medsec_desktop.documents.writing.sheet import Sheet
from medsec_desktop.domain.writing.document import (
    Document,
    Paragraph,
    Style,
    Table,
    paragraphs_in,
    words_of,
)

_PLACES = {Style.SUBJECT: "subject", Style.CLOSING: "signature", Style.SIGNATURE: "signature"}


def unprintable(sheet: Sheet) -> tuple[tuple[str, str], ...]:
    """Each place with a character no font of ours has: (place, characters)."""
    head = sheet.letterhead
    said: dict[str, list[str]] = {
        "letterhead": [head.name, head.tagline, *head.contact, head.footer] if head else [],
        "recipient": list(sheet.recipient),
        "subject": [],
        "text": [],
        "table": [],
        "signature": [],
    }
    for block in sheet.document.blocks:
        if isinstance(block, Paragraph):
            said[_PLACES.get(block.style, "text")].append(words_of(block))
        elif isinstance(block, Table):
            inside = paragraphs_in(Document((block,)))
            said["table"] += [words_of(paragraph) for paragraph in inside]
    found = ((place, "".join(fonts.unprintable("\n".join(texts)))) for place, texts in said.items())
    return tuple((place, characters) for place, characters in found if characters)
