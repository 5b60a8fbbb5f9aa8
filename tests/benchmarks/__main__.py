"""`python -m tests.benchmarks [NAME …] [--quick]` prints one table: each figure, its floor, their ratio.

Floors are taken in the same run on the same machine, so that the ratios mean something anywhere; other
work on the machine spoils them all the same, which is why its load stands above the table. The exit
code is 0 whatever the figures say.
"""

from __future__ import annotations

import argparse
import importlib
import os
import re
import sys
from collections.abc import Callable, Iterable
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from tests.benchmarks import floors
from tests.benchmarks.rows import Row


def _of(module: str) -> Callable[..., list[Row]]:
    """A module's `run`, imported when it is its turn, its rows in one shape."""

    def run(*arguments: Any) -> list[Row]:
        return rows_of(importlib.import_module(f"tests.benchmarks.{module}").run(*arguments))

    return run


# Name: how it is run, with the arguments of a whole run and of a quick one.
BENCHMARKS: dict[str, tuple[Callable[..., list[Row]], tuple[Any, ...], tuple[Any, ...]]] = {
    "start": (_of("bench_start"), (), (3, 200)),
    "save": (_of("bench_save"), (), (500, 40)),
    "letter": (_of("bench_letter"), (), (20, 50)),
    "editor": (_of("bench_editor"), (), (8, 2_000)),
    "import": (_of("bench_import"), (), (300, (50,))),
    "search": (_of("bench_search"), (10_000,), (2_000,)),
    "find": (_of("bench_finding"), (), (14_000, 3)),
    "calendar": (_of("bench_calendar"), (), (50_000, 4)),
    "file": (_of("bench_file"), (), (12, 4, 5)),
    "timeline": (_of("bench_timeline"), (), (20, 5)),
    "duplicates": (_of("bench_duplicates"), (), (2_000, (1,))),
    "charges": (_of("bench_charges"), (), (4,)),
    "claims": (_of("bench_claims_tab"), (), (1, 6)),
    "x12": (_of("bench_x12"), (), (20, 1)),
    "growth": (_of("bench_growth"), (), (500, 2_000, 8)),
}


def rows_of(found: Iterable[Any]) -> list[Row]:
    """Rows as they are, and the plain tuples (name, value, unit, target) of the other modules."""
    return [each if isinstance(each, Row) else _row(*each) for each in found]


def _row(name: str, value: float, unit: str, target: float | str) -> Row:
    if isinstance(target, str):
        bound = re.search(r"[\d.]+", target)
        is_more_better = target.startswith(("≥", ">"))
        return Row(name, value, unit, float(bound[0]) if bound else 0.0, None, is_more_better)
    return Row(name, value, unit, target)


def table(rows: Iterable[Row]) -> str:
    """The rows under each other, ratios and verdicts beside them."""
    lines = [f"{'':62} {'value':>10} {'':7} {'floor':>9} {'ratio':>7} {'target':>8}"]
    for row in rows:
        floor = "" if row.floor is None else f"{row.floor:9.2f}"
        ratio = "" if row.ratio is None else f"{row.ratio:6.2f}×"
        sign = "≥" if row.is_more_better else "≤"
        target = f"{sign} {row.target:g}{'×' if row.ratio else ''}" if row.target else ""
        verdict = "" if not row.target else "met" if row.is_met else "MISSED"
        lines.append(
            f"{row.name:62} {row.value:10,.2f} {row.unit:7} {floor:>9} {ratio:>7} {target:>8} {verdict}"
        )
    return "\n".join(line.rstrip() for line in lines)


def main(arguments: list[str]) -> int:
    """Run all benchmarks or those named, and print the table as it grows."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], help="all, unless named")
    parser.add_argument("--quick", action="store_true", help="small sizes: whether it runs at all")
    wanted = parser.parse_intermixed_args(arguments)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    print(
        f"{os.cpu_count()} processors, load {load:.1f}; a durable append takes "
        f"{floors.synced_append_ms():.2f} ms; Python {sys.version.split()[0]}\n"
    )
    for name in wanted.names or BENCHMARKS:
        run, whole, quick = BENCHMARKS[name]
        print(f"{name}\n{table(run(*(quick if wanted.quick else whole)))}\n", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
