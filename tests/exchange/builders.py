"""Invented foreign files, whole and small, for tests to break as they need."""

from __future__ import annotations

import csv
from pathlib import Path

PATIENT = {
    "Id": "p-1", "BIRTHDATE": "1984-03-14", "DEATHDATE": "", "SSN": "999-12-3456", "PREFIX": "Ms.",
    "FIRST": "Ada46", "LAST": "Testperson958", "SUFFIX": "", "MAIDEN": "Nobody12", "MARITAL": "M",
    "RACE": "white", "GENDER": "F", "ADDRESS": "1 Elm St", "CITY": "Boston",
    "STATE": "Massachusetts", "ZIP": "2101",
}  # fmt: skip
PAYER = {
    "Id": "y-1", "NAME": "Test Health", "ADDRESS": "", "CITY": "Hartford",
    "STATE_HEADQUARTERED": "CT", "ZIP": "6156", "PHONE": "1-800-555-0142",
}  # fmt: skip
NO_PAYER = PAYER | {"Id": "y-0", "NAME": "NO_INSURANCE", "ZIP": "", "CITY": ""}
ORGANIZATION = {
    "Id": "o-1", "NAME": "TEST HOSPITAL", "ADDRESS": "2 Elm St", "CITY": "BOSTON", "STATE": "MA",
    "ZIP": "02101", "PHONE": "6175550142",
}  # fmt: skip
PROVIDER = {
    "Id": "d-1", "ORGANIZATION": "o-1", "NAME": "Robin7 Testdoctor8", "GENDER": "F",
    "SPECIALITY": "GENERAL PRACTICE",
}  # fmt: skip
SPELL = {
    "PATIENT": "p-1", "MEMBERID": "m-1", "START_YEAR": "2019-03-01T15:00:00Z",
    "END_YEAR": "2020-03-01T15:00:00Z", "PAYER": "y-1", "SECONDARY_PAYER": "", "OWNERSHIP": "Self",
    "OWNERNAME": "Ada46 Testperson958",
}  # fmt: skip
VISIT = {
    "Id": "v-1", "START": "2023-07-27T16:17:47Z", "STOP": "2023-07-27T16:32:47Z", "PATIENT": "p-1",
    "ORGANIZATION": "o-1", "PROVIDER": "d-1", "PAYER": "y-1", "ENCOUNTERCLASS": "ambulatory",
    "CODE": "185345009", "DESCRIPTION": "Encounter for symptom",
}  # fmt: skip

_FILES = {
    "patients": (PATIENT,),
    "payers": (PAYER, NO_PAYER),
    "organizations": (ORGANIZATION,),
    "providers": (PROVIDER,),
    "payer_transitions": (SPELL,),
    "encounters": (VISIT,),
}


def a_synthea_folder(folder: Path, **tables: list[dict[str, str]]) -> Path:
    """A small Synthea folder; a table given by name takes the place of the usual one."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, usual in _FILES.items():
        rows = tables.get(name, list(usual))
        columns = list(rows[0] if rows else usual[0])
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            out = csv.DictWriter(file, columns)
            out.writeheader()
            out.writerows(rows)
    (folder / "allergies.csv").write_text(
        "START,PATIENT\n2020-01-01,p-1\n2021-01-01,p-1\n", "utf-8"
    )
    return folder


REMITTANCE = (
    "ISA*00*          *00*          *ZZ*TESTPAYER      *ZZ*TESTCLINIC     *260311*0900*^*00501*"
    "000000042*0*P*:~GS*HP*TESTPAYER*TESTCLINIC*20260311*0900*7*X*005010X221A1~ST*835*0001~"
    "BPR*I*80.00*C*CHK************20260311~TRN*1*555*1999999999~N1*PR*TEST HEALTH~"
    "N1*PE*TEST CLINIC*XX*1234567893~CLP*A1*1*100.00*50.00*10.00*12*X1~SVC*HC:99213*100*50~"
    "CAS*CO*45*50~CLP*A2*1*30.00*30.00**12*X2~SE*10*0001~GE*1*7~IEA*1*000000042~"
)
CLAIMS = (
    "ISA*00*          *00*          *ZZ*TESTCLINIC     *ZZ*TESTHOUSE      *260311*0900*^*00501*"
    "000000043*0*T*:~GS*HC*TESTCLINIC*TESTHOUSE*20260311*0900*8*X*005010X222A1~"
    "ST*837*0001*005010X222A1~NM1*41*2*TEST CLINIC*****46*123~CLM*A1*125.50***11:B:1*Y*A*Y*Y~"
    "SV1*HC:99213*125.50*UN*1***1~SE*5*0001~GE*1*8~IEA*1*000000043~"
)
VCARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Testperson;Ada;;;\r\nFN:Ada Testperson\r\nEND:VCARD\r\n"
CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:test\r\nBEGIN:VEVENT\r\nUID:1\r\n"
    "DTSTART:20260311T090000Z\r\nSUMMARY:Visit\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
BUNDLE = (
    '{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType":'
    ' "Patient", "id": "1", "name": [{"family": "Testperson"}]}}, {"resource": {"resourceType":'
    ' "Encounter", "id": "2", "period": {"start": "2023-01-27T16:17:47Z"}}}]}'
)
HCPCS = "".join(
    f"A{4200 + number}00100{record}{'Dressing':<80}{'Dressing':<28}{' ' * 157}2002070120020701\r\n"
    for number, record in enumerate("33333")
)
