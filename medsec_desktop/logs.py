"""The log: rotated, with Qt's own messages in it, and without a name, date or number of a patient.

Our own lines carry ids only. What Python and Qt add (messages of exceptions, paths) is redacted
here, because a message may quote what was typed.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from functools import cache
from pathlib import Path
from typing import Any

from medsec_desktop import __version__, paths

_LIMIT_BYTES = 1_000_000
_KEPT = 5
# Said at each window where nobody manages windows, as on a screen of tests; worth nothing in a log.
_NO_WINDOW_MANAGER = "This plugin does not support propagateSizeHints"

# Messages of these come from Python itself and quote names from the source, not from a record.
_TELLING = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    NameError,
    NotImplementedError,
    RecursionError,
)


@cache
def _private() -> re.Pattern[str]:
    """Compiled for the first line of the log: the first window should not wait for it."""
    return re.compile(
        r"""
        (?P<quoted>  “[^”]*” | "[^"]*" | (?<!\w)'[^']*' )
      | (?P<mail>    [\w.+-]+@[\w-]+\.[\w.]+ )
      | (?P<date>    \b\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b )
      | (?P<number>  (?<![\w.#])\+?\(?\d{3}[\d\s().-]{3,}\d\b )
        """,
        re.VERBOSE,
    )


def redact(text: str) -> str:
    """`text` without anything quoted, and without what looks like a mail, date or phone number."""
    return _private().sub("…", text)


def _told(error: BaseException) -> str:
    """An exception's message where it can hold nothing private, else only that there was one."""
    message = str(error)
    if not message:
        return ""
    if type(error).__module__ == "builtins" and isinstance(error, _TELLING):
        return f": {message}"
    return ": (message withheld)"


def crash_report(error: BaseException) -> str:
    """What a developer needs to find the bug, and nothing a patient would mind.

    Types, places and versions; no message that could quote a record, no values, no home folder.
    """
    import platform

    lines = [
        f"MedSec Desktop {__version__}",
        f"Python {platform.python_version()} on {platform.system()} {platform.machine()}",
        "",
    ]
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        if len(seen) > 1:
            lines += ["", "caused by", ""]
        for frame in traceback.extract_tb(link.__traceback__):
            lines.append(f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}")
        lines.append(f"{type(link).__module__}.{type(link).__qualname__}{_told(link)}")
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return "\n".join(lines)


def _short(filename: str) -> str:
    """A source file without the folders above its package: they may name a person."""
    path = Path(filename)
    for anchor in ("medsec_desktop", "site-packages", "tests"):
        if anchor in path.parts:
            position = len(path.parts) - 1 - path.parts[::-1].index(anchor)
            first = position if anchor != "site-packages" else position + 1
            return "/".join(path.parts[first:])
    return path.name


class _Redacted(logging.Formatter):
    """Lines of the log with everything private blotted out, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        stamp = self.formatTime(record)
        text = f"{stamp} {record.levelname.lower()} {record.name}: {redact(record.getMessage())}"
        if record.exc_info and record.exc_info[1] is not None:
            text += "\n" + crash_report(record.exc_info[1])
        return text


class _LogFile(logging.Handler):
    """Rotated files; what rotates them is imported for the first line, after the first window."""

    def __init__(self, file: Path):
        super().__init__()
        self._path = file
        self._file: logging.Handler | None = None

    def emit(self, record: logging.LogRecord) -> None:
        if self._file is None:
            from logging.handlers import RotatingFileHandler

            self._file = RotatingFileHandler(
                self._path, maxBytes=_LIMIT_BYTES, backupCount=_KEPT, encoding="utf-8", delay=True
            )
            self._file.setFormatter(_Redacted())
        self._file.emit(record)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        super().close()


def start(folder: Path | None = None, level: int = logging.INFO) -> Path | None:
    """Begin to log into `folder`; gives the file, or None where it cannot be written.

    A log that cannot be written never keeps anybody from working.
    """
    folder = folder or paths.log_folder()
    root = logging.getLogger()
    root.setLevel(level)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        root.addHandler(logging.NullHandler())
        return None
    file = folder / "medsec.log"
    root.addHandler(_LogFile(file))
    return file


def take_qt_messages() -> None:
    """Let Qt's own warnings go into the log instead of onto the terminal."""
    from PySide6.QtCore import QtMsgType, qInstallMessageHandler

    levels = {
        QtMsgType.QtDebugMsg: logging.DEBUG,
        QtMsgType.QtInfoMsg: logging.INFO,
        QtMsgType.QtWarningMsg: logging.WARNING,
        QtMsgType.QtCriticalMsg: logging.ERROR,
        QtMsgType.QtFatalMsg: logging.CRITICAL,
    }
    log = logging.getLogger("qt")

    def handle(kind: Any, context: Any, message: str) -> None:
        if message.startswith(_NO_WINDOW_MANAGER):
            return
        log.log(levels.get(kind, logging.WARNING), "%s", message)
        if kind is QtMsgType.QtFatalMsg:
            sys.stderr.write(redact(message) + "\n")

    qInstallMessageHandler(handle)
