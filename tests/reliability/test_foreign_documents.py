"""Broken documents: an answer or a sentence in time, and a process that can be started anew."""

from __future__ import annotations

import random
import subprocess
import threading
import time
from typing import Any

import pytest

from medsec_desktop import paths
from medsec_desktop.exchange.documents import wire
from medsec_desktop.exchange.documents.process import COMMAND
from tests.papers import a_pdf, a_picture, as_file, drawn
from tests.reliability.test_foreign_files import mutated

_SMOKE, _LONG = 300, 10_000
_SLOWEST_S = 2.0
_PATIENCE_S = 15.0  # what a slow machine is given beyond that is no answer at all
_PLAIN = a_pdf("One", "Two")
_SMALL = drawn(a_pdf("Small"), dpi=20)


class Process:
    """The reading process, asked without the care the program takes of it."""

    def __init__(self) -> None:
        self.deaths = 0
        self._start()

    def _start(self) -> None:
        command, environment = paths.own_command(COMMAND)
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        self.ask({"do": "open"}, _PLAIN)  # what is imported at the first document is not counted
        self.ask({"do": "page", "number": 0, "width": 40})

    def ask(self, facts: dict[str, Any], content: bytes = b"") -> dict[str, Any] | None:
        """The answer, or None where the process died of the question or had to be ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        clock = threading.Timer(_PATIENCE_S, self._process.kill)
        clock.start()
        try:
            wire.send(self._process.stdin, facts, content)  # type: ignore[arg-type]
            return wire.receive(self._process.stdout, 1 << 28)[0]  # type: ignore[arg-type]
        except (OSError, EOFError):
            self.close()
            self.deaths += 1
            self._start()
            return None
        finally:
            clock.cancel()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            try:
                pipe.close()
            except OSError:
                continue


def read_many(name: str, times: int) -> None:
    whole = {
        "pdf": _PLAIN,
        "tiff": as_file(_SMALL * 2, "TIFF", 20),
        "jpeg": a_picture("JPEG", (80, 60)),
        "png": a_picture("PNG", (80, 60)),
    }[name]
    process = Process()
    slow = []
    for seed in range(times):
        began = time.monotonic()
        spoiled = mutated(whole, random.Random(f"{name} {seed}"))
        answer = process.ask({"do": "open"}, spoiled)
        if answer is not None and "sizes" in answer:
            drawn_page = process.ask({"do": "page", "number": 0, "width": 80})
            assert drawn_page is None or {"width", "refused"} & set(drawn_page), f"seed {seed}"
        elif answer is not None:
            assert all(isinstance(part, str) for part in answer["refused"]), f"seed {seed}"
            assert answer["refused"][0].endswith("."), f"seed {seed}"
        if time.monotonic() - began > _SLOWEST_S:
            slow.append(seed)
    process.close()
    # The program ends what takes too long, and starts anew what died; neither may be the rule.
    assert len(slow) <= times // 100, f"slow: {slow}"
    assert process.deaths <= times // 100


@pytest.mark.parametrize("name", ["pdf", "tiff", "jpeg", "png"])
def test_a_broken_document_is_read_or_refused_in_words(name: str) -> None:
    read_many(name, _SMOKE)


@pytest.mark.fuzz
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("name", ["pdf", "tiff", "jpeg", "png"])
def test_ten_thousand_broken_documents_are_read_or_refused(name: str) -> None:
    read_many(name, _LONG)
