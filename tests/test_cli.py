"""The administrator's command line: answers, exit codes, and never a stack trace for a mistake."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from medsec_desktop import __version__, cli
from medsec_desktop.cli import commands
from medsec_desktop.services.founding import OwnerDraft, Setup, create_practice
from medsec_desktop.services.practice import Profile
from medsec_desktop.services.welcome import sign_in
from tests.conftest import CHEAP, PASSWORD, a_patient, a_provider
from tests.exchange.builders import PATIENT, REMITTANCE, a_synthea_folder
from tests.ready_made import copied

Capture = pytest.CaptureFixture[str]


@dataclass(frozen=True)
class Answer:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Line:
    """A terminal in which commands are typed."""

    def __init__(self, capture: Capture, practice: Path):
        self._capture = capture
        self.practice = practice

    def type(self, *words: str | Path) -> Answer:
        self._capture.readouterr()
        code = cli.main([str(word) for word in words], lambda folder, demo: 42 + demo)
        told = self._capture.readouterr()
        assert "Traceback" not in told.err
        return Answer(code, told.out, told.err)

    def on(self, command: str, *words: str | Path) -> Answer:
        return self.type(command, *words, "--practice", self.practice)


@pytest.fixture
def line(capsys: Capture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Line:
    """A practice whose owner's password is in the environment."""
    practice = tmp_path / "practice"
    setup = Setup(Profile(name="Test Clinic"), OwnerDraft("Olive Owner", "olive", PASSWORD))
    copied(
        "at the command line", practice, lambda folder: create_practice(folder, setup, cost=CHEAP)
    )
    monkeypatch.setenv("MEDSEC_PASSWORD", PASSWORD)
    return Line(capsys, practice)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rows = [PATIENT, PATIENT | {"Id": "p-2", "BIRTHDATE": "never"}]
    return a_synthea_folder(tmp_path / "synthea", patients=rows)


def patients(line: Line) -> int:
    return int(line.on("verify", "--json").json["tables"]["patient"])


def test_the_window_gets_the_folder_and_the_demo(line: Line) -> None:
    assert line.type("clinic/some folder").code == 42
    assert line.type("--demo").code == 43
    assert line.type().code == 42


def test_the_version_is_told(line: Line) -> None:
    answer = line.type("--version")

    assert (answer.code, answer.out.strip()) == (0, f"MedSec Desktop {__version__}")


def test_help_tells_of_every_command(line: Line) -> None:
    answer = line.type("--help")

    assert answer.code == 0
    for command in ("backup", "restore", "verify", "import", "export", "inspect", "self-test"):
        assert command in answer.out
        assert line.type(command, "--help").code == 0


def test_a_dry_run_says_what_would_happen_and_writes_nothing(line: Line, folder: Path) -> None:
    answer = line.on("import", "synthea", folder, "--dry-run")

    assert answer.code == 0
    assert "Patients (patients.csv): 2 rows: 1 new, 1 left out" in answer.out
    assert "patients.csv, row 3: “never” is not a date of birth." in answer.out
    assert patients(line) == 0


def test_an_import_prints_one_json_object(line: Line, folder: Path) -> None:
    answer = line.on("import", "synthea", folder, "--json")

    assert (answer.code, answer.err) == (0, "")
    told = {table["what"]: table for table in answer.json["tables"]}
    assert (told["Patients"]["rows"], told["Patients"]["new"]) == (2, 1)
    assert answer.json["left_aside"] == [{"file": "allergies.csv", "holds": "allergies", "rows": 2}]
    assert patients(line) == 1


def test_the_report_can_be_saved(line: Line, folder: Path, tmp_path: Path) -> None:
    line.on("import", "synthea", folder, "--report", tmp_path / "report.txt")

    assert "Left out:" in (tmp_path / "report.txt").read_text("utf-8")


@pytest.fixture
def calendar_file(tmp_path: Path, line: Line) -> Path:
    """Two events next year, of which one names a patient here; her provider is on file too."""
    office = sign_in(line.practice, "olive", PASSWORD)
    try:
        a_patient(office.session)
        a_provider(office.session)
        year = office.clock.today().year + 1
    finally:
        office.close()
    day = next(
        day for at in range(7) if (day := date(year, 3, 10) + timedelta(days=at)).weekday() == 1
    )
    path = tmp_path / "other.ics"
    events = "".join(
        f"BEGIN:VEVENT\nUID:{at}\nDTSTART:{day:%Y%m%d}T100000\nDURATION:PT30M\n"
        f"SUMMARY:{title}\nEND:VEVENT\n"
        for at, title in enumerate(("Ada Testperson", "Lunch"))
    )
    path.write_text(f"BEGIN:VCALENDAR\nVERSION:2.0\n{events}END:VCALENDAR\n")
    return path


def test_a_calendar_is_taken_in_after_a_look_and_written_out(
    line: Line, calendar_file: Path, tmp_path: Path
) -> None:
    look = line.on("import", "icalendar", calendar_file, "--dry-run")
    before = line.on("export", "icalendar", tmp_path / "before.ics", "--json")
    done = line.on("import", "icalendar", calendar_file, "--provider", "chen", "--json")
    days = ("--from", "2026-01-01", "--until", "2099-12-31")
    after = line.on("export", "icalendar", tmp_path / "ours.ics", "--names", *days)

    assert look.code == 0
    assert "Visits (other.ics): 2 rows: 1 new, 1 left out" in look.out
    assert "other.ics, line 9: No patient here is called “Lunch”" in look.out
    assert before.json["visits"] == 0
    assert done.json["tables"][0]["new"] == 1
    assert after.out.startswith("Wrote “ours.ics”: 1 visit from ")
    assert "Testperson" in (tmp_path / "ours.ics").read_text("utf-8")


def test_one_patients_or_providers_visits_are_written_out(
    line: Line, calendar_file: Path, tmp_path: Path
) -> None:
    line.on("import", "icalendar", calendar_file)
    days = ("--from", "2026-01-01", "--until", "2099-12-31")

    hers = line.on("export", "icalendar", tmp_path / "1.ics", "--patient", "t00001", *days)
    chen = line.on("export", "icalendar", tmp_path / "2.ics", "--provider", "Robin Chen", *days)

    assert hers.out.startswith("Wrote “1.ics”: 1 visit")
    assert chen.out.startswith("Wrote “2.ics”: 1 visit")
    assert "Testperson" not in (tmp_path / "2.ics").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--provider", "nobody"), "No provider is called “nobody”."),
        (("--patient", "X9"), "There is no chart “X9”."),
        (("--from", "tomorrow"), "“tomorrow” is no date; write YYYY-MM-DD"),
        (("--from", "2027-01-02", "--until", "2027-01-01"), "The last day is before the first."),
    ],
)
def test_an_export_that_cannot_be_is_a_sentence(
    line: Line, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    answer = line.on("export", "icalendar", tmp_path / "ours.ics", *words)

    assert answer.code in (1, 2)
    assert said in answer.err
    assert not (tmp_path / "ours.ics").exists()


def test_people_go_out_and_a_whole_practice_goes_out_and_comes_back(
    line: Line, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line.on("import", "synthea", folder)
    (tmp_path / "secret").write_text("a sentence for the archive\n", "utf-8")
    secret = ("--archive-password-file", tmp_path / "secret")

    table = line.on("export", "csv", tmp_path / "all.csv", "--json")
    cards = line.on("export", "vcard", tmp_path / "one.vcf", "--patient", "100001")
    nobody = line.on("export", "patient", tmp_path / "ada.zip", *secret)
    package = line.on(
        "export",
        "patient",
        tmp_path / "ada.zip",
        "--patient",
        "100001",
        "--recipient",
        "Law LLP",
        *secret,
    )
    whole = line.on("export", "practice", tmp_path / "all.zip", *secret, "--json")
    back = line.type(
        "import", "practice", tmp_path / "all.zip", tmp_path / "new", *secret, "--json"
    )

    assert table.json["patients"] == 1
    assert cards.out == "Wrote “one.vcf”: 1 patient.\n"
    assert (nobody.code, "--patient CHART" in nobody.err) == (2, True)
    assert "the disclosure is logged" in package.out
    assert back.json["rows"] == sum(whole.json["rows"].values())
    assert back.json["login"] == "olive"
    checked = line.type("verify", tmp_path / "new", "--json")
    assert checked.json["sound"]
    assert checked.json["tables"]["patient"] == 1
    weak = line.type("export", "practice", tmp_path / "b.zip", tmp_path / "new")
    assert (weak.code, "MEDSEC_ARCHIVE_PASSWORD" in weak.err) == (2, True)
    monkeypatch.setenv("MEDSEC_ARCHIVE_PASSWORD", "short")
    weak = line.type("export", "practice", tmp_path / "b.zip", tmp_path / "new")
    assert (weak.code, "at least 8 characters" in weak.err) == (1, True)


def test_what_cannot_be_exported_is_named(line: Line, tmp_path: Path) -> None:
    answer = line.on("export", "fax", tmp_path / "x")

    assert (answer.code, "cannot be exported" in answer.err) == (2, True)


def test_backup_verify_and_restore_go_round(line: Line, folder: Path, tmp_path: Path) -> None:
    line.on("import", "synthea", folder)
    made = line.on("backup", "--to", tmp_path / "b", "--json")
    where = Path(made.json["folder"])
    line.on("import", "synthea", a_synthea_folder(tmp_path / "2", patients=[PATIENT | {"Id": "x"}]))

    shown = line.on("restore", where, "--dry-run", "--json")
    done = line.on("restore", where)

    assert line.type("verify", where).code == 0
    assert (shown.json["tables_now"]["patient"], shown.json["tables_after"]["patient"]) == (2, 1)
    assert len(shown.json["changes_lost"]) == 1
    assert done.code == 0
    assert "is as it was then" in done.out
    assert patients(line) == 1
    assert len(list(tmp_path.glob("practice before restoring *"))) == 1


def test_inspect_needs_no_practice(line: Line, tmp_path: Path) -> None:
    (tmp_path / "era.txt").write_text(REMITTANCE)

    words = line.type("inspect", tmp_path / "era.txt")
    told = line.type("--json", "inspect", tmp_path / "era.txt").json

    assert "payments and explanations (835)" in words.out
    assert (told["kind"], told["counts"]["claims"]) == ("835", 2)


def test_the_password_comes_from_a_file(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MEDSEC_PASSWORD")
    (tmp_path / "secret").write_text(f"{PASSWORD}\n")

    assert line.on("verify", "--password-file", tmp_path / "secret").code == 0


def test_the_password_is_asked_at_a_terminal(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MEDSEC_PASSWORD")
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    asked = []
    monkeypatch.setattr("getpass.getpass", lambda text, _: asked.append(text) or PASSWORD)

    assert line.on("verify").code == 0
    assert asked == ["Password of olive: "]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("verify", "/nowhere/at/all"), "holds no practice"),
        (("backup", "--to", "/dev/null/x"), "could not be written"),
        (("restore", "/nowhere"), "is not a backup"),
        (("import", "synthea", "/nowhere"), "There is no “/nowhere”"),
        (("import", "synthea", "/etc"), "is not a Synthea folder"),
        (("inspect", "/nowhere"), "There is no file “nowhere”"),
        (("verify", "--password-file", "/nowhere"), "The password file “/nowhere” cannot be read"),
        (("verify", "--user", "mallory"), "This name is not known here"),
    ],
)
def test_a_problem_is_a_sentence_on_stderr_and_code_1(
    line: Line, words: tuple[str, ...], sentence: str
) -> None:
    has_place = words[0] == "inspect" or words[1].startswith("/nowhere/")
    do = line.type if has_place else line.on
    plain, as_json = do(*words), do(*words, "--json")

    assert (plain.code, plain.out) == (1, "")
    assert sentence in plain.err
    assert as_json.code == 1
    assert as_json.json["problem"]["what"]


def test_a_wrong_password_is_a_problem(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDSEC_PASSWORD", "not this one")

    answer = line.on("verify")

    assert answer.code == 1
    assert "The password is not right." in answer.err


@pytest.mark.parametrize(
    "words",
    [
        ("inspect",),
        ("import", "synthea"),
        ("import", "abacus", "/etc"),
        ("restore",),
        ("verify", "--frobnicate"),
        ("import", "synthea", "/etc", "--duplicates", "merge"),
        ("one", "two"),
        ("--frobnicate",),
    ],
)
def test_a_command_not_understood_is_code_2_with_its_usage(
    line: Line, words: tuple[str, ...]
) -> None:
    answer = line.type(*words)

    assert (answer.code, answer.out) == (2, "")
    assert answer.err


def test_without_a_terminal_a_missing_password_is_a_usage_error(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MEDSEC_PASSWORD")
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)

    answer = line.on("verify")

    assert answer.code == 2
    assert "--password-file or MEDSEC_PASSWORD" in answer.err


def test_a_damaged_backup_fails_its_verification(line: Line, tmp_path: Path) -> None:
    where = Path(line.on("backup", "--to", tmp_path / "b", "--json").json["folder"])
    content = bytearray((where / "practice.db").read_bytes())
    content[5000] ^= 1
    (where / "practice.db").write_bytes(content)

    checked = line.type("verify", where, "--json")
    refused = line.on("restore", where)

    assert (checked.code, checked.json["sound"]) == (1, False)
    assert refused.code == 1
    assert patients(line) == 0


def test_ctrl_c_is_a_sentence(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setitem(commands.DO, "inspect", interrupted)

    answer = line.type("inspect", "x")

    assert (answer.code, answer.err.strip()) == (1, "Stopped. Nothing was changed.")


def test_the_command_line_imports_no_qt() -> None:
    script = (
        "import sys; from medsec_desktop import cli; cli.main(['inspect', '--json', '/etc']);"
        "sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    )

    assert subprocess.run([sys.executable, "-c", script], capture_output=True).returncode == 0


def test_a_mistyped_command_opens_no_window(capsys: pytest.CaptureFixture[str]) -> None:
    opened: list[object] = []

    code = cli.main(["frob"], lambda *asked: opened.append(asked) or 0, None)

    assert code == 2
    assert opened == []
    assert "no command and no folder “frob”" in capsys.readouterr().err
