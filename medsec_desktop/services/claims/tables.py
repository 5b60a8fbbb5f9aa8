"""Tables of codes and fees as screens look through them before they are taken in."""

from __future__ import annotations

from medsec_desktop.exchange.procedure_table import (
    TARGETS,
    Column,
    ProcedureTable,
    faults,
    look_through,
)

__all__ = ["TARGETS", "Column", "ProcedureTable", "faults", "look_through"]
