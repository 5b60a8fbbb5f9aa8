"""Stand-ins for the person at the desk: answers to prompts that a test writes down beforehand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from medsec_desktop.ui.prompts import Prompts


@dataclass
class ScriptedPrompts(Prompts):
    """Answers each question with the next of `answers`; remembers what was `asked`.

    An answer of None leaves the question as Escape would.
    """

    answers: list[str | None] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def _answer(self, title: str, then: Callable[[str], object], escape: str | None) -> None:
        self.asked.append(title)
        assert self.answers, f"nobody expected the question “{title}”"
        answer = self.answers.pop(0)
        answer = escape if answer is None else answer
        if answer is not None:
            then(answer)

    def ask(
        self, title: str, text: str, buttons: Sequence[str], then: Callable[[str], object]
    ) -> None:
        self._answer(title, then, buttons[-1])

    def ask_text(
        self,
        title: str,
        label: str,
        then: Callable[[str], object],
        *,
        text: str = "",
        value: str = "",
        button: str = "OK",
        secret: bool = False,
    ) -> None:
        self._answer(title, then, None)

    def choose_file(
        self, title: str, then: Callable[[str], object], *, pattern: str = "", folder: str = ""
    ) -> None:
        self._answer(title, then, None)

    def choose_files(
        self,
        title: str,
        then: Callable[[list[str]], object],
        *,
        pattern: str = "",
        folder: str = "",
    ) -> None:
        """The answer names them a line each."""
        self._answer(title, lambda paths: then(paths.split("\n")), None)

    def choose_folder(self, title: str, then: Callable[[str], object], *, folder: str = "") -> None:
        self._answer(title, then, None)

    def save_file(
        self,
        title: str,
        then: Callable[[str], object],
        *,
        name: str = "",
        pattern: str = "",
        folder: str = "",
    ) -> None:
        self._answer(title, then, None)
