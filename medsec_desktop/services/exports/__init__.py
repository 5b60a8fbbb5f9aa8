"""Everything that leaves the program as files: lists, one patient's file, the whole practice."""

from __future__ import annotations

from medsec_desktop.exchange.encrypted_zip import require_password
from medsec_desktop.services.exports.exports import Exports, PatientPackage

__all__ = ["Exports", "PatientPackage", "require_password"]
