"""Taking in other people's data: preview, run, report."""

from __future__ import annotations

from medsec_desktop.services.imports.imports import Imports
from medsec_desktop.services.imports.mappings import (
    Mapping,
    Mappings,
    PreviewRow,
    TableChoice,
    Target,
    targets,
)
from medsec_desktop.services.imports.report import (
    AsideRow,
    Choice,
    DuplicateRow,
    ImportOptions,
    ImportPlan,
    ImportProblem,
    ImportReport,
    PersonRow,
    TableCount,
    VisitSample,
    spoken_counts,
)
from medsec_desktop.services.imports.sources import KINDS

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
    "Mapping",
    "Mappings",
    "PersonRow",
    "PreviewRow",
    "TableChoice",
    "TableCount",
    "Target",
    "VisitSample",
    "spoken_counts",
    "targets",
]
