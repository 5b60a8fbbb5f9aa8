"""Taking in other people's data: preview, run, report."""

from __future__ import annotations

from medsec_desktop.services.imports.imports import KINDS, Imports
from medsec_desktop.services.imports.report import (
    AsideRow,
    Choice,
    DuplicateRow,
    ImportOptions,
    ImportPlan,
    ImportProblem,
    ImportReport,
    SampleRow,
    TableCount,
    VisitSample,
    spoken_counts,
)

__all__ = [
    "KINDS",
    "AsideRow",
    "Choice",
    "DuplicateRow",
    "ImportOptions",
    "ImportPlan",
    "ImportProblem",
    "ImportReport",
    "Imports",
    "SampleRow",
    "TableCount",
    "VisitSample",
    "spoken_counts",
]
