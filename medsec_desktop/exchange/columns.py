"""Which column of a table is what: the fields a patient has here, and how others head them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from medsec_desktop.domain.people import fold

LEFT_ASIDE = ""
NOTE = "note"
CUSTOM = "custom:"  # followed by the name of the practice's own field
# What a saved list of refused rows adds to the file's own columns.
REASON_COLUMNS = ("Reason it was left out", "Row in the file")


@dataclass(frozen=True, slots=True)
class Target:
    """A field that a column can become."""

    key: str
    label: str
    group: str
    joins: bool = False  # several columns may become it, joined by a blank
    repeats: bool = False  # several columns may become it, each on its own


@dataclass(frozen=True, slots=True)
class Mapping:
    """One target per column, in the file's order, and the order of day and month in its dates."""

    columns: tuple[str, ...]
    targets: tuple[str, ...]
    date_order: str = ""  # mdy, dmy, ymd; '' where it must be asked

    def places(self, target: str) -> tuple[int, ...]:
        """The columns that become `target`."""
        return tuple(at for at, one in enumerate(self.targets) if one == target)

    @property
    def has_dates(self) -> bool:
        return any(target in DATES for target in self.targets)

    def faults(self) -> tuple[str, ...]:
        """What stands in the way of an import, in sentences."""
        found = []
        if not (self.places("family") or self.places("name")):
            found.append("Say which column holds the family name, or the whole name.")
        for target in TARGETS:
            places = self.places(target.key)
            if len(places) > 1 and not (target.joins or target.repeats):
                names = ", ".join(f"“{self.columns[at]}”" for at in places)
                found.append(f"{target.label} can be one column only; now it is {names}.")
        if self.places("name") and self.places("family"):
            found.append("Take either the whole name or its parts, not both.")
        return tuple(found)


def key_of(columns: Sequence[str]) -> tuple[str, ...]:
    """A heading line as it is recognised again: folded, without what we add to refused rows."""
    ours = {fold(name) for name in REASON_COLUMNS}
    return tuple(folded for name in columns if (folded := fold(name)) not in ours)


def source_of(columns: Sequence[str]) -> str:
    """Whose ids a table with these columns holds: tables headed alike come from one program."""
    digest = hashlib.sha256("\n".join(key_of(columns)).encode()).hexdigest()
    return f"csv:{digest[:12]}"


TARGETS = (
    Target("name", "Whole name", "Name"),
    Target("family", "Family name", "Name", joins=True),
    Target("given", "Given name", "Name", joins=True),
    Target("middle", "Middle name", "Name", joins=True),
    Target("prefix", "Title (Ms., Dr.)", "Name"),
    Target("suffix", "Suffix (Jr., III)", "Name"),
    Target("preferred", "Preferred name", "Name"),
    Target("former", "Former name", "Name"),
    Target("birth", "Date of birth", "Person"),
    Target("birth_year", "Year of birth", "Person"),
    Target("birth_month", "Month of birth", "Person"),
    Target("birth_day", "Day of birth", "Person"),
    Target("sex", "Sex", "Person"),
    Target("gender", "Gender", "Person"),
    Target("pronouns", "Pronouns", "Person"),
    Target("ssn", "SSN", "Person"),
    Target("marital", "Marital status", "Person"),
    Target("language", "Language", "Person"),
    Target("interpreter", "Needs an interpreter", "Person"),
    Target("employer", "Employer", "Person"),
    Target("deceased_on", "Date of death", "Person"),
    Target("status", "Status of the file", "Person"),
    Target("external_id", "Number in the other program", "Person"),
    Target("chart", "Chart number to keep", "Person"),
    Target("provider", "Primary provider", "Person"),
    Target("mobile", "Mobile phone", "Contact", repeats=True),
    Target("home", "Home phone", "Contact", repeats=True),
    Target("work", "Work phone", "Contact", repeats=True),
    Target("phone", "Other phone", "Contact", repeats=True),
    Target("email", "E-mail", "Contact", repeats=True),
    Target("contact", "Prefers to be reached by", "Contact"),
    Target("address", "Whole address", "Address", joins=True),
    Target("line1", "Street", "Address", joins=True),
    Target("line2", "Street, second line", "Address", joins=True),
    Target("city", "City", "Address"),
    Target("state", "State", "Address"),
    Target("zip", "ZIP", "Address"),
    Target("city_state_zip", "City, state and ZIP", "Address"),
    Target("country", "Country", "Address"),
    Target("contact_name", "Emergency contact", "People", joins=True),
    Target("contact_phone", "Emergency contact: phone", "People"),
    Target("contact_relation", "Emergency contact: relation", "People"),
    Target("guarantor_name", "Guarantor (who owes)", "People", joins=True),
    Target("guarantor_phone", "Guarantor: phone", "People"),
    Target("guarantor_relation", "Guarantor: relation", "People"),
    Target("payer", "Insurance", "Insurance"),
    Target("plan", "Plan", "Insurance"),
    Target("member", "Member id", "Insurance"),
    Target("group", "Group number", "Insurance"),
    Target("subscriber", "Subscriber (who holds the policy)", "Insurance", joins=True),
    Target("subscriber_birth", "Subscriber: date of birth", "Insurance"),
    Target("relation", "Patient is the subscriber’s", "Insurance"),
    Target("copay", "Copay", "Insurance"),
    Target("policy_from", "Insured since", "Insurance"),
    Target("policy_to", "Insured until", "Insurance"),
    Target("payer2", "Second insurance", "Insurance"),
    Target("member2", "Second insurance: member id", "Insurance"),
    Target("group2", "Second insurance: group number", "Insurance"),
    Target(NOTE, "Note", "Other", repeats=True),
)
BY_KEY = {target.key: target for target in TARGETS}
DATES = frozenset({"birth", "deceased_on", "subscriber_birth", "policy_from", "policy_to"})

# Headings as programs write them, folded and without "patient" before them; English and Spanish.
_HEADINGS = {
    "name": "name; full name; whole name; display name; patient; nombre completo; paciente;"
    " apellidos y nombres; nombre y apellidos; nombre y apellido; apellidos nombre; last first;"
    " last name first name; name last first",
    "family": "last; last name; lname; lastname; l name; family name; family; surname; legal last name;"
    " name last; apellido; apellidos; primer apellido; segundo apellido; apellido paterno;"
    " apellido materno; apellido 1; apellido 2",
    "given": "first; first name; fname; firstname; f name; given name; given; given names; forename;"
    " legal first name; name first; nombre; nombres; nombre s; primer nombre; nombre de pila",
    "middle": "middle; middle name; mname; middlename; m name; middle initial; mi; middlei; m i;"
    " additional name; additional names; name middle; segundo nombre; inicial",
    "prefix": "prefix; title; salutation; name prefix; titulo; tratamiento",
    "suffix": "suffix; name suffix; generation; sufijo",
    "preferred": "preferred name; preferred; nickname; goes by; preferred first name; apodo;"
    " nombre preferido; alias",
    "former": "maiden; maiden name; former name; previous name; birth name; previous last name;"
    " apellido de soltera; nombre anterior",
    "birth": "dob; d o b; birthdate; birth date; birthday; date of birth; date birth; born; bdate;"
    " bday; fecha de nacimiento; fecha nacimiento; nacimiento; f nacimiento; fec nac; fecha nac;"
    " fecnac; f nac",
    "birth_year": "birth year; year of birth; yob; ano de nacimiento; ano nacimiento",
    "birth_month": "birth month; month of birth; mes de nacimiento",
    "birth_day": "birth day; day of birth; dia de nacimiento",
    "sex": "sex; gender; sex at birth; birth sex; sexo; genero; administrative sex; legal sex",
    "gender": "gender identity; identidad de genero",
    "pronouns": "pronouns; preferred pronouns; pronombres",
    "ssn": "ssn; ss; social security number; social security; social security no; soc sec;"
    " soc sec no; ss number; seguro social; numero de seguro social; nss",
    "marital": "marital; marital status; civil status; estado civil; maritalstatus",
    "language": "language; preferred language; primary language; lang; idioma; lengua;"
    " idioma preferido",
    "interpreter": "interpreter; interpreter needed; needs interpreter; interpreter required;"
    " interprete; necesita interprete",
    "employer": "employer; employer name; company; organization; organization name; place of work;"
    " empresa; empleador; lugar de trabajo",
    "deceased_on": "date of death; death date; deathdate; deceased date; deceased on; dod;"
    " fecha de defuncion; fecha de fallecimiento; fecha defuncion",
    "status": "status; active; record status; estado; activo; patstatus",
    "external_id": "id; external id; patnum; pid; uuid; guid; record id; account; account no;"
    " account number; acct no; acct; acct number; number; person id; client id; identifier; key;"
    " no; nr; numero; numero de paciente; id paciente; cuenta; emr id; prn; id number",
    "chart": "chart; chart number; chart no; chart id; chartnumber; mrn; medical record number;"
    " medical record no; medical record; mr no; mr number; pubpid; expediente;"
    " numero de expediente; historia clinica; numero de historia; nhc; no expediente;"
    " historia clinica no",
    "provider": "provider; primary provider; pcp; primary care provider; doctor; physician;"
    " primary care physician; rendering provider; default provider; medico; proveedor;"
    " medico de cabecera; doctor a; priprov; primary physician",
    "mobile": "mobile; mobile phone; mobile number; cell; cell phone; cell number; cellphone;"
    " phone cell; phone mobile; wireless phone; wirelessphone; mobile no; celular; movil;"
    " telefono celular; telefono movil; tel movil; no celular; cell no; mobile tel",
    "home": "phone; telephone; home phone; home; phone home; hmphone; hm phone; home number;"
    " home telephone; phone number; phone no; tel; tel no; primary phone; main phone;"
    " telephone number; telefono; telefono casa; telefono de casa; tel casa; telefono particular;"
    " telefono fijo; numero de telefono; telephone home; phone 1; phone1",
    "work": "work; work phone; business phone; phone work; wkphone; wk phone; phone biz;"
    " office phone; work number; telefono trabajo; telefono del trabajo; tel trabajo;"
    " telefono oficina; employer phone; work telephone",
    "phone": "other phone; phone other; phone 2; phone2; phone 3; secondary phone; alternate phone;"
    " alt phone; phone 1 value; phone 2 value; phone 3 value; phone 4 value; home phone 2;"
    " business phone 2; primary phone 2; otro telefono; telefono 2; second phone",
    "email": "email; e mail; email address; e mail address; mail; e mail 1 value; e mail 2 value;"
    " email 1; email 2; e mail 2 address; e mail 3 address; correo; correo electronico;"
    " email home; home email; e mail 1 address",
    "contact": "contact preference; preferred contact; preferred contact method; contact method;"
    " prefers contact by; medio de contacto",
    "address": "address full; full address; mailing address; complete address; home address;"
    " address 1 formatted; direccion completa; domicilio completo; postal address",
    "line1": "address; address 1; address1; address line 1; address line1; addr; addr1; addr 1;"
    " street; street address; street 1; street1; home street; address 1 street; home address street;"
    " line 1; direccion; domicilio; calle; calle y numero; direccion 1; street name; house number;"
    " numero exterior; street number; mailing address 1; address street",
    "line2": "address 2; address2; address line 2; address line2; addr2; addr 2; street 2; street2;"
    " home street 2; apt; apartment; unit; suite; line 2; apto; departamento; direccion 2;"
    " address 1 extended address; colonia; numero interior; piso; apt no; apt unit",
    "city": "city; town; home city; address 1 city; city name; ciudad; municipio; localidad;"
    " poblacion; mailing city; address city",
    "state": "state; st; province; region; state province; home state; address 1 region; provincia;"
    " entidad; estado provincia; departamento estado; mailing state; address state; state code",
    "zip": "zip; zip code; zipcode; postal code; postalcode; postal; postcode; post code;"
    " home postal code; address 1 postal code; codigo postal; cp; c p; cod postal; zip postal code;"
    " mailing zip; address zip; zip 5; plz",
    "city_state_zip": "city state zip; city st zip; csz; city state zip code; citystatezip;"
    " ciudad estado cp",
    "country": "country; country code; home country; home country region; address 1 country; pais;"
    " nation",
    "contact_name": "emergency contact; emergency contact name; emergency name; contact name; ice;"
    " contacto de emergencia; nombre contacto emergencia; contacto emergencia; contact relationship name;"
    " in case of emergency; emergency contact first name; emergency contact last name",
    "contact_phone": "emergency phone; emergency contact phone; emergency contact number;"
    " contact phone; telefono de emergencia; telefono emergencia; telefono contacto emergencia;"
    " emergency contact phone number; phone contact; emergency contact telephone",
    "contact_relation": "emergency contact relationship; emergency contact relation;"
    " emergency relationship; contact relationship; parentesco contacto emergencia; parentesco",
    "guarantor_name": "guarantor; guarantor name; responsible party; responsible party name;"
    " resp party; responsible; responsable; garante; responsable de pago; bill to;"
    " guarantor first name; guarantor last name",
    "guarantor_phone": "guarantor phone; responsible party phone; telefono del responsable;"
    " telefono responsable",
    "guarantor_relation": "guarantor relationship; guarantor relation; responsible party relation;"
    " relationship to guarantor",
    "payer": "insurance; insurance company; insurance name; payer; payer name; primary insurance;"
    " primary insurance company; primary insurance name; primary payer; carrier; carrier name;"
    " ins; ins company; ins name; ins1 name; insurance 1; primary carrier; seguro; aseguradora;"
    " compania de seguros; primary insurance carrier; primary insurance company name;"
    " primary ins; insurance carrier",
    "plan": "plan; plan name; insurance plan; primary insurance plan; primary insurance plan name;"
    " plan de seguro; insurance plan name; ins1 plan",
    "member": "member id; member number; memberid; member no; policy; policy number; policy no;"
    " policy id; subscriber id; insurance id; insurance number; primary insurance id; insured id;"
    " primary policy number; primary member id; primary insurance member id; ins1 id; id del seguro;"
    " primary insurance policy number; numero de poliza; poliza; numero de afiliado; no de poliza;"
    " insured s id; subscriber number; primary insurance policy; no afiliado; insurance member id",
    "group": "group; group number; group no; group id; grp; primary group number; ins1 group;"
    " primary insurance group; primary insurance group number; insurance group; grupo;"
    " numero de grupo; insurance group number; group num",
    "subscriber": "subscriber; subscriber name; policy holder; policyholder; insured; insured name;"
    " policy holder name; insured s name; subscriber full name; primary insured; titular;"
    " nombre del titular; asegurado; titular del seguro; primary subscriber name",
    "subscriber_birth": "subscriber dob; subscriber date of birth; insured dob;"
    " policy holder dob; policy holder date of birth; insured date of birth;"
    " fecha de nacimiento del titular",
    "relation": "relationship to subscriber; relation to subscriber; subscriber relationship;"
    " relationship to insured; relation to insured; insured relationship; patient relationship;"
    " relationship; relation; parentesco con el titular; relacion con el titular; relacion",
    "copay": "copay; co pay; copayment; copago",
    "policy_from": "effective date; effective from; coverage start; coverage start date;"
    " policy effective date; insurance effective date; vigencia desde; policy start;"
    " primary insurance effective date",
    "policy_to": "termination date; term date; coverage end; coverage end date; expiration date;"
    " policy expiration date; vigencia hasta; policy end; insurance termination date",
    "payer2": "secondary insurance; secondary insurance company; secondary insurance name;"
    " secondary payer; insurance 2; ins2 name; secondary carrier; segundo seguro;"
    " seguro secundario; secondary ins",
    "member2": "secondary insurance id; secondary policy number; secondary member id;"
    " secondary insurance member id; secondary insurance policy number; ins2 id; poliza secundaria",
    "group2": "secondary group number; secondary insurance group; secondary group; ins2 group;"
    " secondary insurance group number",
    NOTE: "note; notes; comment; comments; memo; remark; remarks; patient note; addrnote; nota;"
    " notas; observaciones; comentarios; patient notes",
}  # fmt: skip
_BY_HEADING = {
    heading.strip(): key for key, headings in _HEADINGS.items() for heading in headings.split(";")
}
_BEFORE = ("patient s ", "patients ", "patient ", "pat ", "pt ", "client ", "paciente ", "contact ",
           "member ", "demographics ", "person ")  # fmt: skip
_AFTER = (" del paciente", " paciente", " of patient", " patient", " de paciente")


def guess(columns: Sequence[str]) -> tuple[str, ...]:
    """A target for each column, by its heading; what nobody knows is left aside.

    Where two columns would become what only one can be, the first does.
    """
    taken: set[str] = set()
    found = []
    ours = {fold(name) for name in REASON_COLUMNS}
    for name in columns:
        key = LEFT_ASIDE if fold(name) in ours else _target_of(name)
        target = BY_KEY.get(key)
        if target is not None and key in taken and not (target.joins or target.repeats):
            key = {"external_id": "chart", "home": "phone"}.get(key, LEFT_ASIDE)
            if key in taken and key == "chart":
                key = LEFT_ASIDE
        taken.add(key)
        found.append(key)
    if {"family", "given"} <= taken and "name" in taken:
        found = [LEFT_ASIDE if key == "name" else key for key in found]
    return tuple(found)


def plain_heading(name: str) -> str:
    """A heading as words: `PatFName`, `patient_first-name` and “Patient First Name” alike."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name.strip())
    return fold(spaced)


def _target_of(name: str) -> str:
    for words in dict.fromkeys((plain_heading(name), fold(name), fold(name).replace(" ", ""))):
        tries = [words]
        tries += [words.removeprefix(before) for before in _BEFORE if words.startswith(before)]
        tries += [words.removesuffix(after) for after in _AFTER if words.endswith(after)]
        for one in tries:
            if one in _BY_HEADING:
                return _BY_HEADING[one]
    return LEFT_ASIDE
