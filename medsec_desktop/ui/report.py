"""What just happened, said in one bar: sentences with Undo, refusals with their remedy and links."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from medsec_desktop.problems import Link, Problem, Unavailable

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Message:
    """One thing said: `tone` is done, info, refused or failed; `undoes` names an operation.

    `offers` are other things one may do about it, each a label and what its button runs.
    """

    text: str
    tone: str = "done"
    links: tuple[Link, ...] = ()
    undoes: int | None = None
    offers: tuple[tuple[str, Callable[[], object]], ...] = ()


class Messages(QObject):
    """Where every part of the program says what happened; the window shows it."""

    said = Signal(object)  # Message
    moved_on = Signal()  # the next thing is being done: what was said before it is past

    def __init__(self, latest_operation: Callable[[], int | None] = lambda: None):
        super().__init__()
        self._latest_operation = latest_operation
        self.last: Message | None = None

    def say(
        self,
        text: str,
        undo: bool = False,
        links: Sequence[Link] = (),
        *,
        tone: str = "done",
        offers: Sequence[tuple[str, Callable[[], object]]] = (),
    ) -> None:
        """Say what was done; with `undo`, offer to take back the operation just committed."""
        undoes = self._latest_operation() if undo else None
        self._tell(Message(text, tone, tuple(links), undoes, tuple(offers)))

    def problem(self, problem: Problem) -> None:
        """Say why something could not be done, and what to do instead."""
        tone = "failed" if isinstance(problem, Unavailable) else "refused"
        self._tell(Message(str(problem), tone, problem.links))

    def not_now(self, reason: str) -> None:
        """Explain why a key does nothing here."""
        self._tell(Message(reason, "info"))

    def move_on(self) -> None:
        """The next thing is being done, and may say something of its own."""
        self.moved_on.emit()

    def _tell(self, message: Message) -> None:
        self.last = message
        self.said.emit(message)


def guarded(desk: Desk, fn: Callable[[], T]) -> T | None:
    """What `fn` gives, or None after its Problem was said in the message bar.

    Anything that is not a Problem is our own fault and flies on to the crash dialog.
    """
    try:
        return fn()
    except Problem as problem:
        desk.messages.problem(problem)
        return None
