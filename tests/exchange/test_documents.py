"""Files made to break a program, or broken by themselves: each is a sentence, and soon."""

from __future__ import annotations

import struct
import subprocess
import sys
import time
import zlib
from io import BytesIO

import pikepdf
import pytest

from medsec_desktop.exchange.documents import limits, pages
from medsec_desktop.exchange.documents.making import made
from medsec_desktop.problems import Invalid
from medsec_desktop.services.documents import reader as reading
from medsec_desktop.services.documents.reader import Patience, Reader
from tests.papers import a_pdf, a_picture


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_bomb(side: int = 60_000) -> bytes:
    """A PNG of a few kilobytes that unpacks to gigabytes."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + chunk(b"IDAT", zlib.compress(bytes(100_000)))
        + chunk(b"IEND", b"")
    )


def tiff_bomb() -> bytes:
    """A TIFF that says it is 100,000 pixels wide and high."""
    tags = [(256, 4, 100_000), (257, 4, 100_000), (258, 3, 8), (259, 3, 1), (262, 3, 1),
            (273, 4, 8), (277, 3, 1), (278, 4, 100_000), (279, 4, 100)]  # fmt: skip
    body = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + body + struct.pack("<I", 0) + bytes(100)


def tiff_loop() -> bytes:
    """A TIFF whose only page names itself as the next one."""
    one = a_picture("TIFF", (20, 20))
    count = struct.unpack_from("<H", one, struct.unpack_from("<I", one, 4)[0])[0]
    at = struct.unpack_from("<I", one, 4)[0]
    return one[: at + 2 + 12 * count] + one[4:8] + one[at + 6 + 12 * count :]


def pdf(objects: dict[int, bytes]) -> bytes:
    """A PDF of these objects, without a table of where they lie; readers rebuild that."""
    body = b"".join(b"%d 0 obj %s endobj\n" % pair for pair in objects.items())
    return b"%PDF-1.4\n" + body + b"trailer << /Root 1 0 R >>\n%%EOF"


CATALOG = {1: b"<< /Type /Catalog /Pages 2 0 R >>"}
ONE_PAGE = {2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"}
HUGE_SHEET = pdf(
    CATALOG | ONE_PAGE
    | {3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9000000 9000000] >>"}
)  # fmt: skip
MANY_PAGES = pdf(
    CATALOG
    | {
        2: b"<< /Type /Pages /Kids [" + b"3 0 R " * 5_000 + b"] /Count 5000 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>",
    }
)
NO_PAGES = pdf(CATALOG | {2: b"<< /Type /Pages /Kids [] /Count 0 >>"})
TREE_OF_ITSELF = pdf(CATALOG | {2: b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>"})
DRAWS_ITSELF = pdf(
    CATALOG | ONE_PAGE
    | {
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 5 0 R"
        b" /Resources << /XObject << /X 4 0 R >> >> >>",
        4: b"<< /Type /XObject /Subtype /Form /BBox [0 0 612 792] /Length 11"
        b" /Resources << /XObject << /X 4 0 R >> >> >> stream\n/X Do /X Do\nendstream",
        5: b"<< /Length 5 >> stream\n/X Do\nendstream",
    }
)  # fmt: skip


def locked_pdf() -> bytes:
    target = BytesIO()
    with pikepdf.Pdf.open(BytesIO(a_pdf())) as one:
        one.save(target, encryption=pikepdf.Encryption(user="secret", owner="secret"))
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"hello", "no kind of document"),
        (b"PK\x03\x04 office", "Office files"),
        (b"\0\0\0\x18ftypheic", "HEIC"),
        (a_pdf()[:200], "cannot be read"),
        (a_picture("PNG")[:40], "cannot be read"),
        (png_bomb(), "60,000 × 60,000 pixels"),
        (tiff_bomb(), "100,000 × 100,000 pixels"),
        (HUGE_SHEET, "125,000 inches"),
        (MANY_PAGES, "more than 2,000 pages"),
        (NO_PAGES, "cannot be read"),
        (TREE_OF_ITSELF, "cannot be read"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_a_bad_file_is_refused_in_words_and_at_once(content: bytes, said: str):
    before = time.process_time()

    with pytest.raises(limits.Refused) as refusal:
        opened = pages.opened(content)
        opened.picture(0, 100)

    assert said in " ".join(refusal.value.args)
    assert refusal.value.what.endswith(".")
    assert time.process_time() - before < 2


def test_a_locked_pdf_is_refused_with_what_to_do():
    with pytest.raises(limits.Refused, match="protected by a password"):
        pages.opened(locked_pdf())


def test_a_picture_that_goes_round_in_circles_is_read_once():
    opened = pages.opened(tiff_loop())

    assert len(opened.sizes) == 1
    assert opened.picture(0, 60).width == 60


def test_a_page_that_draws_itself_for_ever_is_given_up():
    with (
        Reader(Patience(page_s=1.0)).open(DRAWS_ITSELF) as opened,
        pytest.raises(Invalid, match="takes too long"),
    ):
        opened.page(0, 60)


def test_a_photo_stands_upright_and_a_see_through_picture_on_white():
    from PIL import Image

    target, exif = BytesIO(), Image.Exif()
    exif[0x0112] = 6
    photo = Image.new("RGB", (40, 20), "black")
    photo.save(target, "JPEG", exif=exif, dpi=(100, 100))
    glass = BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 0)).save(glass, "PNG")

    turned = pages.opened(target.getvalue())
    clear = pages.opened(glass.getvalue())

    assert turned.sizes[0][0] < turned.sizes[0][1]
    assert turned.picture(0, 20).size == (20, 40)
    assert clear.picture(0, 10).getpixel((5, 5)) == (255, 255, 255)


def test_made_pages_are_the_same_bytes_each_time_and_carry_no_scripts():
    target = BytesIO()
    with pikepdf.Pdf.open(BytesIO(a_pdf("One"))) as one:
        one.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        one.pages[0].AA = pikepdf.Dictionary(O=one.Root.OpenAction)
        one.save(target)
    sources = [target.getvalue(), a_picture("PNG"), a_picture("JPEG"), a_picture("TIFF")]
    wanted = [(number, 0, 90 * number) for number in range(4)]

    first, again = made(sources, wanted), made(sources, wanted)

    assert first == again
    assert b"JavaScript" not in first
    assert len(pages.opened(first).sizes) == 4


def test_what_was_typed_into_a_form_goes_over_and_is_drawn():
    from reportlab.pdfgen.canvas import Canvas

    target = BytesIO()
    canvas = Canvas(target, pagesize=(200, 100))
    canvas.acroForm.textfield(name="name", value="XXXXXXXX", x=10, y=10, width=180, height=60,
                              fontSize=40, borderStyle="solid", borderWidth=0)  # fmt: skip
    canvas.drawString(10, 80, "Name")
    canvas.showPage()
    canvas.save()
    form = target.getvalue()

    both = made([form, form], [(0, 0, 0), (1, 0, 0)])

    opened = pages.opened(both)
    inked = [sum(opened.picture(n, 200).convert("L").histogram()[:100]) for n in (0, 1)]
    assert min(inked) > 200


def test_the_reading_process_is_ended_when_it_takes_too_long():
    reader = Reader(Patience(open_s=0.0))

    with pytest.raises(Invalid, match="takes too long"):
        reader.open(a_pdf())


def test_a_process_that_dies_is_a_sentence_and_leaves_nothing_behind(monkeypatch):
    monkeypatch.setattr(
        reading.paths,
        "own_command",
        lambda _: ([sys.executable, "-c", "import os; os.read(0, 9); os.abort()"], None),
    )
    started: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen
    monkeypatch.setattr(
        reading.subprocess, "Popen", lambda *a, **k: started.append(popen(*a, **k)) or started[-1]
    )

    with pytest.raises(Invalid, match="broke the part of the program"):
        Reader().open(a_pdf())

    assert started[0].returncode is not None


def test_the_reading_process_has_its_limits_and_refuses_in_words():
    reader = Reader()

    with reader.open(a_pdf("One", "Two")) as opened:
        drawn = opened.page(1, 300)
        wide = opened.page(0, 1_000_000)  # more than anybody may ask for
        with pytest.raises(Invalid, match="cannot be read"):
            opened.page(7, 100)
        assert opened.page_count == 2  # and it goes on

    assert (drawn.width, drawn.height, len(drawn.pixels)) == (300, 389, 300 * 389 * 4)
    assert wide.width * wide.height <= limits.MOST_DRAWN_PIXELS * 1.01
    with pytest.raises(Invalid, match="closed while"):
        opened.page(0, 100)
    with pytest.raises(Invalid, match="60,000"):
        reader.open(png_bomb())
    with pytest.raises(Invalid, match="too large"):
        reader.open(bytes(limits.MOST_BYTES + 1))
