"""What is kept of the set-up: the same until a change, never what a change has half done."""

from __future__ import annotations

from medsec_desktop.domain.permissions import Permission
from medsec_desktop.models import Provider
from medsec_desktop.services.session import Session
from medsec_desktop.services.unchanged import Unchanged
from tests.conftest import a_provider


def test_what_was_read_is_kept_until_something_is_changed(session: Session) -> None:
    a_provider(session)
    unchanged, read = Unchanged(session.db), []

    def name() -> str:
        read.append(session.db.value("SELECT family_name FROM provider"))
        return str(read[-1])

    def kept() -> str:
        return unchanged.look().get("name", name)

    assert (kept(), kept(), len(read)) == ("Chen", "Chen", 1)
    reading_on = unchanged.look()
    with session.change("Rename", Permission.EDIT_SETTINGS):
        Provider.update(family_name="Half").execute()
        assert kept() == "Half"
        Provider.update(family_name="Whole").execute()
    assert kept() == "Whole"
    assert reading_on.get("name", name) == "Chen"
    session.undo()
    assert kept() == "Chen"
    assert len(read) == 4
