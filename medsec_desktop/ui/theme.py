"""How the program looks: colours, type, icons and the style sheet, in light and in dark.

Every colour on screen is a token from here, so that a second look at contrast is a look at one
file. Text tokens keep 4.5:1 on every surface token, and edges of controls 3:1
(WCAG 2.2, 1.4.3 and 1.4.11); a test computes them all.
"""

from __future__ import annotations

import re
import weakref
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QIcon,
    QImage,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QPushButton

from medsec_desktop import paths

FONT_FAMILY = "Noto Sans"

LIGHT = {
    "window": "#F4F5F7",  # behind everything: header, strips, status bar
    "surface": "#FFFFFF",  # where work lies
    "raised": "#FFFFFF",  # menus, pop-ups, cards above a surface
    "sunken": "#ECEEF1",  # wells: closed hours, tracks, chips
    "hover": "#EEF2F4",
    "selected": "#D6ECF0",
    "line": "#E0E3E8",  # hairlines that only separate
    "edge": "#868F99",  # the border of something one can type into or press
    "handle": "#C2C8CF",  # scroll bars: there, but quiet
    "text": "#1A1E23",
    "muted": "#55606B",
    "accent": "#0B7083",
    "accent_hover": "#095D6D",
    "on_accent": "#FFFFFF",
    "accent_soft": "#E1F1F4",
    "danger": "#B3261E",
    "danger_soft": "#FCEBE9",
    "warning": "#855200",
    "warning_soft": "#FDF1DA",
    "success": "#1C7041",
    "success_soft": "#E3F4EA",
    "focus": "#0B7083",
    "disabled": "#8D96A0",
}

DARK = {
    "window": "#16181B",
    "surface": "#1D2023",
    "raised": "#25292D",
    "sunken": "#111315",
    "hover": "#282D32",
    "selected": "#17424C",
    "line": "#31363C",
    "edge": "#7A848F",
    "handle": "#4B535B",
    "text": "#E7EAED",
    "muted": "#A7B0BA",
    "accent": "#54B9CD",
    "accent_hover": "#74C9DA",
    "on_accent": "#06262D",
    "accent_soft": "#16323A",
    "danger": "#FF9A90",
    "danger_soft": "#3B2120",
    "warning": "#F2BD57",
    "warning_soft": "#372B14",
    "success": "#76CF9B",
    "success_soft": "#183122",
    "focus": "#54B9CD",
    "disabled": "#6E7780",
}

_BEFORE_WORDS = 4  # pixels between an icon and the words of its button, beside Qt's own
_TYPE = {"small": 11, "body": 13, "heading": 15, "title": 20}
ZOOMS = (0.85, 1.0, 1.15, 1.3, 1.5, 1.75, 2.0)


@dataclass(frozen=True, slots=True)
class Category:
    """The three colours of one kind of visit or one provider: a soft area, its edge, text on it."""

    fill: QColor
    edge: QColor
    ink: QColor


CATEGORIES_LIGHT = {
    "teal": ("#D8EFF0", "#0F8688", "#0A4B4D"),
    "blue": ("#DCE9FB", "#2F6FDB", "#1B3F80"),
    "indigo": ("#E4E5FB", "#5457CE", "#2F3183"),
    "violet": ("#EEE2FA", "#8A4FC7", "#51277D"),
    "pink": ("#FAE0EC", "#C2417F", "#7B2150"),
    "red": ("#FBE2DF", "#C8453A", "#7F231B"),
    "orange": ("#FCE7D6", "#C4651A", "#74380B"),
    "amber": ("#FAEFCB", "#A67A00", "#5E4400"),
    "green": ("#DEF2E0", "#36873F", "#1F5526"),
    "slate": ("#E6E9ED", "#65717E", "#39424C"),
}

CATEGORIES_DARK = {
    "teal": ("#143A3C", "#3FB3B6", "#C3ECED"),
    "blue": ("#1B3252", "#6FA3F2", "#CFE0FB"),
    "indigo": ("#2A2B57", "#8F92F0", "#D9DAFB"),
    "violet": ("#3A2650", "#B98AE8", "#E9DAF8"),
    "pink": ("#472238", "#E585B4", "#F8D7E6"),
    "red": ("#48231F", "#EC8A80", "#F9D8D4"),
    "orange": ("#452B16", "#E89A58", "#F9DEC6"),
    "amber": ("#3E3212", "#D9B13F", "#F5E5B5"),
    "green": ("#1D3A22", "#72C07A", "#CFECD2"),
    "slate": ("#2E343B", "#98A4B1", "#DCE2E8"),
}

CATEGORY_NAMES = tuple(CATEGORIES_LIGHT)


@dataclass(slots=True)
class _Wearer:
    """A button or action with an icon."""

    who: weakref.ref[QObject]
    name: str
    colour: str
    size: int
    dressed: bool = False


@cache
def _drawn(name: str, colour: str, pixels: int) -> QImage:
    """The icon `name`, drawn once for as long as the program runs, in whichever theme."""
    from PySide6.QtSvg import QSvgRenderer  # not needed before the first icon is

    text = paths.resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    # Lucide draws for 24 px; a slightly thinner stroke looks right beside 13 px text.
    text = text.replace('stroke-width="2"', 'stroke-width="1.75"').replace("currentColor", colour)
    image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(image.rect()))
    painter.end()
    return image


class Theme(QObject):
    """The look in force. `changed` fires when light turns dark or the text grows."""

    changed = Signal()

    def __init__(self, dark: bool = False, zoom: float = 1.0, parent: QObject | None = None):
        super().__init__(parent)
        self.dark = dark
        self.zoom = zoom
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}
        self._icons: dict[tuple[str, str, int], QIcon] = {}
        self._wearers: dict[int, _Wearer] = {}
        self._app: QApplication | None = None
        self._dressing = QTimer(self)
        self._dressing.setSingleShot(True)
        self._dressing.timeout.connect(self._dress_all)

    # --- tokens

    def colour(self, token: str) -> QColor:
        """The colour of `token`, e.g. "surface", "muted", "danger"."""
        return QColor((DARK if self.dark else LIGHT)[token])

    def category(self, name: str) -> Category:
        """The colours of an appointment type or provider; unknown names are slate."""
        table = CATEGORIES_DARK if self.dark else CATEGORIES_LIGHT
        fill, edge, ink = table.get(name, table["slate"])
        return Category(QColor(fill), QColor(edge), QColor(ink))

    def px(self, size: float) -> int:
        """`size` pixels at the zoom in force; for anything that must hold text."""
        return round(size * self.zoom)

    def font(self, role: str = "body", *, strong: bool = False) -> QFont:
        """The font of a step of the type scale: small, body, heading or title."""
        font = QFont(FONT_FAMILY)
        font.setPixelSize(self.px(_TYPE[role]))
        if strong or role in ("heading", "title"):
            font.setWeight(QFont.Weight.DemiBold)
        return font

    # --- icons

    def icon(self, name: str, colour: str = "muted", size: int = 16) -> QIcon:
        """The icon `name` in a colour token at `size` pixels, with its disabled face."""
        key = (name, colour, size)
        if key not in self._icons:
            icon = QIcon(self.pixmap(name, colour, size, self._scale()))
            icon.addPixmap(self.pixmap(name, "disabled", size, self._scale()), QIcon.Mode.Disabled)
            self._icons[key] = icon
        return self._icons[key]

    def _apart(self, name: str, colour: str, size: int) -> QIcon:
        """The icon with some air at its right, for a button with words after it."""
        key = (name, colour, -size)
        if key not in self._icons:
            icon, scale = QIcon(), self._scale()
            for mode, token in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, "disabled")):
                drawn = self.pixmap(name, token, size, scale)
                wide = QPixmap(
                    drawn.width() + round(self.px(_BEFORE_WORDS) * scale), drawn.height()
                )
                wide.setDevicePixelRatio(scale)
                wide.fill(Qt.GlobalColor.transparent)
                painter = QPainter(wide)
                painter.drawPixmap(0, 0, drawn)
                painter.end()
                icon.addPixmap(wide, mode)
            self._icons[key] = icon
        return self._icons[key]

    def pixmap(
        self, name: str, colour: str = "muted", size: int = 16, scale: float = 1.0
    ) -> QPixmap:
        """The icon `name` drawn once at `size` pixels for a screen of `scale` pixels per point."""
        key = (name, colour, size, scale)
        if key not in self._pixmaps:
            drawn = _drawn(name, self.colour(colour).name(), round(size * scale))
            self._pixmaps[key] = QPixmap.fromImage(drawn)
            self._pixmaps[key].setDevicePixelRatio(scale)
        return self._pixmaps[key]

    def _scale(self) -> float:
        """The sharpest screen's pixels per point; on the others the icon is scaled down."""
        return self._app.devicePixelRatio() if self._app is not None else 1.0

    def wear(self, wearer: QObject, name: str, colour: str = "muted", size: int = 16) -> None:
        """Put an icon on a button or action and keep it right when the theme changes.

        Drawn when the hands are free, so that the first window does not wait for its icons.
        """
        key = id(wearer)  # whoever had it before is gone, or is this one
        self._wearers.pop(key, None)
        self._wearers[key] = _Wearer(weakref.ref(wearer), name, colour, size)
        if not self._dressing.isActive():
            self._dressing.start()

    def _dress_all(self) -> None:
        """Give every wearer its icon in the theme in force; once for each, until the next change."""
        gone = [key for key, wearer in self._wearers.items() if wearer.who() is None]
        for key in gone:
            del self._wearers[key]
        for wearer in self._wearers.values():
            who = wearer.who()
            if who is None or wearer.dressed:
                continue
            wearer.dressed = True
            with suppress(RuntimeError):  # its C++ half is gone, its Python half not yet
                size = self.px(wearer.size)
                icon = self.icon(wearer.name, wearer.colour, size)
                if isinstance(who, QAbstractButton):
                    room = QSize(size, size)
                    if isinstance(who, QPushButton):  # Qt leaves too little before the words
                        room.setWidth(size + self.px(_BEFORE_WORDS))
                        icon = self._apart(wearer.name, wearer.colour, size)
                    who.setIconSize(room)
                who.setIcon(icon)  # type: ignore[attr-defined]

    # --- the whole

    def apply(self, app: QApplication) -> None:
        """Dress the application; called once at the start and again after each change."""
        self._app = app
        sheet = self.style_sheet()
        if app.styleSheet() == sheet:
            return  # it says everything of font and colours too, and Qt would restyle every widget
        if not app.styleSheet():
            app.setStyle("Fusion")
            for face in ("Regular", "Bold"):
                QFontDatabase.addApplicationFont(
                    str(paths.resource("fonts", f"NotoSans-{face}.ttf"))
                )
        app.setFont(self.font())
        app.setPalette(self.palette())
        app.setStyleSheet(sheet)

    def set_dark(self, dark: bool) -> None:
        if dark != self.dark:
            self.dark = dark
            self._redress()

    def set_zoom(self, zoom: float) -> None:
        zoom = min(max(zoom, ZOOMS[0]), ZOOMS[-1])
        if zoom != self.zoom:
            self.zoom = zoom
            self._redress()

    def zoom_by(self, steps: int) -> None:
        """One or more steps up or down the zoom ladder."""
        nearest = min(range(len(ZOOMS)), key=lambda i: abs(ZOOMS[i] - self.zoom))
        self.set_zoom(ZOOMS[min(max(nearest + steps, 0), len(ZOOMS) - 1)])

    def _redress(self) -> None:
        self._pixmaps.clear()
        self._icons.clear()
        if self._app is not None:
            self.apply(self._app)
        for wearer in self._wearers.values():
            wearer.dressed = False
        self._dress_all()
        self.changed.emit()

    def palette(self) -> QPalette:
        """Qt's palette in our tokens, the Disabled group said out loud."""
        palette = QPalette()
        roles = QPalette.ColorRole
        normal = {
            roles.Window: "window",
            roles.WindowText: "text",
            roles.Base: "surface",
            roles.AlternateBase: "window",
            roles.Text: "text",
            roles.PlaceholderText: "muted",
            roles.Button: "surface",
            roles.ButtonText: "text",
            roles.BrightText: "danger",
            roles.Highlight: "selected",
            roles.HighlightedText: "text",
            roles.Accent: "accent",
            roles.Link: "accent",
            roles.LinkVisited: "accent",
            roles.ToolTipBase: "raised",
            roles.ToolTipText: "text",
            roles.Light: "surface",
            roles.Midlight: "line",
            roles.Mid: "line",
            roles.Dark: "edge",
            roles.Shadow: "edge",
        }
        for role, token in normal.items():
            palette.setColor(role, self.colour(token))
        for role in (roles.WindowText, roles.Text, roles.ButtonText, roles.HighlightedText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.colour("disabled"))
        for role in (roles.Base, roles.Button, roles.Highlight):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.colour("window"))
        return palette

    def style_sheet(self) -> str:
        """The style sheet with tokens and zoomed sizes filled in: `@muted`, `@px(13)`, `@folder`."""
        text = paths.resource("styles", "desk.qss").read_text(encoding="utf-8")
        text = re.sub(r"@px\((\d+)\)", lambda found: f"{self.px(int(found[1]))}px", text)
        tokens = dict(DARK if self.dark else LIGHT)
        tokens["folder"] = paths.resource("styles").as_posix()
        tokens["shade"] = "dark" if self.dark else "light"
        return re.sub(r"@([a-z_]+)", lambda found: tokens[found[1]], text)
