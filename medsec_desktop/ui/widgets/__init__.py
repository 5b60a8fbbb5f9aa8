"""The small parts every screen is made of: labels, fields, buttons, banners, empty states, lists."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from medsec_desktop.ui.widgets.banner import Banner
    from medsec_desktop.ui.widgets.buttons import (
        IconButton,
        LinkButton,
        PlainButton,
        PrimaryButton,
    )
    from medsec_desktop.ui.widgets.dates import DateEdit
    from medsec_desktop.ui.widgets.empty import EmptyState
    from medsec_desktop.ui.widgets.fields import Choice, Field, NumberBox, Section
    from medsec_desktop.ui.widgets.labels import ElidedLabel, Hairline, KeyHint, Text
    from medsec_desktop.ui.widgets.search_line import SearchLine
    from medsec_desktop.ui.widgets.search_list import FastList, ListRow, SearchList
    from medsec_desktop.ui.widgets.tab import Tab
    from medsec_desktop.ui.widgets.window_beside import WindowBeside

__all__ = [
    "Banner",
    "Choice",
    "DateEdit",
    "ElidedLabel",
    "EmptyState",
    "FastList",
    "Field",
    "Hairline",
    "IconButton",
    "KeyHint",
    "LinkButton",
    "ListRow",
    "NumberBox",
    "PlainButton",
    "PrimaryButton",
    "SearchLine",
    "SearchList",
    "Section",
    "Tab",
    "Text",
    "WindowBeside",
]

_HOMES = {
    "Banner": "banner",
    "Choice": "fields",
    "DateEdit": "dates",
    "ElidedLabel": "labels",
    "EmptyState": "empty",
    "FastList": "search_list",
    "Field": "fields",
    "Hairline": "labels",
    "IconButton": "buttons",
    "KeyHint": "labels",
    "LinkButton": "buttons",
    "ListRow": "search_list",
    "NumberBox": "fields",
    "PlainButton": "buttons",
    "PrimaryButton": "buttons",
    "SearchLine": "search_line",
    "SearchList": "search_list",
    "Section": "fields",
    "Tab": "tab",
    "Text": "labels",
    "WindowBeside": "window_beside",
}


def __getattr__(name: str) -> Any:
    """A widget, its module imported only now: the first window needs few of them."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
