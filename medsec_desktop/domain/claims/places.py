"""Where a service took place: the two digits of CMS-1500 item 24B, in words of our own.

Source: the place of service code set of CMS, whose numbers these are.
"""

from __future__ import annotations

from medsec_desktop.problems import Invalid

OFFICE = "11"
TELEHEALTH = ("02", "10")

PLACES = {
    "11": "Office", "02": "Telehealth, patient not at home", "10": "Telehealth, patient at home",
    "12": "Patient’s home", "22": "Hospital, outpatient, on campus",
    "19": "Hospital, outpatient, off campus", "21": "Hospital, inpatient", "23": "Emergency room",
    "24": "Ambulatory surgery center", "20": "Urgent care", "31": "Skilled nursing facility",
    "32": "Nursing facility", "13": "Assisted living", "81": "Independent laboratory",
    "01": "Pharmacy", "03": "School", "04": "Homeless shelter",
    "05": "Indian Health Service, free-standing", "06": "Indian Health Service, provider-based",
    "07": "Tribal 638, free-standing", "08": "Tribal 638, provider-based", "09": "Prison",
    "14": "Group home", "15": "Mobile unit", "16": "Temporary lodging", "17": "Walk-in retail clinic",
    "18": "Place of employment", "25": "Birthing center", "26": "Military treatment facility",
    "27": "On the street", "33": "Custodial care facility", "34": "Hospice",
    "41": "Ambulance, land", "42": "Ambulance, air or water", "49": "Independent clinic",
    "50": "Federally qualified health center", "51": "Psychiatric hospital, inpatient",
    "52": "Psychiatric facility, by day", "53": "Community mental health center",
    "54": "Intermediate care for the intellectually disabled",
    "55": "Substance use treatment, residential", "56": "Psychiatric treatment, residential",
    "57": "Substance use treatment, not residential", "58": "Opioid treatment, not residential",
    "60": "Mass immunization center", "61": "Rehabilitation, inpatient",
    "62": "Rehabilitation, outpatient", "65": "Dialysis facility",
    "66": "Program of all-inclusive care for the elderly", "71": "Public health clinic",
    "72": "Rural health clinic", "99": "Another place",
}  # fmt: skip


def place_code(text: str) -> str:
    """The place typed as 11, or as 2 for 02. Raises Invalid where there is no such place."""
    code = text.strip()
    if len(code) == 1 and code.isdecimal():
        code = f"0{code}"
    if code not in PLACES:
        raise Invalid(
            f"There is no place of service “{text.strip()}”.",
            remedy="Take one from the list; an office is 11.",
            field="place",
        )
    return code
