"""No door of the services leads past the permissions: a change asks by itself, the others are looked for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import medsec_desktop.services
from medsec_desktop.services.session import Session

ROOT = Path(medsec_desktop.services.__file__).parent
ASKS = {"require", "change"}
LEAVES = {"print_pdf", "save_pdf", "write_out"}  # pages and files on their way out
KEPT_BESIDE = {"note_meta"}  # what is remembered outside the journal
UNDER_THE_DOORS = ("demo/",)  # fills a practice of its own, before anybody works in it

# Who may, though nobody is asked, and why.
FREE = {
    "drafts.py Drafts.discard": "one’s own unfinished work",
    "drafts.py Drafts.park": "one’s own unfinished work",
    "drafts.py Drafts.restore": "one’s own unfinished work",
    "drafts.py Drafts.save": "one’s own unfinished work",
    "drafts.py Drafts.take_up": "one’s own unfinished work",
    "calendar/sheets/sheets.py Sheets.remember": "how this workstation prints; nothing about a patient",
    "letters/post.py Post.remember": "how this workstation prints; nothing about a patient",
    "printing/printing.py Printing.remember": "how this workstation prints; nothing about a patient",
    "printing/printing.py Printing.choose": "how this workstation prints; nothing about a patient",
    "printing/calibrating.py Calibrations.measured": "how this workstation prints",
    "printing/calibrating.py Calibrations.forget": "how this workstation prints",
    "printing/kept.py KeptPrints.keep": "only Printing has it, whose callers asked",
    "printing/kept.py KeptPrints.bring_back": "only Printing has it, which asks",
    "printing/kept.py KeptPrints.let_go": "only Printing has it, which asks",
    "printing/kept.py KeptPrints.still_waits": "only Printing has it, which asks",
    "printing/printing.py Printing.save_pdf": "the way into a file; who made the pages asked",
}


def calls(function: ast.FunctionDef) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute):
                yield called.attr, node
            elif isinstance(called, ast.Name):
                yield called.id, node


def written_table(call: ast.Call) -> str:
    """The table that a statement handed to the database writes to; '' where it writes none by name."""
    if not call.args:
        return ""
    parts = (part.value for part in ast.walk(call.args[0]) if isinstance(part, ast.Constant))
    words = " ".join(str(part) for part in parts).split()
    match [word.upper() for word in words[:3]]:
        case ["INSERT", "INTO", _] | ["DELETE", "FROM", _]:
            return words[2]
        case ["INSERT", "OR", _]:
            return words[4]
        case ["UPDATE", _, _]:
            return words[1]
    return ""


class Module:
    """The functions of one file, by name, and what each reaches in it."""

    def __init__(self, path: Path, unjournalled: frozenset[str]):
        self.name = path.relative_to(ROOT).as_posix()
        self._unjournalled = unjournalled
        self.functions: dict[str, ast.FunctionDef] = {}
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                self.functions[node.name] = node
            elif isinstance(node, ast.ClassDef):
                for part in node.body:
                    if isinstance(part, ast.FunctionDef):
                        self.functions[f"{node.name}.{part.name}"] = part

    def reached(self, name: str) -> frozenset[str]:
        """It and every function of this file it calls, however far."""
        found, ahead = set(), [name]
        while ahead:
            here = ahead.pop()
            if here in found:
                continue
            found.add(here)
            for called, _ in calls(self.functions[here]):
                of_class = f"{here.split('.')[0]}.{called}"
                ahead += [one for one in (of_class, called) if one in self.functions]
        return frozenset(found)

    def asks(self, name: str) -> bool:
        return any(
            called in ASKS for one in self.reached(name) for called, _ in calls(self.functions[one])
        )

    def is_a_way_out(self, name: str) -> bool:
        """Whether something leaves by it, or is kept where no journal sees it."""
        return any(
            called in LEAVES | KEPT_BESIDE
            or (called.startswith("execute") and written_table(call) in self._unjournalled)
            for one in self.reached(name)
            for called, call in calls(self.functions[one])
        )

    def doors(self) -> Iterator[str]:
        for name in self.functions:
            is_public = not any(part.startswith("_") for part in name.split("."))
            if is_public and not self.name.startswith(UNDER_THE_DOORS):
                yield name


def test_whatever_leaves_or_is_kept_outside_the_journal_asks_for_a_permission(
    session: Session,
) -> None:
    tables = {
        row[0] for row in session.db.rows("SELECT name FROM sqlite_master WHERE type='table'")
    }
    journalled = {
        row[0] for row in session.db.rows("SELECT tbl_name FROM sqlite_master WHERE type='trigger'")
    }
    unjournalled = frozenset(tables - journalled)
    assert {"draft", "kept_print"} <= unjournalled

    modules = [Module(path, unjournalled) for path in sorted(ROOT.rglob("*.py"))]
    unasked = {
        f"{module.name} {name}"
        for module in modules
        for name in module.doors()
        if module.is_a_way_out(name) and not module.asks(name)
    }

    assert unasked == set(FREE)
