"""Forms of one page whose words are data: consent, privacy acknowledgement, records release, verification.

A part is something to read, to write on, to tick or to sign; `{practice}` in a text is the practice's name.
A cell names what is written in it where it is on file ("patient", "member" …), else leaves a line.
Sources: 45 CFR 164.508(c) for what an authorization to release must say, 164.520(c)(2)(ii) for the
acknowledgement of the notice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from medsec_desktop.documents import fonts
from medsec_desktop.documents.form_sheet import FormCode, FormHead, FormSheet
from medsec_desktop.documents.form_words import WORDS
from medsec_desktop.documents.page import MM


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with a line under it."""

    title: str


@dataclass(frozen=True, slots=True)
class Read:
    """A paragraph to read, under a heading of its own where it has one."""

    text: str
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Write:
    """Cells beside each other: label, what it is the place of ("" for a line), twelfths of the width."""

    cells: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """Boxes to tick, after a label."""

    label: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ask:
    """A question answered by yes or no."""

    text: str


@dataclass(frozen=True, slots=True)
class Sign:
    """The words signed under, a line for the signature, and for who signs in her place."""

    text: str


Part = Section | Read | Write | Tick | Ask | Sign


@dataclass(frozen=True, slots=True)
class Agreement:
    """The words of one form in one language."""

    title: str
    parts: tuple[Part, ...]
    asks: str = ""


@dataclass(frozen=True, slots=True)
class AgreementForm:
    """An agreement for one patient, or blank: `values` are what is on file, by the names of the cells."""

    head: FormHead
    code: FormCode
    date: str
    agreement: Agreement
    values: Mapping[str, str]
    is_fillable: bool = False


PAGES = 1


def agreement_pdf(form: AgreementForm) -> bytes:
    """One page: who it is about, what is read, answered and signed."""
    words = WORDS[form.head.language]
    agreement, values = form.agreement, form.values
    sheet = FormSheet(
        form.head, form.code, agreement.title, words, form.date, is_fillable=form.is_fillable
    )
    sheet.begin(agreement.asks)
    sheet.row(
        (words.patient, values.get("patient", ""), 6),
        (words.birth, values.get("birth", ""), 3),
        (words.chart, values.get("chart", ""), 3),
    )
    sheet.space(3 * MM)
    for part in agreement.parts:
        match part:
            case Section(title):
                sheet.section(title)
            case Read(text, heading):
                if heading:
                    sheet.paragraph(heading, fonts.BOLD, after=0)
                sheet.paragraph(_named(text, form.head))
            case Write(cells):
                sheet.row(*((label, values.get(key, ""), units) for label, key, units in cells))
            case Tick(label, choices):
                sheet.ticks(label, [(choice, False) for choice in choices], 12)
            case Ask(text):
                sheet.question(_named(text, form.head))
            case Sign(text):
                sheet.sign(_named(text, form.head))
    return sheet.finished()


def consent(language: str) -> Agreement:
    """Consent to treatment, in the words of the language."""
    words = WORDS[language]
    return Agreement(
        words.consent,
        (
            *(Read(text, heading) for heading, text in words.consent_paragraphs),
            *(Ask(question) for question in words.consent_questions),
            Sign(words.consent_words),
        ),
    )


def _named(text: str, head: FormHead) -> str:
    """Replaced, not formatted: a practice may be called anything."""
    return text.replace("{practice}", head.practice)


PRIVACY = {
    "en": Agreement(
        "Receipt of the privacy notice",
        (
            Read(
                "The Notice of Privacy Practices of {practice} tells how health information about the"
                " patient may be used and shared, and what rights the patient has: to see the record and"
                " have a copy, to ask for corrections, to ask for limits, to be told with whom it was"
                " shared, to choose how we get in touch, and to complain without any disadvantage.",
            ),
            Section("Please tell us"),
            Ask("I have received the Notice of Privacy Practices."),
            Ask("I would like to have it explained to me."),
            Section("With whom we may speak about the patient’s care"),
            Write((("Name", "", 5), ("Relationship", "", 3), ("Phone", "", 4))),
            Write((("Name", "", 5), ("Relationship", "", 3), ("Phone", "", 4))),
            Sign(
                "Signing says only that I was given the notice. It does not mean that I agree to"
                " anything special."
            ),
            Section("For the office, if it was not signed"),
            Tick("Why not:", ("did not want to", "could not", "emergency", "other")),
            Write((("What was done to get it", "", 8), ("By", "", 2), ("Date", "", 2))),
        ),
    ),
    "es": Agreement(
        "Recibo del aviso de privacidad",
        (
            Read(
                "El Aviso de prácticas de privacidad de {practice} explica cómo se puede usar y compartir"
                " la información de salud del paciente y qué derechos tiene: ver el expediente y recibir"
                " una copia, pedir correcciones, pedir límites, saber con quién se compartió, elegir cómo"
                " le contactamos y presentar una queja sin ninguna desventaja.",
            ),
            Section("Por favor díganos"),
            Ask("He recibido el Aviso de prácticas de privacidad."),
            Ask("Quisiera que me lo expliquen."),
            Section("Con quién podemos hablar sobre la atención del paciente"),
            Write((("Nombre", "", 5), ("Parentesco", "", 3), ("Teléfono", "", 4))),
            Write((("Nombre", "", 5), ("Parentesco", "", 3), ("Teléfono", "", 4))),
            Sign(
                "Mi firma solo dice que me dieron el aviso. No significa que acepte algo en especial."
            ),
            Section("Para el consultorio, si no se firmó"),
            Tick("Por qué no:", ("no quiso", "no pudo", "emergencia", "otro motivo")),
            Write((("Qué se hizo para obtenerla", "", 8), ("Por", "", 2), ("Fecha", "", 2))),
        ),
    ),
}

RELEASE = {
    "en": Agreement(
        "Permission to release records",
        (
            Section("From whom, and to whom"),
            Write((("May give information: name, address", "holder", 12),)),
            Write((("May receive it: name, address, phone, fax", "", 12),)),
            Section("What may be released"),
            Tick("", ("whole record", "visit notes", "test results", "images", "bills")),
            Write((("Only from – to, or about", "", 7), ("Something else", "", 5))),
            Read(
                "Only if I initial here may also be released: HIV ____   mental health ____"
                "   alcohol or drug treatment ____   genetic tests ____"
            ),
            Section("What for, and until when"),
            Tick("", ("further care", "insurance", "legal matter", "for myself", "other")),
            Write((("This permission ends on (a date or an event)", "", 12),)),
            Read(
                "I may take this permission back in writing at any time; what was released before stays"
                " released. {practice} treats me whether I sign or not. Whoever receives the"
                " information may pass it on, and it may then no longer be protected by federal law. I"
                " may have a copy of this page."
            ),
            Sign("I give the permission described here."),
        ),
    ),
    "es": Agreement(
        "Permiso para entregar expedientes",
        (
            Section("De quién y para quién"),
            Write((("Puede dar información: nombre, dirección", "holder", 12),)),
            Write((("Puede recibirla: nombre, dirección, teléfono, fax", "", 12),)),
            Section("Qué se puede entregar"),
            Tick("", ("todo", "notas de visitas", "resultados", "imágenes", "cuentas")),
            Write((("Solo de – a, o sobre", "", 7), ("Otra cosa", "", 5))),
            Read(
                "Solo si pongo aquí mis iniciales se puede entregar también: VIH ____   salud mental ____"
                "   tratamiento de alcohol o drogas ____   pruebas genéticas ____"
            ),
            Section("Para qué y hasta cuándo"),
            Tick("", ("atención médica", "seguro", "asunto legal", "para mí", "otro")),
            Write((("Este permiso termina el (una fecha o un suceso)", "", 12),)),
            Read(
                "Puedo retirar este permiso por escrito en cualquier momento; lo que ya se entregó queda"
                " entregado. {practice} me atiende aunque no firme. Quien reciba la información puede"
                " pasarla a otros, y entonces quizá ya no la proteja la ley federal. Puedo recibir una"
                " copia de esta página."
            ),
            Sign("Doy el permiso que aquí se describe."),
        ),
    ),
}

VERIFICATION = {
    "en": Agreement(
        "Insurance verification",
        (
            Section("The policy"),
            Write((("Insurance company", "payer", 7), ("Phone", "payer phone", 5))),
            Write((("Plan", "plan", 5), ("Member number", "member", 4), ("Group", "group", 3))),
            Write((("Policy holder", "subscriber", 7), ("Relationship", "relation", 5))),
            Section("What they said"),
            Tick("Active on the day of the visit?", ("yes", "no", "since another day")),
            Write((("In force from", "", 3), ("until", "", 3), ("Kind of plan", "", 6))),
            Write(
                (("Copay", "", 3), ("Coinsurance %", "", 3), ("Deductible", "", 3), ("met", "", 3))
            ),
            Write((("Out of pocket at most", "", 4), ("met", "", 4), ("Visits left", "", 4))),
            Tick("Are we in the network?", ("yes", "no")),
            Tick("Needs an authorization?", ("yes", "no", "for some")),
            Tick("Needs a referral?", ("yes", "no")),
            Write((("Where claims go, payer id", "", 7), ("File within", "", 5))),
            Write((("Not covered, limits, what else they said", "", 12),)),
            Section("Who said it"),
            Write((("Spoke to", "", 4), ("Reference number", "", 4), ("Date and time", "", 4))),
            Write((("Asked by", "", 4), ("How: phone, portal, card", "", 8))),
        ),
    ),
    "es": Agreement(
        "Verificación del seguro",
        (
            Section("La póliza"),
            Write((("Compañía de seguros", "payer", 7), ("Teléfono", "payer phone", 5))),
            Write((("Plan", "plan", 5), ("Número de miembro", "member", 4), ("Grupo", "group", 3))),
            Write((("Titular", "subscriber", 7), ("Parentesco", "relation", 5))),
            Section("Qué dijeron"),
            Tick("¿Vigente el día de la cita?", ("sí", "no", "desde otro día")),
            Write((("Vigente desde", "", 3), ("hasta", "", 3), ("Tipo de plan", "", 6))),
            Write(
                (
                    ("Copago", "", 3),
                    ("Coaseguro %", "", 3),
                    ("Deducible", "", 3),
                    ("cumplido", "", 3),
                )
            ),
            Write(
                (("Máximo de bolsillo", "", 4), ("cumplido", "", 4), ("Citas que quedan", "", 4))
            ),
            Tick("¿Estamos en la red?", ("sí", "no")),
            Tick("¿Necesita autorización?", ("sí", "no", "para algunas cosas")),
            Tick("¿Necesita referido?", ("sí", "no")),
            Write((("A dónde van las reclamaciones", "", 7), ("Plazo", "", 5))),
            Write((("No cubierto, límites, qué más dijeron", "", 12),)),
            Section("Quién lo dijo"),
            Write((("Habló con", "", 4), ("Número de referencia", "", 4), ("Fecha y hora", "", 4))),
            Write((("Preguntó", "", 4), ("Cómo: teléfono, portal, tarjeta", "", 8))),
        ),
    ),
}
