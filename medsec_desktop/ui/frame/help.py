"""Help from anywhere: the manual at the page of the screen in front, the keys, the version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from medsec_desktop.ui.desk import Desk
    from medsec_desktop.ui.help_window import HelpWindow
    from medsec_desktop.ui.main_window import MainWindow


class Help:
    """Binds the Help menu for the whole window."""

    def __init__(self, desk: Desk, window: MainWindow):
        self._desk, self._window = desk, window
        self.manual: HelpWindow | None = None  # once it was opened
        bind = desk.actions.bind
        bind("help.page", self.open)
        bind("help.keys", self._show_keys)
        bind("help.about", self._show_about)

    def open(self, page: str = "") -> None:
        """Open the manual at `page`, else at that of the screen in front."""
        if self.manual is None:
            from medsec_desktop.ui.help_window import HelpWindow

            self.manual = HelpWindow(self._desk.theme, self._desk.actions, self._window)
        self.manual.open_page(page or self._page_in_front())
        self.manual.come_forward()

    def close(self) -> None:
        if self.manual is not None:
            self.manual.close()

    def _page_in_front(self) -> str:
        """The page of the widget with the focus, else of the tab."""
        widget: QObject | None = QApplication.focusWidget()
        while widget is not None:
            page = getattr(widget, "help_page", "")
            if page:
                return str(page)
            widget = widget.parent()
        return self._window.tab.help_page if self._window.tab is not None else "index"

    def _show_keys(self) -> None:
        from medsec_desktop.ui.cheat_sheet import CheatSheet

        CheatSheet(self._desk.theme, self._desk.actions, self._window).show()

    def _show_about(self) -> None:
        from medsec_desktop import __version__

        self._desk.prompts.ask(
            "MedSec Desktop",
            f"Version {__version__}. The front desk of a clinic on one workstation: nothing here "
            "needs or uses a network. The licenses of what it is built on are in the manual.",
            ["Close"],
            lambda _: None,
        )
