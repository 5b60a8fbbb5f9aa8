from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from medsec_desktop import logs


@pytest.fixture(autouse=True)
def _handlers_as_before() -> Iterator[None]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    for handler in set(root.handlers) - set(before):
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


@pytest.mark.parametrize(
    "private",
    [
        "“Ada”", '"Ada Lovelace"', "'Ada'", "ada@example.org", "03/14/1984", "1984-03-14",
        "(212) 555-0100", "+12125550100", "123-45-6789",
    ],
)  # fmt: skip
def test_what_could_be_private_is_blotted_out(private: str) -> None:
    assert logs.redact(f"row 7: {private} refused") == "row 7: … refused"


def test_ids_stay_readable() -> None:
    assert logs.redact("patient 100001 opened by user 7") == "patient 100001 opened by user 7"


def test_a_log_line_and_its_traceback_hold_no_name(tmp_path: Path) -> None:
    file = logs.start(tmp_path)
    assert file is not None

    try:
        raise ValueError("no such patient: testperson, ada")
    except ValueError:
        logging.getLogger("other").exception("import of %s failed", "“Ada Lovelace”")

    text = file.read_text(encoding="utf-8")
    assert "import of … failed" in text
    assert "ValueError: (message withheld)" in text
    assert "ada" not in text.casefold()


def test_a_log_that_cannot_be_written_keeps_nobody_from_working(tmp_path: Path) -> None:
    in_the_way = tmp_path / "logs"
    in_the_way.write_text("a file where the folder should be")

    assert logs.start(in_the_way) is None


def test_the_log_is_rotated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_LIMIT_BYTES", 2_000)
    logs.start(tmp_path)

    for number in range(200):
        logging.getLogger("other").info("operation %d done", number)

    assert 2 <= len(list(tmp_path.iterdir())) <= 6


def test_a_report_names_the_cause_too() -> None:
    try:
        try:
            raise KeyError("Testperson")
        except KeyError as cause:
            raise RuntimeError("Testperson is missing") from cause
    except RuntimeError as error:
        report = logs.crash_report(error)

    assert "RuntimeError" in report
    assert "caused by" in report
    assert "KeyError" in report
    assert "Testperson" not in report


def test_a_report_says_what_a_programmer_needs_of_our_own_slips() -> None:
    try:
        None.patient  # type: ignore[attr-defined]  # noqa: B018
    except AttributeError as error:
        report = logs.crash_report(error)

    assert "has no attribute 'patient'" in report


def test_a_report_tells_no_home_folder() -> None:
    try:
        raise RuntimeError
    except RuntimeError as error:
        report = logs.crash_report(error)

    assert str(Path.home()) not in report
    assert "tests/test_logs.py" in report
