"""The small parts every screen is made of: labels, fields, buttons, banners, empty states, lists."""

from medsec_desktop.ui.widgets.banner import Banner
from medsec_desktop.ui.widgets.buttons import IconButton, LinkButton, PlainButton, PrimaryButton
from medsec_desktop.ui.widgets.dates import DateEdit
from medsec_desktop.ui.widgets.empty import EmptyState
from medsec_desktop.ui.widgets.fields import Choice, Field, Section
from medsec_desktop.ui.widgets.labels import ElidedLabel, Hairline, KeyHint, Text
from medsec_desktop.ui.widgets.search_list import FastList, ListRow, SearchList
from medsec_desktop.ui.widgets.tab import Tab

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
    "PlainButton",
    "PrimaryButton",
    "SearchList",
    "Section",
    "Tab",
    "Text",
]
