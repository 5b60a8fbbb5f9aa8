"""Words for how two people are related, and what the other one is called in return."""

from __future__ import annotations

from medsec_desktop.domain.people import Sex

# By what somebody is to her: what she is to that person, as a woman, a man, or neither said.
_ANSWERS = {
    ("mother", "father", "parent"): ("daughter", "son", "child"),
    ("daughter", "son", "child"): ("mother", "father", "parent"),
    ("stepmother", "stepfather", "stepparent"): ("stepdaughter", "stepson", "stepchild"),
    ("stepdaughter", "stepson", "stepchild"): ("stepmother", "stepfather", "stepparent"),
    ("grandmother", "grandfather", "grandparent"): ("granddaughter", "grandson", "grandchild"),
    ("granddaughter", "grandson", "grandchild"): ("grandmother", "grandfather", "grandparent"),
    ("sister", "brother", "sibling"): ("sister", "brother", "sibling"),
    ("wife", "husband"): ("wife", "husband", "spouse"),
    ("aunt", "uncle"): ("niece", "nephew", "niece or nephew"),
    ("niece", "nephew"): ("aunt", "uncle", "aunt or uncle"),
    ("guardian",): ("ward", "ward", "ward"),
    ("ward",): ("guardian", "guardian", "guardian"),
    ("caregiver", "carer"): ("cared for", "cared for", "cared for"),
}
_SAME = ("spouse", "partner", "cousin", "friend", "neighbor", "roommate", "relative", "in-law")
RELATIONS = (
    "mother", "father", "spouse", "wife", "husband", "partner", "daughter", "son", "sister",
    "brother", "grandmother", "grandfather", "guardian", "caregiver", "aunt", "uncle", "friend",
    "neighbor",
)  # fmt: skip


def answer(relation: str, her_sex: Sex) -> str:
    """What she is to somebody who is `relation` to her: `daughter` for `mother`; '' if unknown."""
    word = " ".join(relation.casefold().split())
    if word in _SAME:
        return word
    place = {Sex.FEMALE: 0, Sex.MALE: 1}.get(her_sex, 2)
    for words, answers in _ANSWERS.items():
        if word in words:
            return answers[place]
    return ""
