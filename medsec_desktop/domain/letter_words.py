"""The words a letter needs that are neither typed nor of one template, in each language it is written in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from medsec_desktop.domain.formats import Formats
from medsec_desktop.domain.letters import written_date
from medsec_desktop.domain.people import PartialDate
from medsec_desktop.domain.writing.document import Document
from medsec_desktop.domain.writing.fields import ASKED
from medsec_desktop.domain.writing.merging import answer_of


@dataclass(frozen=True, slots=True)
class LetterWords:
    """Labels of the blocks the program fills in, and the words for what is kept as a code."""

    date: str
    time: str
    about_minutes: str  # between the time and how long it takes
    with_whom: str
    for_what: str
    where: str
    payer: str
    second_payer: str
    plan: str
    member: str
    group: str
    yes: str
    no: str
    until: str  # between two dates
    dear: str  # with NAME where the name goes
    dear_family: str  # to the family of a child
    to_nobody_known: str
    sexes: Mapping[str, str]
    relations: Mapping[str, str]
    languages: Mapping[str, str]


NAME = "{name}"
WORDS = {
    "en": LetterWords(
        date="Date",
        time="Time",
        about_minutes="about",
        with_whom="With",
        for_what="For",
        where="Where",
        payer="Insurance",
        second_payer="Second insurance",
        plan="Plan",
        member="Member number",
        group="Group",
        yes="Yes",
        no="No",
        until="to",
        dear=f"Dear {NAME}",
        dear_family=f"Dear {NAME} and family",
        to_nobody_known="To whom it may concern",
        sexes={"F": "female", "M": "male"},
        relations={},
        languages={},
    ),
    "es": LetterWords(
        date="Fecha",
        time="Hora",
        about_minutes="unos",
        with_whom="Con",
        for_what="Visita",
        where="Lugar",
        payer="Seguro",
        second_payer="Segundo seguro",
        plan="Plan",
        member="Número de miembro",
        group="Grupo",
        yes="Sí",
        no="No",
        until="al",
        dear=f"Estimado(a) {NAME}",
        dear_family=f"Estimada familia de {NAME}",
        to_nobody_known="A quien corresponda",
        sexes={"F": "femenino", "M": "masculino"},
        relations={
            "self": "la misma persona",
            "mother": "madre",
            "father": "padre",
            "parent": "madre o padre",
            "spouse": "cónyuge",
            "wife": "esposa",
            "husband": "esposo",
            "partner": "pareja",
            "daughter": "hija",
            "son": "hijo",
            "child": "hijo o hija",
            "sister": "hermana",
            "brother": "hermano",
            "grandmother": "abuela",
            "grandfather": "abuelo",
            "guardian": "tutor legal",
            "caregiver": "cuidador",
            "aunt": "tía",
            "uncle": "tío",
            "friend": "amistad",
            "neighbor": "vecino",
            "other": "otra relación",
        },
        languages={
            "en": "inglés",
            "es": "español",
            "zh": "chino",
            "vi": "vietnamita",
            "tl": "tagalo",
            "ko": "coreano",
            "ru": "ruso",
            "ar": "árabe",
            "fr": "francés",
            "ht": "criollo haitiano",
            "pt": "portugués",
            "de": "alemán",
            "pl": "polaco",
            "it": "italiano",
            "hi": "hindi",
            "ase": "lengua de señas americana",
        },
    ),
}

# Who is called Dr.: by the first of the letters behind the name.
_DOCTORS = (
    "MD",
    "DO",
    "DDS",
    "DMD",
    "DPM",
    "OD",
    "DC",
    "PHD",
    "PSYD",
    "PHARMD",
    "AUD",
    "DVM",
    "ND",
)


def greeted_provider(given: str, family: str, credential: str, language: str) -> str:
    """How a letter greets someone of the profession: Dr. Varga; Sam Varga where no doctor."""
    degrees = credential.replace(".", "").upper().replace(",", " ").split()
    if family and any(degree in _DOCTORS for degree in degrees):
        return f"{'Dr(a).' if language == 'es' else 'Dr.'} {family}"
    return " ".join(part for part in (given, family) if part)


def kept_together(number: str) -> str:
    """A phone number that no line of a letter cuts in two."""
    return number.strip().replace(" ", "\u00a0")


def written_relation(relation: str, language: str) -> str:
    """What somebody is to her, in the letter's language where the word is known."""
    return WORDS[language].relations.get(relation.strip().casefold(), relation)


def written_birth(born: PartialDate | None, language: str, formats: Formats) -> str:
    """A date of birth; in figures, which every reader of a form expects."""
    if born is None or born.exact is not None or language == "en":
        return formats.birth(born)
    return f"{born.month:02}/{born.year}" if born.month else str(born.year)


def answered(
    document: Document, answers: Mapping[str, str], today: date, formats: Formats
) -> tuple[dict[str, str], dict[str, str]]:
    """What is answered to the document's questions: as words to print, and as conditions compare it.

    What is not in `answers` gets the answer the question offers. Raises Invalid for one that cannot be.
    """
    words: dict[str, str] = {}
    kept: dict[str, str] = {}
    said = WORDS[document.language]
    for question in document.questions:
        name = f"{ASKED}{question.key}"
        answer = answer_of(question, answers.get(question.key, question.answer), today)
        kept[name] = words[name] = answer
        if question.kind == "date" and answer:
            words[name] = written_date(date.fromisoformat(answer), document.language, formats)
        elif question.kind == "yes-no":
            words[name] = {"yes": said.yes, "no": said.no}.get(answer, "")
    return words, kept


def carried(answers: Mapping[str, str], before: Document, now: Document) -> dict[str, str]:
    """Answers given to one document's questions, for those of another that ask the same.

    A choice goes over by its place, for its words are of the language; what cannot be one is left out.
    """
    asked = {question.key: question for question in before.questions}
    found: dict[str, str] = {}
    for question in now.questions:
        answer, same = answers.get(question.key), asked.get(question.key)
        if answer is None or same is None or same.kind != question.kind:
            continue
        if question.kind == "choice" and answer:
            if answer not in same.choices or len(same.choices) != len(question.choices):
                continue
            answer = question.choices[same.choices.index(answer)]
        found[question.key] = answer
    return found
