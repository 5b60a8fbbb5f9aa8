"""What a letter costs: against plain Platypus with the same words in the same fonts, and on the screen."""

from __future__ import annotations

from io import BytesIO
from itertools import count

from medsec_desktop.documents import fonts
from medsec_desktop.documents.letter import Letter, Letterhead, letter_pdf, unprintable
from medsec_desktop.services.page_images import PageImages
from tests.benchmarks.rows import Row, alternating, milliseconds, percentile


def run(times: int = 60) -> list[Row]:
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
    ]


def _previewed(images: PageImages, letter: Letter) -> None:
    """What each pause in typing costs: the page, its pixels, and what cannot be printed."""
    images.of(letter_pdf(letter), 100)
    unprintable(letter)


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
