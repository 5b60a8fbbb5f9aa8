"""How fast people are found among N patients, on an encrypted practice as the program opens it."""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from medsec_desktop.store import journal, search, search_index
from medsec_desktop.store.database import Database, create_practice_database

KEY = bytes(32)
TODAY = date(2026, 3, 11)
Row = tuple[str, float, str, float]  # name, value, unit, target


def _words(text: str) -> list[str]:
    return text.split()


_STARTS = _words("b br c ch d f g gr h j k l m n p qu r s sh st t th v w z")
_MIDDLES = _words("a e i o u ai ee ou")
_ENDS = _words("n r s l t ck nd rt m ng son ley man ez ski")
_COMMON = _words(
    "Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez"
    " Gonzalez Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Ng Wu Li"
)
_GIVEN = _words(
    "James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard"
    " Susan Joseph Jessica Thomas Sarah Charles Karen Ana José Zoë Wei Olga Amir Fatima Noah Emma"
)


def build(path: Path, patients: int) -> Database:
    """A practice in the folder `path` with `patients` invented people, open. Not journalled."""
    database = create_practice_database(path, KEY)
    journal.drop_triggers(database)
    connection = database.engine.connection()
    database.execute("BEGIN")
    database.execute("INSERT INTO payer (name) VALUES ('Test Health')")
    connection.executemany(
        "INSERT INTO patient (chart_number, family_name, given_name, middle_name, sex, birth_date)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        _people(patients),
    )
    chance = random.Random(2)
    connection.executemany(
        "INSERT INTO patient_phone (patient_id, kind, number, position) VALUES (?, ?, ?, ?)",
        (
            (person, kind, f"+1{chance.randrange(2_010_000_000, 9_899_999_999)}", position)
            for person in range(1, patients + 1)
            for position, kind in enumerate(("mobile", "home")[: 1 + (person % 3 == 0)])
        ),
    )
    connection.executemany(
        "INSERT INTO coverage (patient_id, payer_id, member_id) VALUES (?, 1, ?)",
        ((person, f"W{chance.randrange(10**9):09}") for person in range(1, patients + 1)),
    )
    search_index.rebuild(database)
    database.execute("COMMIT")
    database.execute("BEGIN IMMEDIATE")
    journal.regenerate_triggers(database)
    database.execute("COMMIT")
    return database


def _people(count: int) -> Iterator[tuple[str, str, str, str, str, str]]:
    chance = random.Random(1)
    families = _COMMON + [_word(chance, chance.choice((2, 2, 3))) for _ in range(60_000)]
    givens = _GIVEN + [_word(chance, 2) for _ in range(8_000)]
    first = date(1926, 1, 1)
    for number in range(count):
        # A few names are borne by many, many names by a few: the square of a chance does that.
        family = families[int(len(families) * chance.random() ** 4)]
        if number % 25 == 0:
            family += "-" + families[int(len(families) * chance.random() ** 4)]
        given = givens[int(len(givens) * chance.random() ** 3)]
        middle = givens[chance.randrange(200)] if number % 3 == 0 else ""
        born = first + timedelta(days=chance.randrange(100 * 365))
        yield str(100001 + number), family, given, middle, "FM"[number % 2], born.isoformat()


def _word(chance: random.Random, syllables: int) -> str:
    return "".join(
        chance.choice(_STARTS) + chance.choice(_MIDDLES) + (chance.choice(_ENDS) if last else "")
        for last in (*[False] * (syllables - 1), True)
    ).capitalize()


def queries(database: Database, count: int = 400) -> dict[str, list[str]]:
    """What people type, by kind, taken from people who are on file."""
    chance = random.Random(3)
    total = int(database.value("SELECT max(id) FROM patient"))
    asked: dict[str, list[str]] = {}
    for _ in range(count // 10):
        family, given, born, chart, phone, member = database.rows(
            "SELECT family_name, given_name, birth_date, chart_number, number, member_id"
            " FROM patient JOIN patient_phone ON patient_phone.patient_id = patient.id"
            " JOIN coverage ON coverage.patient_id = patient.id WHERE patient.id = ? LIMIT 1",
            (chance.randint(1, total),),
        )[0]
        year, month, day = born.split("-")
        at = chance.randrange(max(1, len(family) - 1))
        slip = family[:at] + family[at + 1 : at + 2] + family[at : at + 1] + family[at + 2 :]
        for kind, text in {
            "one letter": chance.choice("abcdefghijklmnopqrstuvwxyz"),
            "name begun": family[: chance.randint(2, 6)],
            "given name": given,
            "two-letter name": chance.choice(("ng", "wu", "li", "lee")),
            "two words": f"{given[:3]} {family[:4]}",
            "common pair": f"{chance.choice(_COMMON)} {chance.choice(_GIVEN)[0]}",
            "three words": f"{family} {given} {chance.choice('abcdefgh')}",
            "name and year": f"{chance.choice(_COMMON)} {year}",
            "born": f"{int(month)}/{int(day)}/{year}",
            "name and born": f"{family[:4]} {month}{day}{year[2:]}",
            "last four": phone[-4:],
            "phone": f"({phone[2:5]}) {phone[5:8]}-{phone[8:]}",
            "phone piece": phone[-7:],
            "chart number": chart,
            "member id": member,
            "inside a name": family[1:6],
            "a slip": slip,
            "a slip, two words": f"{slip} {given}",
            "nobody": "xqzvwk yyqx",
        }.items():
            asked.setdefault(kind, []).append(text)
    return asked


def measure(database: Database) -> dict[str, list[float]]:
    """Milliseconds of each query by kind, in mixed order, the cache warmed as by a working day."""
    asked = [(kind, text) for kind, texts in queries(database).items() for text in texts]
    random.Random(4).shuffle(asked)
    for _, text in asked[:: max(1, len(asked) // 100)]:
        search.find(database, text, TODAY)
    took: dict[str, list[float]] = {}
    for kind, text in asked:
        started = time.perf_counter()
        search.find(database, text, TODAY)
        took.setdefault(kind, []).append((time.perf_counter() - started) * 1000)
    return took


def measure_painted(database: Database) -> list[float]:
    """Milliseconds from each key to the list painted: the Patients tab with its search thread.

    Where the answer changes nothing on the screen, to the answer: nothing is painted then.
    """
    import os

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QEvent, QEventLoop, QObject
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from medsec_desktop.domain.clock import FixedClock
    from medsec_desktop.services.office import Office
    from medsec_desktop.services.session import Session, User
    from medsec_desktop.ui.desk import make_desk
    from medsec_desktop.ui.jobs import Jobs
    from medsec_desktop.ui.patients.tab import PatientsTab
    from medsec_desktop.ui.theme import Theme

    state = {"answered": "", "painted": False}

    class Watched(Jobs):
        """The program's own jobs, which also say whose answer was shown last."""

        def latest(self, search: Any, deliver: Any) -> Any:
            def delivered(result: Any) -> None:
                deliver(result)
                state.update(answered=result[0])

            return super().latest(search, delivered)

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    theme = Theme()
    theme.apply(app)
    database.bind()
    session = Session(database, FixedClock(datetime(2026, 3, 11, 9)), User.program())
    desk = make_desk(Office(session), theme, jobs=Watched(database.connection))
    tab = PatientsTab(desk)
    tab.resize(1366, 640)
    tab.show()

    def on_screen() -> object:
        return tab.people.lines, tab.people.isVisible(), tab.finding.nobody.title.text()

    class Painted(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and state["answered"] == tab.search.text():
                state["painted"] = True
            return False

    watcher = Painted()
    tab.people.view.viewport().installEventFilter(watcher)
    tab.finding.nobody.title.installEventFilter(watcher)
    QTest.qWait(300)
    took: list[float] = []
    texts = [text for texts in queries(database, 60).values() for text in texts]
    random.Random(5).shuffle(texts)
    for text in texts:
        tab.search.clear()
        QTest.qWait(30)
        for key in text[:10]:
            state.update(answered="", painted=False)
            before = on_screen()
            started = time.perf_counter()
            QTest.keyClicks(tab.search, key)
            while not state["painted"] and time.perf_counter() - started < 2:
                # Waiting inside Qt leaves Python to the search thread, as the program does.
                app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
                if state["answered"] == tab.search.text() and on_screen() == before:
                    break
            took.append((time.perf_counter() - started) * 1000)
    tab.hide()
    desk.jobs.close()
    return took


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def run(patients: int, details: bool = False) -> list[Row]:
    """Rows for the benchmarks' table: name, value, unit, target."""
    folder = Path(tempfile.mkdtemp(prefix="medsec-bench-"))
    try:
        started = time.perf_counter()
        database = build(folder, patients)
        built = time.perf_counter() - started
        took = measure(database)
        painted = measure_painted(database)
        kept = list(range(1, min(patients, 10_000) + 1))
        with database.engine.transaction("IMMEDIATE"):
            started = time.perf_counter()
            search_index.reindex(database, kept)
            bulk = time.perf_counter() - started
            started = time.perf_counter()
            for patient_id in kept[:100]:
                search_index.reindex(database, [patient_id])
            one = (time.perf_counter() - started) * 10
        database.close()
        size = (folder / "practice.db").stat().st_size / 2**20
    finally:
        shutil.rmtree(folder)
    everything = [each for values in took.values() for each in values]
    if details:
        for kind, values in sorted(took.items(), key=lambda item: -percentile(item[1], 0.95)):
            print(
                f"  {kind:20} p50 {percentile(values, 0.5):7.2f}"
                f"  p95 {percentile(values, 0.95):7.2f}  max {max(values):7.2f} ms"
            )
        print(f"  built in {built:.0f} s, {size:.0f} MiB")
    people = f"{patients:,} patients"
    return [
        (f"search p50, {people}", percentile(everything, 0.5), "ms", 2.0),
        (f"search p95, {people}", percentile(everything, 0.95), "ms", 6.0),
        (f"key to painted p50, {people}", percentile(painted, 0.5), "ms", 8.0),
        (f"key to painted p95, {people}", percentile(painted, 0.95), "ms", 16.0),
        (f"reindex {len(kept):,} of {people}", bulk, "s", 3.0),
        (f"reindex one of {people}", one, "ms", 3.0),
    ]


if __name__ == "__main__":
    for size_of in [int(argument) for argument in sys.argv[1:]] or [10_000, 1_000_000]:
        for name, value, unit, target in run(size_of, details=True):
            print(f"{name:40} {value:8.2f} {unit:3} (target {target:g})")
