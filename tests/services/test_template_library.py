"""Templates of a practice: changed and restored, its own, their history, and as a file."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace

import pytest

from medsec_desktop import paths
from medsec_desktop.domain.permissions import Role
from medsec_desktop.domain.writing.document import (
    Check,
    Condition,
    Document,
    Field,
    Look,
    Paragraph,
    Picture,
    Question,
    Stretch,
    Text,
)
from medsec_desktop.domain.writing.fields import INSERTS, MERGE_FIELDS, SUBJECTS
from medsec_desktop.domain.writing.template import Template
from medsec_desktop.models import LetterTemplate
from medsec_desktop.problems import Conflict, Invalid, NotAllowed
from medsec_desktop.services.letters import Letters, Origin, TemplateDetail, Templates
from medsec_desktop.services.letters import shipped as shipped_module
from medsec_desktop.services.letters import templates as templates_module
from medsec_desktop.services.office import Office
from medsec_desktop.services.session import Session
from tests.conftest import a_patient, a_provider, a_user, an_appointment

MISSED = "missed_visit"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture
def letters(office: Office) -> Letters:
    return office.letters


@pytest.fixture
def library(letters: Letters) -> Templates:
    return letters.library


def says(*words: str) -> Document:
    return Document(tuple(Paragraph((Text(text),)) for text in words))


def with_words(detail: TemplateDetail, document: Document) -> TemplateDetail:
    return replace(detail, template=replace(detail.template, document=document))


def test_a_changed_copy_is_written_with_until_the_shipped_one_is_restored(
    letters: Letters, library: Templates, session: Session
) -> None:
    visit = an_appointment(session, a_patient(session), a_provider(session), status="no-show")
    shipped = library.detail(MISSED, "en")

    changed = library.save(with_words(shipped, says("We were sad.")))

    assert (shipped.origin, changed.origin) == (Origin.SHIPPED, Origin.CHANGED)
    assert letters.compose(visit, MISSED).body == says("We were sad.")
    assert library.detail(MISSED, "es").origin is Origin.SHIPPED
    with pytest.raises(Conflict, match="changed by somebody else"):
        library.save(with_words(shipped, says("Mine.")))

    assert library.restore(MISSED, "en") == shipped
    assert "We had expected you" in str(letters.compose(visit, MISSED).body)
    session.undo()
    assert letters.compose(visit, MISSED).body == says("We were sad.")


def test_own_templates_are_copied_renamed_translated_switched_off_and_removed(
    letters: Letters, library: Templates
) -> None:
    own = library.duplicate(MISSED, "en", "Letter to the school")
    again = library.duplicate(own.template.key, "en", "Letter to the school")

    assert (own.origin, own.template.key, own.template.about) == (
        Origin.OWN, "letter_to_the_school", "visit",
    )  # fmt: skip
    assert again.template.key == "letter_to_the_school_2"
    key = library.rename(own.template.key, "en", "  To the   school ").template.key
    assert library.detail(key, "en").template.title == "To the school"
    assert library.translate(key, "en", "es").template.document.language == "es"
    with pytest.raises(Invalid, match="there in Español already"):
        library.translate(key, "en", "es")

    library.set_active(key, "en", False)
    library.set_active(MISSED, "en", False)
    offered = {(row.key, row.language) for row in letters.templates()}
    assert {(key, "en"), (MISSED, "en")}.isdisjoint(offered)
    assert (key, "es") in offered
    assert len(library.all(active_only=False)) == len(offered) + 2

    library.remove(key, "en")
    with pytest.raises(Invalid, match="no letter template"):
        library.detail(key, "en")
    with pytest.raises(Invalid, match="came with the program stays"):
        library.remove(MISSED, "en")
    with pytest.raises(Invalid, match="did not come with the program"):
        library.restore(key, "es")


@pytest.mark.parametrize(
    ("template", "told"),
    [
        (Template("x", "en", " ", says("a")), "Give the template a name"),
        (Template("x", "en", "T" * 90, says("a")), "90 characters"),
        (Template("x", "xx", "Title", Document(language="xx")), "not written in “xx”"),
        (
            Template("x", "en", "T", Document((Paragraph((Field("patient.nmae"),)),))),
            "Did you mean {patient.name}?",
        ),
    ],
)
def test_what_cannot_be_kept_is_refused(library: Templates, template: Template, told: str) -> None:
    with pytest.raises(Invalid) as refused:
        library.add(template)

    assert told in str(refused.value)
    assert LetterTemplate.select().count() == 0


def test_a_newer_shipped_version_is_told(
    library: Templates, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied = library.save(library.detail(MISSED, "en"))
    assert copied.newer_version is None
    newer = replace(copied.template, version=copied.template.version + 1)

    monkeypatch.setattr(templates_module, "shipped", lambda *_: newer)

    assert library.detail(MISSED, "en").newer_version == newer.version
    monkeypatch.setattr(templates_module, "shipped", shipped_module.shipped)
    assert library.detail(MISSED, "en").newer_version is None


def test_history_tells_who_changed_which_words_and_what_else(
    library: Templates, session: Session
) -> None:
    own = library.add(Template("x", "en", "School", says("Please excuse Ada.", "Thank you.")))
    key = own.template.key
    session.switch_user(a_user(session, login="ben"))
    child = Condition((Check("patient.age", "below", "18"),))
    first = Paragraph((Text("Please excuse Ada today."),), when=child)
    document = Document(
        (first, Paragraph((Text("Thank you."),))), questions=(Question("q", "Why?"),)
    )
    changed = library.save(with_words(own, document))
    bold = replace(first, inlines=(Text("Please excuse Ada today.", Look(bold=True)),))
    library.save(with_words(changed, replace(document, blocks=(bold, document.blocks[1]))))
    library.rename(key, "en", "To the school")
    library.set_active(key, "en", False)

    off, renamed, looked, worded, added = library.history(key, "en")

    assert (added.by, worded.by) == ("Olive Owner", "Ben")
    came = "".join(piece.text for piece in worded.words if piece.how == "new")
    assert "[asks “q”: Why?]" in came
    assert "[when the patient’s age in years is below “18”]" in came
    assert " today" in came
    assert not [piece for piece in worded.words if piece.how == "gone"]
    assert looked.others == ("How it looks was changed.",)
    assert renamed.others == ("Its name was “School” and is “To the school”.",)
    assert off.others == ("It is not offered any more.",)
    assert "".join(piece.text for piece in added.words) == "Please excuse Ada.\nThank you."


def test_the_help_page_lists_every_field_subject_and_block() -> None:
    page = paths.resource("help", "merge-fields.md").read_text("utf-8")

    listed = set(re.findall(r"^- `\{?([a-z0-9_.]+)\}?`: ", page, re.MULTILINE))
    blocks = set(re.findall(r"^- \*\*(\w+)\*\*: ", page, re.MULTILINE))
    assert listed == {field.name for field in MERGE_FIELDS} | {one.name for one in SUBJECTS}
    assert blocks == set(INSERTS)
    assert all(field.meaning[1:] in page for field in MERGE_FIELDS)


def test_only_who_may_write_letters_changes_templates(library: Templates, session: Session) -> None:
    session.switch_user(a_user(session, role=Role.READ_ONLY))

    with pytest.raises(NotAllowed):
        library.duplicate(MISSED, "en")


def test_a_template_goes_out_as_a_file_with_its_pictures_and_comes_back(
    letters: Letters, library: Templates, session: Session
) -> None:
    sha256 = hashlib.sha256(PNG).hexdigest()
    letters.template_files._files.put(PNG)
    document = Document(
        (Picture(sha256, 30.0, "The way here"), Paragraph((Stretch((Field("practice.fax"),)),)))
    )
    own = library.add(Template("x", "en", "Map", document))
    content = letters.template_files.export(own.template.key, "en")
    (session.db.folder / "files" / sha256[:2] / sha256[2:]).unlink()

    beside = letters.template_files.take(content)
    instead = letters.template_files.take(content, instead=True)
    library.remove(own.template.key, "en")
    back = letters.template_files.take(content)

    assert beside.template.key == "map_2"
    assert (instead.id, back.template.key) == (own.id, "map")
    assert back.template.document == document
    assert letters.preview(letters.sample(back.template)).startswith(b"%PDF")


def file_with(**changed: object) -> bytes:
    document = {"format": 1, "language": "en", "blocks": []}
    whole = {"format": 2, "key": "map", "language": "en", "title": "Map", "document": document}
    return json.dumps(whole | changed).encode()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not a letter template"),
        (b" " * 13_000_000, "larger than 12 MB"),
        (file_with(format=3), "another version of the program"),
        (file_with(document={"format": 2}), "another version of the program"),
        (file_with(language="fr", document={"format": 1, "language": "fr"}), "not written in “fr”"),
        (
            file_with(
                document={
                    "format": 1,
                    "language": "en",
                    "blocks": [
                        {"is": "paragraph", "inlines": [{"is": "field", "name": "p.__class__"}]}
                    ],
                }
            ),
            "no merge field “{p.__class__}”. It stands in paragraph 1",
        ),
        (
            file_with(
                document={
                    "format": 1,
                    "language": "en",
                    "blocks": [
                        {"is": "picture", "sha256": "0" * 64, "width_mm": 9.0, "words": "Map"}
                    ],
                }
            ),
            "The picture “Map” is not in it",
        ),
        (file_with(pictures={"0" * 64: "AAAA"}), "damaged"),
        (file_with(pictures={"0" * 64: "?"}), "damaged"),
        (file_with(pictures=[1]), "not a list by their names"),
        (
            file_with(
                pictures={
                    hashlib.sha256(b"GIF89a").hexdigest(): base64.b64encode(b"GIF89a").decode()
                }
            ),
            "neither PNG nor JPEG",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_a_sentence(
    letters: Letters, content: bytes, told: str
) -> None:
    with pytest.raises(Invalid) as refused:
        letters.template_files.take(content)

    assert told in str(refused.value)
    assert LetterTemplate.select().count() == 0
