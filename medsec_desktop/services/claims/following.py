"""Claims after claims: to the next payer, in the place of one, or to void it at the payer."""

from __future__ import annotations

from dataclasses import replace

from medsec_desktop.domain.claims.claim import Claim
from medsec_desktop.domain.claims.deadlines import corrected_deadline
from medsec_desktop.domain.claims.life import ClaimStatus
from medsec_desktop.domain.permissions import Permission
from medsec_desktop.problems import Conflict, Link
from medsec_desktop.services.claims import reading, secondary
from medsec_desktop.services.claims.building import Builder, Built
from medsec_desktop.services.claims.checking import Checking, require_reason
from medsec_desktop.services.claims.parties import Cover, Parties
from medsec_desktop.services.claims.records import ClaimDetail, ClaimRow, Figures
from medsec_desktop.services.claims.settings import payer_rule


class Following(Checking):
    """Claims, with those that come after one that left."""

    def detail(self, claim_id: int) -> ClaimDetail:
        """A claim with everything known of it; a person’s first look in a sitting is recorded.

        Raises Conflict where it is gone, NotAllowed.
        """
        self._session.require(Permission.VIEW_CLAIMS, "look at claims")
        found = reading.detail(
            self._db, self._today, claim_id, self._session.may(Permission.EDIT_CLAIMS)
        )
        look = self._session.user.id, claim_id
        if look not in self._looked_at:
            self._session.viewed(found.row.patient_id, f"Looked at claim {found.row.number}")
            self._looked_at.add(look)
        cover = self._next_cover(found.row)
        return found if cover is None else replace(found, next_payer=cover.payer_name)

    def _next_cover(self, row: ClaimRow) -> Cover | None:
        """Who pays after the payer of a claim, as her coverages were on the day of the visit."""
        rank = secondary.NEXT.get(row.rank)
        held = Parties(self._db, self._practice).covers(row.patient_id, row.first_on)
        return next((one for one in held if one.rank == rank), None)

    def replace(self, claim_id: int, reason: str) -> int:
        """A replacement (frequency 7) as a draft, to be changed and sent; its number.

        Raises Conflict without the payer’s number of the claim, or where there is one already.
        """
        return self._again(claim_id, "7", reason)

    def cancel(self, claim_id: int, reason: str) -> int:
        """A claim that voids one at the payer (frequency 8), as a draft; its number. Raises Conflict."""
        return self._again(claim_id, "8", reason)

    def _again(self, claim_id: int, frequency: str, reason: str) -> int:
        found = self.detail(claim_id)
        row = found.row
        require_reason(reason, "why")
        if not row.is_sealed or row.status in (ClaimStatus.VOID, ClaimStatus.REPLACED):
            raise Conflict(
                f"Claim {row.number} is {row.status}.",
                "Only a claim that is with the payer is replaced or voided there.",
                "Change it as it is."
                if not row.is_sealed
                else "Look at the one that stands for it.",
            )
        if not row.payer_claim_number:
            raise Conflict(
                f"The payer’s own number of claim {row.number} is not known.",
                "A replacement names it (REF F8, box 22).",
                "Note the payer’s answer with its number first.",
                (Link("claim", str(claim_id), f"Claim {row.number}"),),
            )
        if found.replaced_by_id is not None:
            raise Conflict(
                f"Another claim stands for {row.number} already.",
                links=(Link("claim", str(found.replaced_by_id), "Open that one"),),
            )
        rule = payer_rule(self._db, row.payer_id)
        words = "Replace" if frequency == "7" else "Void"
        until = corrected_deadline(row.answered_on or self._today, rule.days_to_correct)
        with self._about(row, f"{words} claim {row.number} at the payer", reason):
            number = self.filing.next_number()
            content = secondary.again(found.content, number, frequency, row.payer_claim_number)
            return self.filing.insert(
                self._built(row, content),
                reason,
                replaces_claim_id=claim_id,
                follows_claim_id=found.follows_id,
                file_until_on=until.isoformat(),
                way=row.way,
            )

    def follow_up(self, claim_id: int, figures: Figures) -> int:
        """The claim to the next payer with what this one decided, typed in; its number.

        Raises Invalid naming the field where the figures do not add up, Conflict where the claim is not
        decided, the patient has no next payer, or there is such a claim.
        """
        found = self.detail(claim_id)
        row = found.row
        if row.status not in (ClaimStatus.DECIDED, ClaimStatus.CLOSED):
            raise Conflict(
                f"Claim {row.number} is {row.status}.",
                "The next payer asks what this one decided.",
                "Note its decision first.",
            )
        if found.followed_by_id is not None:
            raise Conflict(
                f"The next payer has its claim for {row.number} already.",
                links=(Link("claim", str(found.followed_by_id), "Open that one"),),
            )
        rank = secondary.next_rank(row.rank)
        builder = Builder(self._db, self._practice)
        cover = self._next_cover(row)
        if cover is None:
            raise Conflict(
                f"{row.name.listed} has no {'second' if rank == 'S' else 'third'} insurance"
                " on the day of the visit.",
                remedy="Add it to the file first.",
                links=(Link("patient", str(row.patient_id), row.name.listed),),
            )
        with self._about(row, f"Bill the next payer after claim {row.number}"):
            number = self.filing.next_number()
            content = secondary.to_next_payer(
                found.content, figures, builder, cover, row.patient_id, number,
                row.payer_claim_number,
            )  # fmt: skip
            rule = builder.rule(cover.payer_id)
            built = Built(
                content, row.patient_id, row.sheet_id, cover, rule, self._provider(claim_id),
                self._charges_of(claim_id),
            )  # fmt: skip
            return self.filing.insert(built, follows_claim_id=claim_id)

    def _built(self, row: ClaimRow, content: Claim) -> Built:
        """The same claim once more, to the same payer."""
        builder = Builder(self._db, self._practice)
        coverage_id = self._db.value("SELECT coverage_id FROM claim WHERE id = ?", (row.id,))
        cover = builder.parties.cover(coverage_id) if coverage_id is not None else None
        if cover is None:
            raise Conflict(
                f"The coverage of claim {row.number} is no longer in the file.",
                remedy="Bring it back first.",
                links=(Link("patient", str(row.patient_id), row.name.listed),),
            )
        return Built(
            content, row.patient_id, row.sheet_id, cover, builder.rule(row.payer_id),
            self._provider(row.id), self._charges_of(row.id),
        )  # fmt: skip

    def _provider(self, claim_id: int) -> int | None:
        return self._db.value(  # type: ignore[no-any-return]
            "SELECT provider_id FROM claim WHERE id = ?", (claim_id,)
        )

    def _charges_of(self, claim_id: int) -> tuple[int | None, ...]:
        return tuple(
            charge_id
            for (charge_id,) in self._db.rows(
                "SELECT charge_line_id FROM claim_line WHERE claim_id = ? ORDER BY position",
                (claim_id,),
            )
        )
