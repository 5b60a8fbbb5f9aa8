"""Where the program starts: arguments, crash handling, exit code."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from medsec_desktop.services.office import Office

_OUR_FAULT = 70  # sysexits: an error in the program itself
_READING = "read-documents"  # as `exchange/documents/process.py` is called


def main(argv: Sequence[str] | None = None) -> int:
    """Run the window or one of the administrator's commands; the exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments == [_READING]:  # we are our own helper, which needs nothing of the program
        from medsec_desktop.exchange.documents.process import main as read_documents

        return read_documents()
    from medsec_desktop import cli

    try:
        return cli.main(arguments, _show_window, _try_window)
    except Exception as error:
        return _tell_of_crash(error)


def _show_window(folder: Path | None, demo: bool) -> int:
    gc.disable()  # looking for garbage where there is none yet is a twentieth of a start
    from medsec_desktop import app, logs

    logs.start()
    _spare_the_search_for_features()
    logs.take_qt_messages()
    return app.run(folder, demo)


def _spare_the_search_for_features() -> None:
    """Keep PySide from reading the source of every module imported after it.

    It looks whether the module may ask for `__feature__` (snake_case and the like). We never do, and
    the reading takes a tenth of a start. Should PySide do this differently one day, it goes on as it
    likes.
    """
    from importlib import import_module

    import PySide6.QtCore  # noqa: F401  (brings the support package)

    feature = import_module("shibokensupport.feature")
    if hasattr(feature, "_mod_uses_pyside"):
        feature._mod_uses_pyside = lambda _module: True


def _try_window(office: Office) -> str:
    """Build the whole window around an office and close it again; for the self-test."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from medsec_desktop.ui.desk import make_desk
    from medsec_desktop.ui.jobs import InlineJobs
    from medsec_desktop.ui.main_window import MainWindow
    from medsec_desktop.ui.theme import Theme

    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["medsec-desktop"])
    theme = Theme(parent=app)
    theme.apply(app)
    window = MainWindow(
        make_desk(office, theme, jobs=InlineJobs()), unlock=lambda _login, _password: None
    )
    window.show()
    app.processEvents()
    is_painted = not window.grab().isNull()
    window.close()
    if not is_painted:
        raise RuntimeError("the window painted nothing")
    return f"Qt on “{app.platformName()}”"


def _tell_of_crash(error: Exception) -> int:
    """Our own mistake: kept in the log without names, told in two sentences."""
    from medsec_desktop import logs

    file = logs.start()
    logging.getLogger(__name__).critical("crash", exc_info=error)
    told = ["The program made a mistake of its own and had to stop."]
    if file is not None:
        told.append(f"What a developer needs to know, without any names, is in {file}.")
    sys.stderr.write("\n".join(told) + "\n")
    return _OUR_FAULT


if __name__ == "__main__":
    sys.exit(main())
