from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from medsec_desktop import paths
from medsec_desktop.ui import theme as themes
from medsec_desktop.ui.theme import Theme

TOKENS = {"light": themes.LIGHT, "dark": themes.DARK}
CATEGORIES = {"light": themes.CATEGORIES_LIGHT, "dark": themes.CATEGORIES_DARK}
SHADES = pytest.mark.parametrize("shade", ["light", "dark"])


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two colours."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@SHADES
@pytest.mark.parametrize("ink", ["text", "muted", "accent", "danger", "warning", "success"])
def test_text_can_be_read_on_every_surface(shade: str, ink: str) -> None:
    tokens = TOKENS[shade]

    for surface in ("window", "surface", "raised", "sunken", "hover", "selected"):
        assert contrast(tokens[ink], tokens[surface]) >= 4.5, surface


@SHADES
@pytest.mark.parametrize("tone", ["accent", "danger", "warning", "success"])
def test_text_can_be_read_on_every_tint(shade: str, tone: str) -> None:
    tokens = TOKENS[shade]

    for ink in (tone, "text", "muted"):
        assert contrast(tokens[ink], tokens[f"{tone}_soft"]) >= 4.5, ink


@SHADES
def test_what_can_be_typed_in_or_pressed_has_a_visible_edge(shade: str) -> None:
    tokens = TOKENS[shade]

    for edge in ("edge", "focus", "accent"):
        for surface in ("window", "surface", "raised"):
            assert contrast(tokens[edge], tokens[surface]) >= 3.0, (edge, surface)


@SHADES
@pytest.mark.parametrize("name", themes.CATEGORY_NAMES)
def test_visits_can_be_read_in_the_colour_of_their_type(shade: str, name: str) -> None:
    fill, edge, ink = CATEGORIES[shade][name]

    assert contrast(ink, fill) >= 4.5
    assert contrast(edge, TOKENS[shade]["surface"]) >= 3.0


def test_both_themes_know_the_same_tokens() -> None:
    assert themes.LIGHT.keys() == themes.DARK.keys()
    assert themes.CATEGORIES_LIGHT.keys() == themes.CATEGORIES_DARK.keys()


@SHADES
def test_the_style_sheet_uses_no_unknown_token(shade: str) -> None:
    sheet = Theme(dark=shade == "dark").style_sheet()

    assert not re.search(r"@[a-z_]", sheet)
    for file in re.findall(r'url\("([^"]+)"\)', sheet):
        assert Path(file).is_file()


def test_disabled_controls_look_disabled() -> None:
    palette = Theme().palette()

    normal = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.Text)
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert normal != disabled


def test_every_icon_named_in_the_code_is_shipped() -> None:
    shipped = {path.stem for path in paths.resource("icons").glob("*.svg")}
    package = Path(themes.__file__).parents[1]
    pattern = re.compile(
        r'(?:icon|wear|pixmap)\((?:self, |button, |qaction, )?"([a-z0-9-]+)"|^    icon = "([a-z0-9-]+)"',
        re.MULTILINE,
    )

    for source in package.rglob("*.py"):
        for groups in pattern.findall(source.read_text(encoding="utf-8")):
            for name in filter(None, groups):
                assert name in shipped, f"{source.name}: {name}"


def test_text_grows_by_steps_and_comes_back(qapp: QApplication) -> None:
    theme = Theme()

    theme.zoom_by(2)
    larger = theme.font().pixelSize()
    theme.set_zoom(1.0)

    assert larger > theme.font().pixelSize() == 13


def test_text_never_grows_beyond_the_ladder(qapp: QApplication) -> None:
    theme = Theme()

    theme.zoom_by(50)
    assert theme.zoom == themes.ZOOMS[-1]
    theme.zoom_by(-50)
    assert theme.zoom == themes.ZOOMS[0]


def test_an_icon_follows_the_theme(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme()
    theme.apply(qapp)
    button = QPushButton()
    qtbot.addWidget(button)

    theme.wear(button, "lock", "text")
    qtbot.waitUntil(lambda: not button.icon().isNull())
    light = button.icon().cacheKey()
    theme.set_dark(True)

    assert button.icon().cacheKey() != light
    theme.set_dark(False)


def test_a_button_gone_meanwhile_needs_no_icon(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme()
    button = QPushButton()
    theme.wear(button, "lock")

    button.deleteLater()
    qapp.sendPostedEvents()
    del button
    theme.set_dark(True)

    assert theme.dark
