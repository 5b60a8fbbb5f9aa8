"""The fixed words of the forms, in each language they are printed in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FormWords:
    """Every word a form prints that is not about one patient or practice."""

    registration: str
    registration_asks: str
    blank_asks: str  # of a form on which nothing is printed yet
    patient: str
    family_name: str
    given_name: str
    middle_name: str
    preferred_name: str
    former_name: str
    birth: str
    chart: str
    sex: str
    sexes: tuple[tuple[str, str], ...]
    interpreter: str
    yes: str
    no: str
    marital: str
    language: str
    provider: str
    contact: str
    street: str
    city: str
    state: str
    zip: str
    mobile: str
    home: str
    work: str
    email: str
    reach: str
    ways: tuple[tuple[str, str], ...]
    messages: str
    employer: str
    employer_phone: str
    emergency: str
    name: str
    relation: str
    phone: str
    guarantor: str
    who_pays: str
    i_pay: str
    other_pays: str
    their_address: str
    first_plan: str
    second_plan: str
    payer: str
    plan: str
    member: str
    group: str
    subscriber: str
    subscriber_birth: str
    subscriber_relation: str
    more: str
    pharmacy: str
    other_doctor: str
    true_words: str
    consent_words: str
    signature: str
    date: str
    signer: str
    printed: str
    page_of: str
    consent: str
    consent_paragraphs: tuple[tuple[str, str], ...]  # heading and text
    consent_questions: tuple[str, ...]
    maritals: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...]
    relations: tuple[tuple[str, str], ...]  # of the patient to the policy holder, CMS-1500 box 6


_EN = FormWords(
    registration="Patient registration",
    registration_asks=(
        "Please read what is printed, correct what is wrong, and fill in what is missing."
        " Please bring your insurance card and a photo ID to the desk."
    ),
    blank_asks=(
        "Please fill in both pages. Please bring your insurance card and a photo ID to the desk."
    ),
    patient="Patient",
    family_name="Last name",
    given_name="First name",
    middle_name="Middle name",
    preferred_name="Name you like to be called",
    former_name="Former last name",
    birth="Date of birth",
    chart="Chart number",
    sex="Sex",
    sexes=(("F", "female"), ("M", "male"), ("O", "other")),
    interpreter="Interpreter needed?",
    yes="Yes",
    no="No",
    marital="Marital status",
    language="Language you prefer",
    provider="Your doctor here",
    contact="How to reach you",
    street="Street, apartment",
    city="City",
    state="State",
    zip="ZIP code",
    mobile="Mobile phone",
    home="Home phone",
    work="Work phone",
    email="E-mail",
    reach="I like to be reached by",
    ways=(("phone", "phone"), ("text", "text message"), ("email", "e-mail"), ("mail", "mail")),
    messages="May we leave a message with health information on your voice mail?",
    employer="Employer or school",
    employer_phone="Phone there",
    emergency="Whom to call in an emergency",
    name="Name",
    relation="Relationship to patient",
    phone="Phone",
    guarantor="Who is responsible for the bill",
    who_pays="The bill goes to",
    i_pay="the patient",
    other_pays="somebody else:",
    their_address="Address, if different from the patient’s",
    first_plan="Health insurance, first",
    second_plan="Health insurance, second",
    payer="Insurance company",
    plan="Plan",
    member="Member number",
    group="Group number",
    subscriber="Policy holder",
    subscriber_birth="Date of birth",
    subscriber_relation="Relationship to patient",
    more="More for our records",
    pharmacy="Pharmacy, with its street or town",
    other_doctor="Other doctors you see",
    true_words="What stands here is right as far as I know. I will tell the practice when it changes.",
    consent_words=(
        "I have read this page, or it was read to me. My questions were answered."
        " I may take this consent back in writing at any time; what was done before stays done."
    ),
    signature="Signature",
    date="Date",
    signer="Name in print, if somebody else signs for the patient",
    printed="Printed",
    page_of="Page {page} of {pages}",
    consent="Consent to treatment",
    consent_paragraphs=(
        (
            "Treatment",
            "I ask {practice} to examine and treat the patient named above. I may ask what each"
            " examination or treatment is for, what may go wrong, and what else could be done, and I may"
            " say no to any of it.",
        ),
        (
            "Health information",
            "I understand that the practice uses and shares the patient’s health"
            " information for treatment, for payment and to run the practice, as its Notice of Privacy"
            " Practices tells. I can have a copy of the notice at the desk.",
        ),
        (
            "Payment",
            "I ask the patient’s health insurance to pay the practice directly, and I allow the"
            " practice to send it what it needs to decide about payment. What the insurance does not pay,"
            " the person responsible for the bill owes.",
        ),
    ),
    consent_questions=(
        "The practice may leave messages about visits and results on my voice mail.",
        "The practice may speak about the patient’s care with the emergency contact.",
        "The practice may send reminders by text message or e-mail, which others might read.",
    ),
    maritals=(
        ("single", "single"), ("married", "married"), ("partnered", "partnered"),
        ("separated", "separated"), ("divorced", "divorced"), ("widowed", "widowed"),
    ),
    languages=(
        ("en", "English"), ("es", "Spanish"), ("zh", "Chinese"), ("vi", "Vietnamese"),
        ("tl", "Tagalog"), ("ko", "Korean"), ("ru", "Russian"), ("ar", "Arabic"),
        ("fr", "French"), ("ht", "Haitian Creole"), ("pt", "Portuguese"), ("de", "German"),
        ("pl", "Polish"), ("it", "Italian"), ("hi", "Hindi"), ("ase", "American Sign Language"),
    ),
    relations=(("self", "self"), ("spouse", "spouse"), ("child", "child"), ("other", "other")),
)  # fmt: skip

_ES = FormWords(
    registration="Registro del paciente",
    registration_asks=(
        "Por favor lea lo que está impreso, corrija lo que no sea correcto y complete lo que falte."
        " Por favor traiga a la recepción su tarjeta de seguro y una identificación con foto."
    ),
    blank_asks=(
        "Por favor llene las dos páginas. Por favor traiga a la recepción su tarjeta de seguro y una"
        " identificación con foto."
    ),
    patient="Paciente",
    family_name="Apellido",
    given_name="Nombre",
    middle_name="Segundo nombre",
    preferred_name="Cómo le gusta que le llamen",
    former_name="Apellido anterior",
    birth="Fecha de nacimiento",
    chart="Número de expediente",
    sex="Sexo",
    sexes=(("F", "femenino"), ("M", "masculino"), ("O", "otro")),
    interpreter="¿Necesita intérprete?",
    yes="Sí",
    no="No",
    marital="Estado civil",
    language="Idioma que prefiere",
    provider="Su médico aquí",
    contact="Cómo comunicarnos con usted",
    street="Calle, apartamento",
    city="Ciudad",
    state="Estado",
    zip="Código postal",
    mobile="Teléfono celular",
    home="Teléfono de casa",
    work="Teléfono del trabajo",
    email="Correo electrónico",
    reach="Prefiero que me contacten por",
    ways=(
        ("phone", "teléfono"), ("text", "mensaje de texto"), ("email", "correo electrónico"),
        ("mail", "correo"),
    ),
    messages="¿Podemos dejar un mensaje con información de salud en su buzón de voz?",
    employer="Empleador o escuela",
    employer_phone="Teléfono de allí",
    emergency="A quién llamar en una emergencia",
    name="Nombre",
    relation="Parentesco con el paciente",
    phone="Teléfono",
    guarantor="Quién es responsable de la cuenta",
    who_pays="La cuenta es para",
    i_pay="el paciente",
    other_pays="otra persona:",
    their_address="Dirección, si es distinta de la del paciente",
    first_plan="Seguro de salud, primero",
    second_plan="Seguro de salud, segundo",
    payer="Compañía de seguros",
    plan="Plan",
    member="Número de miembro",
    group="Número de grupo",
    subscriber="Titular de la póliza",
    subscriber_birth="Fecha de nacimiento",
    subscriber_relation="Parentesco con el paciente",
    more="Más para nuestros registros",
    pharmacy="Farmacia, con su calle o ciudad",
    other_doctor="Otros médicos que le atienden",
    true_words="Lo que está escrito aquí es correcto según mi conocimiento. Avisaré cuando cambie.",
    consent_words=(
        "He leído esta página, o me la leyeron. Respondieron a mis preguntas. Puedo retirar este"
        " consentimiento por escrito en cualquier momento; lo hecho antes no cambia."
    ),
    signature="Firma",
    date="Fecha",
    signer="Nombre en letra de molde, si otra persona firma por el paciente",
    printed="Impreso",
    page_of="Página {page} de {pages}",
    consent="Consentimiento para el tratamiento",
    consent_paragraphs=(
        (
            "Tratamiento",
            "Pido a {practice} que examine y trate al paciente nombrado arriba. Puedo preguntar"
            " para qué es cada examen o tratamiento, qué puede salir mal y qué otra cosa se podría hacer, y"
            " puedo decir que no a cualquiera.",
        ),
        (
            "Información de salud",
            "Entiendo que el consultorio usa y comparte la información de salud del"
            " paciente para el tratamiento, el pago y el funcionamiento del consultorio, como explica su"
            " Aviso de prácticas de privacidad. Puedo pedir una copia en la recepción.",
        ),
        (
            "Pago",
            "Pido al seguro de salud del paciente que pague directamente al consultorio, y permito que"
            " el consultorio le envíe lo necesario para decidir sobre el pago. Lo que el seguro no pague lo"
            " debe la persona responsable de la cuenta.",
        ),
    ),
    consent_questions=(
        "El consultorio puede dejar mensajes sobre citas y resultados en mi buzón de voz.",
        "El consultorio puede hablar sobre la atención del paciente con el contacto de emergencia.",
        "El consultorio puede enviar recordatorios por mensaje de texto o correo electrónico, que otros"
        " podrían leer.",
    ),
    maritals=(
        ("single", "soltero/a"), ("married", "casado/a"), ("partnered", "en pareja"),
        ("separated", "separado/a"), ("divorced", "divorciado/a"), ("widowed", "viudo/a"),
    ),
    languages=(
        ("en", "inglés"), ("es", "español"), ("zh", "chino"), ("vi", "vietnamita"),
        ("tl", "tagalo"), ("ko", "coreano"), ("ru", "ruso"), ("ar", "árabe"), ("fr", "francés"),
        ("ht", "criollo haitiano"), ("pt", "portugués"), ("de", "alemán"), ("pl", "polaco"),
        ("it", "italiano"), ("hi", "hindi"), ("ase", "lengua de señas americana"),
    ),
    relations=(
        ("self", "el mismo paciente"), ("spouse", "cónyuge"), ("child", "hijo/a"),
        ("other", "otro"),
    ),
)  # fmt: skip

WORDS: dict[str, FormWords] = {"en": _EN, "es": _ES}
