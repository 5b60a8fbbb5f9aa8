"""What other programs put on the clipboard, as our own paragraphs: words, bold, italic, lists; no more.

Nothing of it is run, loaded or followed: HTML is read as a row of tags, and what is not words is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from html import escape
from html.parser import HTMLParser

from medsec_desktop.domain.writing.document import (
    Field,
    Inline,
    ListKind,
    Look,
    Paragraph,
    Stretch,
    Style,
    Text,
)

_BLOCKS = {
    "p", "div", "li", "ul", "ol", "tr", "td", "th", "table", "h1", "h2", "h3", "h4", "h5", "h6",
    "blockquote", "pre", "section", "article", "header", "footer", "address", "dt", "dd", "hr", "body",
}  # fmt: skip
_SILENT = {
    "script", "style", "head", "title", "noscript", "template", "object", "iframe", "svg", "math",
    "select", "textarea", "audio", "video", "canvas",
}  # fmt: skip
_BOLD = {"b", "strong"}
_ITALIC = {"i", "em"}
_UNDERLINE = {"u", "ins"}
_EMPTY_TAGS = {"br", "hr", "img", "input", "meta", "link", "col", "wbr", "area", "base", "embed"}
_WORD_LEVEL = re.compile(r"mso-list:[^;]*\blevel(\d+)")
_WORD_NUMBER = re.compile(r"^\s*\(?(\d+|[a-zA-Z]{1,4})[.)]")
_LONGEST = 2_000_000  # characters of HTML that are read; more is taken as plain text
_DEEPEST = 8


def paragraphs_from_text(text: str) -> tuple[Paragraph, ...]:
    """Plain text: each line is a paragraph."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
    return tuple(Paragraph((Text(line),) if line else ()) for line in lines)


def paragraphs_from_html(html: str) -> tuple[Paragraph, ...]:
    """The words of HTML with bold, italic, underlining and lists; empty where it has no words."""
    if len(html) > _LONGEST:
        return ()
    reader = _Reader()
    start = html.find("<!--StartFragment-->")
    end = html.find("<!--EndFragment-->")
    reader.feed(html[start + 20 : end] if 0 <= start < end else html)
    reader.close()
    return reader.paragraphs()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._found: list[Paragraph] = []
        self._parts: list[Text] = []
        self._open: list[tuple[str, Look]] = []
        self._lists: list[ListKind] = []
        self._silent = 0
        self._item: tuple[ListKind, int] = (ListKind.NONE, 0)
        self._style = Style.BODY
        self._in_word_mark = False
        self._word_mark = ""

    # -- tags ---------------------------------------------------------------------------------

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
            return
        if self._silent:
            return
        if tag == "br":
            self._parts.append(Text("\n", self._look()))
            return
        if tag in _BLOCKS:
            self._end_paragraph()
        if tag in ("ul", "ol"):
            self._lists.append(ListKind.NUMBER if tag == "ol" else ListKind.BULLET)
        elif tag == "li":
            self._item = self._kind_here()
        elif tag in ("h1", "h2"):
            self._style = Style.HEADING
        elif tag in ("h3", "h4", "h5", "h6"):
            self._style = Style.SUBHEADING
        css = (dict(attributes).get("style") or "").lower()
        if tag == "p" and (level := _WORD_LEVEL.search(css)):
            self._item = ListKind.BULLET, min(int(level[1]) - 1, _DEEPEST)
        if tag not in _EMPTY_TAGS:
            self._open.append((tag, _looked(self._look(), tag, css)))

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
            return
        if self._silent:
            return
        if tag in _BLOCKS:
            self._end_paragraph()
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        if any(name == tag for name, _ in self._open):
            while self._open.pop()[0] != tag:
                pass

    def unknown_decl(self, data: str) -> None:
        """Word draws the marks of its lists between `<![if !supportLists]>` and `<![endif]>`."""
        self._in_word_mark = "supportLists" in data and "!" in data
        if not self._in_word_mark and self._word_mark:
            kind = ListKind.NUMBER if _WORD_NUMBER.match(self._word_mark) else ListKind.BULLET
            self._item = kind, self._item[1]
            self._word_mark = ""

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        if self._in_word_mark:
            self._word_mark += data
            return
        is_pre = any(tag == "pre" for tag, _ in self._open)
        words = data if is_pre else re.sub(r"[ \t\r\n\f]+", " ", data)
        if words:
            self._parts.append(Text(words, self._look()))

    # -- paragraphs ---------------------------------------------------------------------------

    def _look(self) -> Look:
        return self._open[-1][1] if self._open else Look()

    def _kind_here(self) -> tuple[ListKind, int]:
        if not self._lists:
            return ListKind.BULLET, 0
        return self._lists[-1], min(len(self._lists) - 1, _DEEPEST)

    def _end_paragraph(self) -> None:
        parts, self._parts = self._parts, []
        while parts and not parts[0].text.strip(" \n"):
            parts.pop(0)
        while parts and not parts[-1].text.strip(" \n"):
            parts.pop()
        style, self._style = self._style, Style.BODY
        (kind, level), self._item = self._item, (ListKind.NONE, 0)
        if not parts:
            if not self._open or self._open[-1][0] == "li":
                self._item = kind, level  # <li><p>words</p></li>
            return
        parts[0] = replace(parts[0], text=parts[0].text.lstrip(" \n"))
        parts[-1] = replace(parts[-1], text=parts[-1].text.rstrip(" \n"))
        self._found.append(Paragraph(tuple(parts), style, list=kind, level=level))

    def paragraphs(self) -> tuple[Paragraph, ...]:
        self._end_paragraph()
        return tuple(self._found)


def _looked(look: Look, tag: str, css: str) -> Look:
    compact = css.replace(" ", "")
    bold = look.bold or tag in _BOLD or bool(re.search(r"font-weight:(bold|[6-9]00)", compact))
    if "font-weight:normal" in compact or "font-weight:400" in compact:
        bold = False
    return Look(
        bold=bold,
        italic=look.italic or tag in _ITALIC or "font-style:italic" in compact,
        underline=look.underline or tag in _UNDERLINE,
    )


def html_from(paragraphs: Iterable[Paragraph]) -> str:
    """Our paragraphs as simple HTML for other programs."""
    found = []
    for paragraph in paragraphs:
        words = "".join(_html(inline) for inline in paragraph.inlines)
        if paragraph.list is ListKind.NONE:
            found.append(f"<p>{words}</p>")
        else:
            tag = "ol" if paragraph.list is ListKind.NUMBER else "ul"
            found.append(f"<{tag}><li>{words}</li></{tag}>")
    return "".join(found)


def _html(inline: Inline) -> str:
    if isinstance(inline, Stretch):
        return "".join(_html(part) for part in inline.parts)
    if isinstance(inline, Field):
        return escape(f"{{{inline.name}}}")
    words = escape(inline.text).replace("\n", "<br>")
    look = inline.look
    for is_so, tag in ((look.bold, "b"), (look.italic, "i"), (look.underline, "u")):
        words = f"<{tag}>{words}</{tag}>" if is_so else words
    return words
