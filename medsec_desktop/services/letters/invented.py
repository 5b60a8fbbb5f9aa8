"""An invented patient with something in every drawer, for looking at a template before it is used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from medsec_desktop.domain.people import PartialDate, PersonName
from medsec_desktop.domain.writing.document import Document, Question
from medsec_desktop.domain.writing.merging import TODAY
from medsec_desktop.services.letters.known import (
    About,
    CoverageFacts,
    Known,
    PersonFacts,
    Place,
    ProviderFacts,
    RecallFacts,
    ReferralFacts,
    RelatedFacts,
    RequestFacts,
    VisitFacts,
)

_HOME = Place("45 Elm Street", "", "Springfield", "MA", "01104", "US")
_OURS, _THEIRS = 1, 2


def invented(now: datetime, answers: Mapping[str, str]) -> Known:
    """Ada Testperson, seen from `now`: a visit tomorrow, a referral, insurance, a mother who pays."""
    today = now.date()
    visit = _visit(1, now + timedelta(days=1))
    return Known(
        about=About(1, answers=answers),
        person=PersonFacts(
            id=0,
            name=PersonName("Testperson", "Ada", prefix="Ms."),
            chart_number="T00001",
            birth=PartialDate(1984, 3, 14),
            sex="F",
            language="en",
            status="active",
            contact_preference="",
            email="ada@testperson.example",
            employer="Springfield Library",
            primary_provider_id=_OURS,
            referring_provider_id=_THEIRS,
        ),
        place=_HOME,
        phone="+14135550171",
        related=(RelatedFacts(1, "Ida Testperson", "mother", _HOME, "+14135550172", True, True),),
        coverages=(
            CoverageFacts(
                payer_id=1,
                payer="Harbor Health Plan",
                payer_place=Place(
                    "PO Box 100", "", "Hartford", "CT", "06101", phone="+18605550100"
                ),
                plan="Harbor Choice PPO",
                member_id="HHP123456789",
                group="G-4410",
                subscriber="Ada Testperson",
                relation="self",
                copay_cents=2500,
                starts_on=today.replace(month=1, day=1),
                verified_on=today,
            ),
        ),
        visit=visit,
        visits=(visit, _visit(2, now + timedelta(days=29))),
        recall=RecallFacts(1, "Yearly visit", today + timedelta(days=30), "Robin Chen, MD"),
        referral=ReferralFacts(
            patient_id=1,
            direction="out",
            specialty="Cardiology",
            reason="Chest pain on exertion",
            is_urgent=False,
            number="R-20931",
            begun_on=today,
            expires_on=today + timedelta(days=90),
            their_visit_on=today + timedelta(days=14),
            provider_id=_OURS,
            other_provider_id=_THEIRS,
            organization_id=None,
            organization="",
            place=Place(),
        ),
        request=RequestFacts(
            patient_id=1,
            requester="Ada Testperson",
            requester_kind="patient",
            deliver_to="",
            received_on=today - timedelta(days=9),
            due_on=today + timedelta(days=21),
            from_on=today - timedelta(days=730),
            to_on=today,
            purpose="Continuing care",
            wanted="Visit notes and laboratory results",
            fee_cents=650,
        ),
        providers={
            _OURS: ProviderFacts("Robin", "Chen", "MD", "Family medicine", "1234567893", Place()),
            _THEIRS: ProviderFacts(
                "Sam",
                "Varga",
                "MD",
                "Cardiology",
                "1245319599",
                Place("9 Hill Road", "", "Springfield", "MA", "01103", phone="+14135550188"),
            ),
        },
    )


def invented_answers(document: Document) -> dict[str, str]:
    """An answer to each question: the one it offers, else its own words in brackets."""
    return {question.key: _answer(question) for question in document.questions}


def _answer(question: Question) -> str:
    if question.answer:
        return question.answer
    if question.kind == "text":
        return f"[{question.prompt}]"
    return {"date": TODAY, "yes-no": "yes"}.get(question.kind) or question.choices[0]


def _visit(number: int, at: datetime) -> VisitFacts:
    return VisitFacts(
        id=number,
        patient_id=1,
        provider_id=_OURS,
        starts_at=at.replace(hour=10, minute=0, second=0, microsecond=0),
        duration_min=30,
        status="scheduled",
        provider="Robin Chen, MD",
        type_name="Follow-up",
        preparation="Do not eat for eight hours before the visit. Water is fine.",
        room="Room 2",
        former_at=at.replace(hour=14, minute=0, second=0, microsecond=0) - timedelta(days=3),
    )
