"""What the codes on a claim mean, in our own words, for those who choose among them.

The segment of 005010X222A1 stands beside each list. The meanings of SBR05, CLM07, CLM20, PWK02 and of the
relations were compared in November 2026 with public copies of X12’s data elements 1336, 1359, 1514, 756 and
1069 (among them VistA’s Integrated Billing for 756); places of service are CMS’s, in our words.
"""

from __future__ import annotations

# SBR09
FILINGS = {
    "CI": "Commercial", "BL": "Blue Cross, Blue Shield", "MB": "Medicare Part B",
    "MA": "Medicare Part A", "MC": "Medicaid", "16": "Medicare Advantage", "HM": "HMO", "12": "PPO",
    "13": "Point of service", "14": "EPO", "15": "Indemnity", "CH": "TRICARE",
    "VA": "Veterans Affairs", "WC": "Workers’ compensation", "AM": "Automobile", "LM": "Liability",
    "FI": "Federal employees", "OF": "Other federal program", "DS": "Disability", "TV": "Title V",
    "17": "Dental", "11": "Other, not federal", "ZZ": "Not known",
}  # fmt: skip
# SBR01
RANKS = {"P": "First payer", "S": "Second payer", "T": "Third payer"}
# SBR05
MEDICARE_SECOND = {
    "": "", "12": "12 · working aged", "13": "13 · kidney disease", "14": "14 · no-fault",
    "15": "15 · workers’ compensation", "16": "16 · public health service", "41": "41 · black lung",
    "42": "42 · Veterans Affairs", "43": "43 · disabled, large group", "47": "47 · liability",
}  # fmt: skip
# PAT01, SBR02
RELATIONS = {
    "18": "Self", "01": "Spouse", "19": "Child", "20": "Employee", "21": "Unknown",
    "39": "Organ donor", "40": "Cadaver donor", "53": "Life partner", "G8": "Other",
}  # fmt: skip
SEXES = {"F": "Female", "M": "Male", "U": "Unknown"}
# CLM05-3
FREQUENCIES = {"1": "Original", "7": "Replacement", "8": "Void"}
# CLM07
ASSIGNMENTS = {"A": "Accepted", "B": "For laboratory services only", "C": "Not accepted"}
# CLM08
BENEFITS = {"Y": "To the practice", "N": "To the patient", "W": "Does not apply"}
# CLM20
DELAYS = {
    "": "", "1": "1 · proof of eligibility", "2": "2 · litigation", "3": "3 · authorization",
    "4": "4 · certifying provider", "5": "5 · billing forms", "6": "6 · custom appliances",
    "7": "7 · third party", "8": "8 · eligibility", "9": "9 · original rejected",
    "10": "10 · prior approval", "11": "11 · other", "15": "15 · natural disaster",
}  # fmt: skip
# DTP01 in 2300
OTHER_DATES = {
    "": "", "454": "First treatment", "304": "Last seen", "453": "Acute again", "455": "Last X-ray",
    "471": "Prescription", "090": "Care taken over", "091": "Care given up",
    "444": "First visit or consult",
}  # fmt: skip
# CTP05
DRUG_UNITS = {
    "UN": "Units", "ML": "Milliliters", "GR": "Grams", "ME": "Milligrams",
    "F2": "International units",
}  # fmt: skip
UNITS = {"UN": "Units", "MJ": "Minutes"}
# PWK02
ATTACHED_BY = {
    "BM": "Mail", "FX": "Fax", "EL": "Electronic only", "EM": "E-mail", "AA": "On request",
    "FT": "File transfer",
}  # fmt: skip
# Who is named on a claim: NM101
ROLES = {
    "82": "Gave the service", "DN": "Referred", "DK": "Ordered", "DQ": "Supervised",
    "77": "Facility",
}  # fmt: skip
# Who is named on a service of its own: NM101 in 2420A to 2420F
LINE_ROLES = {
    "DK": "Ordered it", "82": "Gave it", "DN": "Referred", "P3": "Referred first: primary care",
    "DQ": "Supervised", "QB": "Was paid for it (purchased)", "77": "Where it was given",
}  # fmt: skip
# CRC01 in 2300 and in 2400, each with the codes CRC03 to CRC07 may have
CONDITIONS = {
    "ZZ": "EPSDT: was a referral given", "75": "Homebound", "07": "Ambulance",
    "E1": "E1 · vision", "E2": "E2 · vision", "E3": "E3 · vision",
}  # fmt: skip
LINE_CONDITIONS = {"09": "Durable equipment", "70": "Hospice employee", "07": "Ambulance"}
_RIDES = ("01", "04", "05", "06", "07", "08", "09", "12")
_LENSES = ("L1", "L2", "L3", "L4", "L5")
CONDITION_CODES = {
    "ZZ": ("AV", "NU", "S2", "ST"), "75": ("IH",), "07": _RIDES, "E1": _LENSES, "E2": _LENSES,
    "E3": _LENSES, "09": ("38", "ZV"), "70": ("65",),
}  # fmt: skip
YES_NO = {"Y": "Yes", "N": "No"}
TAX_IDS = {"EI": "Employer’s number", "SY": "Social security number"}

PLACES = {
    "11": "Office", "12": "Home", "02": "Telehealth, not at home", "10": "Telehealth, at home",
    "22": "Hospital, outpatient, on campus", "19": "Hospital, outpatient, off campus",
    "21": "Hospital, inpatient", "23": "Emergency room", "24": "Surgical center",
    "20": "Urgent care", "31": "Skilled nursing facility", "32": "Nursing facility",
    "33": "Custodial care", "34": "Hospice", "13": "Assisted living", "14": "Group home",
    "01": "Pharmacy", "03": "School", "04": "Homeless shelter", "05": "Indian Health, own building",
    "06": "Indian Health, provider’s building", "07": "Tribal, own building",
    "08": "Tribal, provider’s building", "09": "Prison", "15": "Mobile unit",
    "16": "Temporary lodging", "17": "Retail clinic", "18": "Worksite", "25": "Birthing center",
    "26": "Military facility", "27": "Street outreach", "41": "Ambulance, land",
    "42": "Ambulance, air or water", "49": "Independent clinic",
    "50": "Federally qualified health center", "51": "Psychiatric, inpatient",
    "52": "Psychiatric, partial", "53": "Community mental health",
    "54": "Care for intellectual disability", "55": "Substance use, residential",
    "56": "Psychiatric, residential", "57": "Substance use, not residential",
    "58": "Opioid treatment", "60": "Mass immunization", "61": "Rehabilitation, inpatient",
    "62": "Rehabilitation, outpatient", "65": "Dialysis", "66": "PACE center",
    "71": "Public health clinic", "72": "Rural health clinic", "81": "Independent laboratory",
    "99": "Other",
}  # fmt: skip
