"""Whether the benchmarks run and say something sane; never how fast anything is."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from tests.benchmarks import __main__ as benchmarks
from tests.benchmarks import (
    bench_calendar,
    bench_charges,
    bench_claims_tab,
    bench_duplicates,
    bench_editor,
    bench_file,
    bench_finding,
    bench_growth,
    bench_save,
    bench_start,
    bench_timeline,
    bench_x12,
    floors,
)
from tests.benchmarks.rows import Row, percentile


def is_sane(rows: list[Row]) -> bool:
    return bool(rows) and all(
        0 <= row.value < 1e9 and (row.ratio is None or 0 < row.ratio < 1e4) for row in rows
    )


def test_starts_are_measured_and_load_nothing_heavy_before_the_first_paint():
    rows = bench_start.run(times=1, patients=20)

    assert is_sane(rows)
    assert len([row for row in rows if row.ratio]) == 3
    heavy = next(row for row in rows if row.name.startswith("imports"))
    assert heavy.value == 0, heavy.name


def test_saves_are_measured_against_the_same_insert_unjournalled():
    assert is_sane(bench_save.run(patients=50, times=4))


def test_growth_and_keystrokes_are_measured_on_the_real_window():
    rows = bench_growth.run(60, 120, 4)

    assert is_sane(rows)
    assert sum("keystroke" in row.name for row in rows) == 2


def test_the_editor_is_measured_from_the_wish_to_the_painted_page():
    rows = bench_editor.run(times=3, words=300)

    assert is_sane(rows)
    assert len(rows) == 8


def test_charges_are_measured_from_the_wish_to_the_painted_window():
    rows = bench_charges.run(times=2)

    assert is_sane(rows)
    assert len(rows) == 3


def test_the_claims_tab_is_measured_by_the_longest_round_of_the_event_loop(qapp: QApplication):
    rows = bench_claims_tab.run(times=0, claims=6)

    assert is_sane(rows)
    assert len(rows) == 8


def test_free_slots_are_looked_for_among_stored_visits():
    rows = bench_finding.run(13_000, 1)

    assert is_sane(rows)
    assert len([row for row in rows if row.ratio]) == 1


def test_claims_and_payments_are_measured_against_other_programs():
    assert is_sane(bench_x12.run(claims=10, times=1))


def test_weeks_full_days_and_drags_are_measured_on_the_real_tab():
    rows = bench_calendar.run(visits=12_000, times=2)

    assert is_sane(rows)
    assert sum("drag step" in row.name for row in rows) == 1


def test_a_timeline_is_read_and_scrolled_on_its_real_page(qapp: QApplication):
    rows = bench_timeline.run(visits=12, steps=3)

    assert is_sane(rows)
    assert [bool(row.ratio) for row in rows] == [True, True, False]


def test_duplicates_are_looked_for_among_many():
    rows = bench_duplicates.run(patients=200, sets=())

    assert is_sane(rows)
    assert len(rows) == 3


@pytest.mark.bench
@pytest.mark.timeout(900)
def test_the_public_records_of_duplicates_are_found_as_promised():
    rows = bench_duplicates.run(patients=0, sets=(1, 2))

    assert len(rows) == 8
    assert [row.name for row in rows if not row.is_met] == []


def test_opening_a_file_is_measured_against_its_statements(qapp: QApplication):
    rows = bench_file.run(visits=6, edits=2, times=2)

    assert is_sane(rows)
    assert rows[0].ratio is not None


def test_floors_are_taken_on_this_machine():
    assert 0 < floors.synced_append_ms(3) < 10_000


def test_the_table_tells_a_missed_target_from_a_met_one():
    text = benchmarks.table(
        [Row("quick", 1.0, "ms", 2.0), Row("slow", 9.0, "ms", 2.0, 3.0), Row("known", 5.0, "s")]
    )

    quick, slow, known = text.splitlines()[1:]
    assert quick.endswith("met")
    assert slow.endswith("MISSED")
    assert "3.00×" in slow
    assert known.endswith("s")


def test_plain_rows_of_other_benchmarks_are_understood():
    rows = benchmarks.rows_of([("letter", 1.1, "×", "≤ 1.2"), ("speed", 900.0, "rows/s", "≥ 1000")])

    assert [row.is_met for row in rows] == [True, False]


@pytest.mark.parametrize(("share", "expected"), [(0.5, 3), (0.95, 4), (0.0, 1)])
def test_a_percentile_is_one_of_the_values(share: float, expected: int):
    assert percentile([4, 1, 3, 2], share) == expected
