"""How long work tells where it is, whoever listens: a window, a terminal, or nobody."""

from __future__ import annotations

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
