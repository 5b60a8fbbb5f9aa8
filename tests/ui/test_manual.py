"""The manual against the program: each key, page of the settings and word on the screen it names."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from medsec_desktop import paths
from medsec_desktop.ui.actions import ACTIONS, MENUS
from medsec_desktop.ui.practice.settings import PAGES

# The changelog tells of words as they were, and licences are not ours to word.
MANUAL = [
    page
    for page in sorted(paths.resource("help").glob("*.md"))
    if page.stem not in ("changelog", "licences")
]
EACH = pytest.mark.parametrize("page", MANUAL, ids=lambda page: page.stem)

# Keys that belong to what has the focus, not to a command of the window.
KEYS_OF_PLACES = {
    "Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+X", "Shift+Tab", "Ctrl+Tab",  # as everywhere on this platform
    "Ctrl+Left", "Ctrl+Right", "Ctrl+Up", "Ctrl+Down", "Shift+Up", "Shift+Down",  # lists and grids
    "Alt+F", "Alt+R", "Ctrl+Shift+Enter",  # the charges of a visit
}  # fmt: skip
# Commands that do what the screen in front calls by another name.
OF_THE_SCREEN = ("file.print", "form.save", "new.thing", "edit.edit")
_KEY = r"(?:(?:Ctrl|Alt|Shift)\+)+(?:F\d{1,2}|[A-Z][a-zA-Z]+|[A-Z0-9]|[\[\]/,+=-])|F\d{1,2}"
_KEYS = re.compile(rf"(?<![\w+])(?:{_KEY})(?![\w+])")
_NAMED_WITH_KEY = re.compile(rf"(\*\*?)([A-Z][^*]+?)\1 \((?:\*\*)?({_KEY})(?:\*\*)?\)")
_SETTINGS = re.compile(r"Settings, \*?([A-Z][^*.;:)]*)")
_ON_THE_SCREEN = re.compile(r"(?<!\*)\*([^*]+)\*(?!\*)")


def _plain(key: str) -> str:
    for long, short in (("PgDown", "PgDn"), ("Delete", "Del"), ("Return", "Enter")):
        key = key.replace(long, short)
    return key


OWNERS = {_plain(key): a for a in ACTIONS for key in (a.key, a.other_key) if key}


def _words(page: Path) -> str:
    """The page as one line, without where its links lead."""
    text = re.sub(r"\]\([^)]*\)", "]", page.read_text("utf-8"))
    return " ".join(text.split())


def _as_said(words: str) -> str:
    """Without the marks and numbers that are put in while the program runs."""
    words = re.sub(r"\s*\d+\s*", " ", words.replace("&", ""))
    return " ".join(words.split()).rstrip("….").casefold()


@cache
def _said() -> frozenset[str]:
    """Every text in the program, those with something put in by their parts and as a whole."""
    return frozenset(_as_said(text) for path in _sources() for text in _texts(path))


def _sources() -> list[Path]:
    return sorted(Path(paths.__file__).parent.rglob("*.py"))


def _texts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            parts = [v.value if isinstance(v, ast.Constant) else " 0 " for v in node.values]
            yield "".join(map(str, parts))


@EACH
def test_every_key_in_the_manual_does_something(page: Path) -> None:
    keys = {_plain(key) for key in _KEYS.findall(page.read_text("utf-8"))}

    assert keys - OWNERS.keys() - KEYS_OF_PLACES == set()


@EACH
def test_a_command_named_with_its_key_has_that_key(page: Path) -> None:
    for _, words, key in _NAMED_WITH_KEY.findall(_words(page)):
        command = OWNERS[_plain(key)]
        if command.id in OF_THE_SCREEN:
            continue
        named = words.rsplit(", ", 1)[-1].casefold().rstrip("…").split()
        assert set(named) <= set(command.name.casefold().split()), f"{words} ({key})"


@EACH
def test_pages_of_the_settings_are_called_as_they_are(page: Path) -> None:
    names = tuple(kind.name for kind in PAGES)

    wrong = [found for found in _SETTINGS.findall(_words(page)) if not found.startswith(names)]

    assert wrong == []


def test_the_program_calls_its_own_pages_of_the_settings_as_they_are() -> None:
    names = tuple(kind.name for kind in PAGES)

    said = {
        found for path in _sources() for text in _texts(path) for found in _SETTINGS.findall(text)
    }

    assert {found for found in said if not found.startswith(names)} == set()


@EACH
def test_words_said_to_stand_on_the_screen_stand_there(page: Path) -> None:
    menus = {f"{a.menu}, {a.text}".casefold().rstrip("…") for a in ACTIONS}
    wrong = []
    for words in _ON_THE_SCREEN.findall(_words(page)):
        if words.split(",")[0] in (*MENUS, "Settings"):  # a page of the settings: see above
            is_said = words.casefold().rstrip("…") in menus or words.startswith("Settings")
        else:
            is_said = _as_said(words) in _said()
        if not is_said:
            wrong.append(words)

    assert wrong == []
