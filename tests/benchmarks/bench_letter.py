"""What letters cost: one against plain Platypus with the same words, on the screen, a thousand in one file.

Where LibreOffice is installed, it turns the same thousand letters, merged beforehand, into a PDF too.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
import tracemalloc
from io import BytesIO
from itertools import count
from pathlib import Path
from xml.sax.saxutils import escape

from medsec_desktop.documents import fonts
from medsec_desktop.documents.writing import Letterhead, pdf_of_all
from medsec_desktop.documents.writing.unprintable import unprintable
from medsec_desktop.services.page_images import PageImages
from tests.benchmarks.rows import Row, alternating, milliseconds, percentile
from tests.documents.letters import Letter, letter_pdf, sheet_of


def run(times: int = 60, many: int = 1_000) -> list[Row]:
    """The appointment letter as it is shipped, each time with another recipient."""
    numbers = count()
    images = PageImages()
    letter_pdf(_letter(next(numbers)))  # the fonts are read once a day, not once a letter
    plain, ours = alternating(
        lambda: _plain_platypus(_letter(next(numbers))),
        lambda: letter_pdf(_letter(next(numbers))),
        times,
    )
    previews = milliseconds(lambda: _previewed(images, _letter(next(numbers))), times)
    return [
        Row("one letter", ours, "ms", 1.2, plain),
        Row("preview of a letter p95", percentile(previews, 0.95), "ms", 50.0),
        *_many(many),
    ]


def _many(many: int) -> list[Row]:
    """Different letters in one file: the time for all, and what later ones cost against early ones."""
    made: list[tuple[float, int]] = []

    def sheets():
        for number in range(many):
            made.append((time.process_time(), tracemalloc.get_traced_memory()[0]))
            yield sheet_of(_letter(number))

    started = time.process_time()
    pdf_of_all(sheets())
    took = time.process_time() - started
    tenth, half = max(1, many // 10), many // 2
    times = [at for at, _ in made]
    late, early = times[-1] - times[half], times[half - 1] - times[0]
    made.clear()
    tracemalloc.start()
    pdf_of_all(sheets())
    tracemalloc.stop()
    held = [kept for _, kept in made]
    kilobytes = (held[-1] - held[tenth]) / (many - tenth) / 1024
    floor = _libre_office(many)
    name = f"{many} letters in one PDF"
    return [
        Row(
            f"{name}, of LibreOffice's time" if floor else name,
            took,
            "s",
            0.25 * bool(floor),
            floor,
        ),
        Row(f"{name}: the second half, of the first", late, "s", 1.3, early),
        Row(f"{name}: kept in memory for each", kilobytes, "KB", 12.0),
    ]


def _libre_office(many: int) -> float | None:
    """Its seconds for the same letters, one after the other in one text document, as a PDF.

    Of processor time, as ours, since other work on the machine spoils the clock.
    """
    office = shutil.which("soffice")
    if office is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder, "letters.fodt")
        source.write_text(_open_document(many), encoding="utf-8")
        command = [
            office,
            f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
            "--headless",
        ]
        command += ["--convert-to", "pdf", "--outdir", folder, str(source)]
        started = _children_s()
        subprocess.run(command, check=True, capture_output=True, timeout=900)
        took = _children_s() - started
        if not Path(folder, "letters.pdf").exists():
            return None
    return took


def _children_s() -> float:
    times = os.times()
    return times.children_user + times.children_system


def _open_document(many: int) -> str:
    names = 'xmlns:{0}="urn:oasis:names:tc:opendocument:xmlns:{0}:1.0"'
    spaces = " ".join(names.format(name) for name in ("office", "style", "text", "table"))
    fo = 'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    styles = (
        '<style:style style:name="P" style:family="paragraph"><style:paragraph-properties'
        ' fo:margin-bottom="8pt"/><style:text-properties fo:font-size="10.5pt"'
        ' style:font-name="Noto Sans"/></style:style><style:style style:name="N"'
        ' style:family="paragraph" style:parent-style-name="P"><style:paragraph-properties'
        ' fo:break-before="page"/></style:style>'
    )
    text = "".join(_as_open_document(_letter(number)) for number in range(many))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {spaces} {fo} office:version="1.2"'
        ' office:mimetype="application/vnd.oasis.opendocument.text"><office:automatic-styles>'
        f"{styles}</office:automatic-styles><office:body><office:text>{text}</office:text>"
        "</office:body></office:document>"
    )


def _as_open_document(letter: Letter) -> str:
    def line(words: str, style: str = "P") -> str:
        return f'<text:p text:style-name="{style}">{escape(words)}</text:p>'

    def cell(words: str) -> str:
        return f'<table:table-cell office:value-type="string">{line(words)}</table:table-cell>'

    head = letter.letterhead
    rows = "".join(
        f"<table:table-row>{cell(label)}{cell(value)}</table:table-row>"
        for label, value in letter.box
    )
    before = (*head.contact, *letter.recipient, letter.date, letter.subject, *letter.opening)
    lines = [part for text in letter.paragraphs for part in text.split("\n")]
    after = (*lines, letter.closing, *letter.signature)
    return (
        line(head.name, "N")
        + "".join(line(words) for words in (head.tagline, *before))
        + f'<table:table><table:table-column table:number-columns-repeated="2"/>{rows}</table:table>'
        + "".join(line(words) for words in after)
    )


def _previewed(images: PageImages, letter: Letter) -> None:
    """What each pause in typing costs: the page, its pixels, and what cannot be printed."""
    images.of(letter_pdf(letter), 100)
    unprintable(sheet_of(letter))


def _letter(number: int) -> Letter:
    return Letter(
        letterhead=Letterhead(
            "Lakeside Family Medicine",
            "Family medicine and pediatrics",
            ("1200 Harbor Avenue, Suite 310", "Springfield, MA 01103", "Phone (413) 555-0142"),
        ),
        recipient=(f"Ms. Ada Testperson {number}", f"{number} Elm Street", "Springfield, MA 01104"),
        date="March 11, 2026",
        subject="Your appointment on Thursday, March 12, 2026",
        opening=(
            "Dear Ada Testperson,",
            "Thank you for making an appointment with us. We look forward to seeing you."
            " Here are the details:",
        ),
        box=(
            ("Date", "Thursday, March 12, 2026"),
            ("Time", "10:00 AM, about 30 minutes"),
            ("With", "Robin Chen, MD"),
            ("For", "Follow-up"),
            ("Where", "1200 Harbor Avenue, Suite 310\nSpringfield, MA 01103"),
        ),
        paragraphs=(
            "How to prepare: Please do not eat or drink anything except water for eight hours.",
            "Please bring:",
            "• your insurance card and a photo ID\n• a list of the medicines you take\n"
            "• any papers that other doctors gave you for us",
            "If you need another time, please call us at (413) 555-0142. A day’s notice lets us"
            " offer your time to someone who is waiting.",
            "If you need an interpreter, or help with stairs or a wheelchair, please tell us.",
        ),
        closing="Kind regards,",
        signature=("Olive Owner", "Lakeside Family Medicine"),
    )


def _plain_platypus(letter: Letter) -> bytes:
    """The same words as anyone would set them: one frame, paragraphs, a table; nothing checked."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

    fonts.use(fonts.REGULAR, fonts.BOLD)
    text = ParagraphStyle("text", fontName=fonts.REGULAR, fontSize=10.5, leading=14.5, spaceAfter=8)
    bold = ParagraphStyle("bold", text, fontName=fonts.BOLD)
    head = letter.letterhead
    story = [
        *(Paragraph(line, bold) for line in (head.name, head.tagline)),
        *(Paragraph(line, text) for line in (*head.contact, *letter.recipient, letter.date)),
        Paragraph(letter.subject, bold),
        *(Paragraph(line, text) for line in letter.opening),
        Table(
            [
                [Paragraph(label, text), Paragraph(value.replace("\n", "<br/>"), bold)]
                for label, value in letter.box
            ],
            style=[("FONTNAME", (0, 0), (-1, -1), fonts.REGULAR)],
        ),
        *(
            Paragraph(line, text, bulletText="•" if line.startswith("•") else None)
            for paragraph in letter.paragraphs
            for line in paragraph.split("\n")
        ),
        Spacer(1, 30),
        *(Paragraph(line, text) for line in (letter.closing, *letter.signature)),
    ]
    target = BytesIO()
    SimpleDocTemplate(
        target, pagesize=(612, 792), invariant=1, initialFontName=fonts.REGULAR
    ).build(story)
    return target.getvalue()
