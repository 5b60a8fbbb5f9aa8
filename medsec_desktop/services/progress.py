"""How long work tells where it is, whoever listens: a window, a terminal, or nobody."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol


class Progress(Protocol):
    """Told how far the work is; may raise to stop it, which undoes what was begun."""

    def report(self, done: int, total: int, text: str = "") -> None:
        """Say how far the work is; `total` 0 where nobody knows."""
        ...

    def check(self) -> None:
        """Raise where the work is to be stopped."""
        ...


class Quiet:
    """Nobody listens and nobody stops the work."""

    def report(self, done: int, total: int, text: str = "") -> None:
        pass

    def check(self) -> None:
        pass


class Pace:
    """How fast work goes and how long it will take, told in words.

    `now` gives seconds of any steady clock. Nothing is said before there is something to go by.
    """

    _SETTLES_S = 1.0

    def __init__(self, now: Callable[[], float] = time.monotonic):
        self._now = now
        self._began: float | None = None
        self._done_at_begin = 0

    def words(self, done: int, total: int) -> str:
        """“3,200 rows/s, about 12 s left”; '' while it cannot be told."""
        if self._began is None or done < self._done_at_begin:
            self._began, self._done_at_begin = self._now(), done
            return ""
        took = self._now() - self._began
        rows = done - self._done_at_begin
        if took < self._SETTLES_S or rows <= 0:
            return ""
        rate = rows / took
        said = f"{rate:,.0f} rows/s"
        return f"{said}, {left_in_words((total - done) / rate)}" if total > done else said


def left_in_words(seconds: float) -> str:
    """A time still to go as one says it: “about 12 s left”, “about 4 min left”."""
    if seconds < 2:
        return "nearly done"
    if seconds < 90:
        step = 1 if seconds < 10 else 5
        return f"about {max(1, round(seconds / step)) * step} s left"
    return f"about {round(seconds / 60)} min left"


class ToldToOthers:
    """Progress that those who wait to save hear of as well."""

    def __init__(self, progress: Progress, say_pace: Callable[[str], object]):
        self._progress = progress
        self._say_pace = say_pace
        self._pace = Pace()

    def report(self, done: int, total: int, text: str = "") -> None:
        """Say how far the work is; may raise to stop it."""
        self._progress.report(done, total, text)
        if total:
            counted = f"{done:,} of about {total:,} rows"
            pace = self._pace.words(done, total)
            self._say_pace(f"{counted}, {pace}" if pace else counted)
        else:
            self._say_pace("it is finished in a moment")

    def check(self) -> None:
        """Raise where the work is to be stopped."""
        self._progress.check()
