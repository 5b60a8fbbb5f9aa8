"""The house's rules, held by tests."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "medsec_desktop"
SOURCES = sorted(PACKAGE.rglob("*.py"))
TOP_LEVEL = {
    "medsec_desktop", "resources", "tests", "pyproject.toml", "build.spec", "README.md", ".ci",
    ".gitignore", ".git",
}  # fmt: skip


def _calls(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_imports_point_down() -> None:
    run = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_the_code_is_clean_and_formatted_alike() -> None:
    for command in (["check"], ["format", "--check"]):
        run = _run("ruff", *command, "medsec_desktop", "tests")
        assert run.returncode == 0, run.stdout


def test_everything_below_the_window_is_strictly_typed() -> None:
    run = _run("mypy")
    assert run.returncode == 0, run.stdout


def test_nothing_new_stands_at_the_top_of_the_repository() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.splitlines()
    if not tracked:
        pytest.fail("the tests run in a clone of the repository")
    assert {path.split("/")[0] for path in tracked} <= TOP_LEVEL


def test_time_is_asked_of_a_clock_only() -> None:
    askers = {
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in SOURCES
        if path.name != "clock.py"
        for call in _calls(ast.parse(path.read_text("utf-8")))
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in {"now", "today", "utcnow"}
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id in {"datetime", "date"}
    }
    assert askers == set()


def test_no_dialog_runs_a_loop_of_its_own() -> None:
    loops = {
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in SOURCES
        if path.name != "app.py"  # the one loop of the program
        for call in _calls(ast.parse(path.read_text("utf-8")))
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"exec", "exec_"}
    }
    assert loops == set()


def test_only_one_place_knows_how_the_program_is_installed() -> None:
    knowing = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if path.name != "paths.py"
        and ("sys.frozen" in path.read_text("utf-8") or "_MEIPASS" in path.read_text("utf-8"))
    ]
    assert knowing == []


def test_every_module_and_public_name_says_what_it_gives() -> None:
    silent = []
    for path in SOURCES:
        tree = ast.parse(path.read_text("utf-8"))
        if path.name != "__init__.py" and not ast.get_docstring(tree):
            silent.append(str(path.relative_to(ROOT)))
        for node in tree.body:
            if (
                isinstance(node, ast.ClassDef | ast.FunctionDef)
                and not node.name.startswith("_")
                and "models" not in path.parts
                and not ast.get_docstring(node)
            ):
                silent.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert silent == []


_OF_ONE_SEX = re.compile(r"\b(she|her|hers|herself|him|his|himself)\b", re.IGNORECASE)


def test_no_words_shown_take_everybody_for_a_woman_or_a_man() -> None:
    """Docstrings and comments are for us; invented notes of the demo clinic are about one person."""
    found = []
    for path in SOURCES:
        if "demo" in path.parts:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        docstrings = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in docstrings
                and _OF_ONE_SEX.search(node.value)
            ):
                found.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.value}")
    for page in (ROOT / "resources" / "help").glob("*.md"):
        for number, line in enumerate(page.read_text("utf-8").splitlines(), 1):
            if _OF_ONE_SEX.search(line):
                found.append(f"{page.relative_to(ROOT)}:{number} {line}")
    assert found == []
