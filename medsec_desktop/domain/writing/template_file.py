"""A template as one file, to be given to another practice: its JSON with its pictures inside.

{"format": 2, "key": ..., "document": {...}, "pictures": {"<sha256>": "<base64>"}}
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from medsec_desktop.domain.writing.document import Document, Picture
from medsec_desktop.domain.writing.template import Template, template_from, template_stored
from medsec_desktop.problems import Invalid

LARGEST_BYTES = 12_000_000
LARGEST_PICTURE_BYTES = 3_000_000
_PICTURE_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")  # PNG and JPEG


@dataclass(frozen=True, slots=True)
class TemplateFile:
    """What stands in such a file: the template, and the bytes of each picture by its sha256."""

    template: Template
    pictures: Mapping[str, bytes] = field(default_factory=dict)


def written(file: TemplateFile) -> bytes:
    """The file's bytes. Raises Invalid for a picture that is too large to go along."""
    content = template_stored(file.template)
    for sha256, picture in file.pictures.items():
        _check_picture(sha256, picture)
    if file.pictures:
        content["pictures"] = {
            sha256: base64.b64encode(picture).decode("ascii")
            for sha256, picture in sorted(file.pictures.items())
        }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def read(content: bytes) -> TemplateFile:
    """The template in a file, every name in it known and every picture there.

    Raises Invalid with a sentence for all else: no template, a later format, an unknown field, a picture
    that is missing, damaged or too large.
    """
    if len(content) > LARGEST_BYTES:
        raise _refused(f"It is larger than {LARGEST_BYTES // 1_000_000} MB.")
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _refused("It is not JSON in UTF-8.") from error
    if not isinstance(found, dict):
        raise _refused("It is not a letter template.")
    pictures = _pictures(found.pop("pictures", {}))
    template = template_from(found)
    for picture in pictures_in(template.document):
        if picture.sha256 not in pictures:
            raise _refused(f"The picture “{picture.words or picture.sha256[:8]}” is not in it.")
    wanted = {picture.sha256 for picture in pictures_in(template.document)}
    return TemplateFile(
        template, {sha256: pictures[sha256] for sha256 in sorted(wanted & pictures.keys())}
    )


def pictures_in(document: Document) -> tuple[Picture, ...]:
    """The pictures of a document, in order."""
    return tuple(block for block in document.blocks if isinstance(block, Picture))


def _pictures(content: Any) -> dict[str, bytes]:
    if not isinstance(content, dict):
        raise _refused("Its pictures are not a list by their names.")
    found = {}
    for sha256, text in content.items():
        try:
            picture = base64.b64decode(text, validate=True)
        except (ValueError, TypeError, binascii.Error) as error:
            raise _refused("A picture in it is damaged.") from error
        _check_picture(sha256, picture)
        found[sha256] = picture
    return found


def _check_picture(sha256: str, picture: bytes) -> None:
    if len(picture) > LARGEST_PICTURE_BYTES:
        raise _refused(f"A picture in it is larger than {LARGEST_PICTURE_BYTES // 1_000_000} MB.")
    if hashlib.sha256(picture).hexdigest() != sha256 or not picture.startswith(_PICTURE_STARTS):
        raise _refused("A picture in it is damaged, or neither PNG nor JPEG.")


def _refused(why: str) -> Invalid:
    return Invalid(
        "This file cannot be used as a letter template.",
        why,
        "Export it again from where it came.",
        field="file",
    )
