"""What was imported, with everything that could not be."""

from __future__ import annotations

from peewee import TextField

from medsec_desktop.models.base import Journalled


class ImportRun(Journalled):
    kind = TextField()
    source = TextField()
    report = TextField()
    fingerprint = TextField(default="")


class ImportMapping(Journalled):
    name = TextField(default="")
    headings = TextField()
    mapping = TextField()
