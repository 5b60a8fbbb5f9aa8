"""Other hours than the weekly ones: exceptions, room hours, public holidays, block-outs."""

from __future__ import annotations

from medsec_desktop.services.practice import Practice
from medsec_desktop.services.session import Session


class Hours:
    """The practice’s hours beyond the week."""

    def __init__(self, session: Session, practice: Practice):
        self._session = session
        self._db = session.db
        self._practice = practice
