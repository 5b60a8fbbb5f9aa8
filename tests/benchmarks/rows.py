"""One line of the benchmarks' table, and how measured times are taken together."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured, the floor taken in the same run, and what is promised.

    `target` bounds the ratio to `floor` where there is a floor, else the value itself; 0 promises
    nothing.
    """

    name: str
    value: float
    unit: str
    target: float = 0.0
    floor: float | None = None
    is_more_better: bool = False

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor if self.floor else None

    @property
    def is_met(self) -> bool:
        if not self.target:
            return True
        judged = self.value if self.ratio is None else self.ratio
        return judged >= self.target if self.is_more_better else judged <= self.target


def milliseconds(work: Callable[[], object], times: int) -> list[float]:
    """How long each of `times` runs of `work` took."""
    took = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        took.append((time.perf_counter() - started) * 1000)
    return took


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds of some runs: on the wall clock, and of this program's processor time."""

    wall: list[float]
    processor: list[float]


def timed(
    work: Callable[[], object], times: int, before: Callable[[], object] | None = None
) -> Took:
    """How long each of `times` runs of `work` took; `before` comes before each and is not counted."""
    took = Took([], [])
    for _ in range(times):
        if before is not None:
            before()
        started, processor = time.perf_counter(), time.process_time()
        work()
        took.processor.append((time.process_time() - processor) * 1000)
        took.wall.append((time.perf_counter() - started) * 1000)
    return took


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all values do not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def alternating(
    floor: Callable[[], object], work: Callable[[], object], times: int
) -> tuple[float, float]:
    """Median milliseconds of the floor and of the work, run in turns so that both see one machine."""
    floors, works = [], []
    for _ in range(times):
        floors += milliseconds(floor, 1)
        works += milliseconds(work, 1)
    return median(floors), median(works)
