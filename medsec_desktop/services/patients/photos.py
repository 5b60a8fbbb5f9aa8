"""A patient's photo: one small JPEG or PNG, archived like any document."""

from __future__ import annotations

from medsec_desktop.domain.people import PersonName
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Document, Patient
from medsec_desktop.problems import Conflict, Invalid
from medsec_desktop.services.saving import insert_row
from medsec_desktop.services.session import Session
from medsec_desktop.store.files import Files

MOST_BYTES = 1_000_000
_MEDIA = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


class Photos:
    """Photos of patients, in and out."""

    def __init__(self, session: Session):
        self._session = session
        self._db = session.db
        self._files = Files.of(session.db)

    def get(self, document_id: int) -> bytes:
        """The picture as it was kept. Raises Conflict where there is none, Unavailable if damaged."""
        self._session.require(Permission.VIEW_PATIENTS, "see a patient’s photo")
        sha256 = self._db.value("SELECT sha256 FROM document WHERE id = ?", (document_id,))
        if sha256 is None:
            raise Conflict("This photo is no longer on file.")
        return self._files.get(sha256)

    def put(self, patient_id: int, picture: bytes) -> None:
        """Make this her photo; the earlier one stays in the archive. Raises Invalid, NotAllowed."""
        media_type = next((media for mark, media in _MEDIA.items() if picture.startswith(mark)), "")
        if not media_type:
            raise Invalid("This is not a JPEG or PNG picture.", remedy="Choose another picture.")
        if len(picture) > MOST_BYTES:
            raise Invalid(
                "This picture is too large to be kept as a photo.",
                remedy="Crop it to the face, or make it smaller.",
            )
        name = self._name(patient_id)
        sha256 = self._files.put(picture)
        with self._session.change(
            f"Put a photo into the file of {name}", Permission.EDIT_PATIENTS, patient_id=patient_id
        ):
            document = insert_row(
                Document,
                patient_id=patient_id,
                kind="photo",
                title="Photo",
                media_type=media_type,
                sha256=sha256,
                size_bytes=len(picture),
                filed_at=self._session.clock.now().isoformat(timespec="minutes"),
            )
            self._point(patient_id, document)

    def remove(self, patient_id: int) -> None:
        """Show no photo any more; it stays in the archive, and Undo shows it again."""
        label = f"Take the photo out of the file of {self._name(patient_id)}"
        with self._session.change(label, Permission.EDIT_PATIENTS, patient_id=patient_id):
            self._point(patient_id, None)

    def _point(self, patient_id: int, document_id: int | None) -> None:
        Patient.update(photo_document_id=document_id, version=Patient.version + 1).where(
            Patient.id == patient_id
        ).execute()

    def _name(self, patient_id: int) -> str:
        row = self._db.one(
            "SELECT family_name, given_name, middle_name, name_prefix, name_suffix,"
            " preferred_name FROM patient WHERE id = ?",
            (patient_id,),
        )
        if row is None:
            raise Conflict("This patient’s file is no longer there.")
        return PersonName(*row).spoken
