"""A practice of every format ever released opens in this version, whole."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from medsec_desktop.domain.clock import FixedClock
from medsec_desktop.services import welcome
from medsec_desktop.store import journal
from medsec_desktop.store.database import newest_schema, schema_of
from tests import old_databases
from tests.conftest import PASSWORD

FORMATS = sorted(Path(old_databases.__file__).parent.glob("format-*"))


def test_there_is_a_practice_of_every_format() -> None:
    kept = [int(folder.name.removeprefix("format-")) for folder in FORMATS]

    assert kept == list(range(1, newest_schema() + 1))


@pytest.mark.parametrize("old", FORMATS, ids=lambda folder: folder.name)
def test_a_practice_of_an_older_format_opens_whole(
    old: Path, tmp_path: Path, clock: FixedClock
) -> None:
    folder = tmp_path / "practice"
    shutil.copytree(old, folder)

    office = welcome.sign_in(folder, "olive", PASSWORD, clock)

    assert schema_of(office.session.db) == newest_schema()
    assert journal.verify(office.session.db).is_sound
    (ada,) = office.patients.find("muller 555-0123")
    (letter,) = office.letters.of_patient(ada.id)
    assert office.letters.pdf(letter.id).startswith(b"%PDF")
    assert office.drafts.state(office.drafts.all()[0].id) == {"reason": "cough"}
    assert office.session.history()[0].label
    office.close()
