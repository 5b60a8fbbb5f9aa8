"""The installed program proves itself."""

from __future__ import annotations

import pytest

from medsec_desktop.services import selftest
from medsec_desktop.services.office import Office


def test_a_days_work_passes_every_check() -> None:
    checks = selftest.run()

    assert [check.remark for check in checks if not check.is_passed] == []
    assert len(checks) == 10


def test_the_window_is_opened_on_the_office_of_the_test() -> None:
    seen: list[str] = []

    def try_window(office: Office) -> str:
        seen.append(office.practice.profile().name)
        return "painted"

    checks = selftest.run(try_window)

    assert seen == ["Self-test Clinic"]
    assert checks[-1].remark == "painted"


def test_the_first_failure_ends_the_day_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> str:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(selftest._Day, "book", broken)

    checks = selftest.run()

    assert (checks[-1].name, checks[-1].remark) == (
        "Book a visit, undo, redo",
        "ZeroDivisionError: oh",
    )
