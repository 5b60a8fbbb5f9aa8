"""What any foreign file is and holds, for the command line and for whoever drops a file in."""

from __future__ import annotations

from pathlib import Path

from medsec_desktop.exchange.detect import recognise
from medsec_desktop.exchange.findings import Findings


def inspect(path: Path) -> Findings:
    """What `path` is and holds. Raises Unavailable where there is nothing or it cannot be read."""
    found = recognise(path)
    return _x12(path) if found.kind == "x12" else found


def _x12(path: Path) -> Findings:
    from medsec_desktop.edi.overview import IN_WORDS, overview
    from medsec_desktop.exchange.text import read_text
    from medsec_desktop.services.x12_contents import contents_of

    text = read_text(path, limit_bytes=256 << 20)
    seen, held = overview(text), contents_of(text)
    first = seen.interchanges[0] if seen.interchanges else None
    dates = sorted(one.date for one in seen.interchanges if one.date)
    counts = {
        "interchanges": len(seen.interchanges),
        "transactions": seen.transactions,
        "payments": seen.payments,
        "claims": seen.claims,
        "service lines": seen.service_lines,
        "accepted": seen.accepted,
        "rejected": seen.rejected,
        "segments": seen.segments,
    }
    is_of_claims = seen.kind in ("835", "277CA") or seen.kind.startswith("837")
    always = {"interchanges", "transactions", "segments"} | ({"claims"} if is_of_claims else set())
    facts: dict[str, object] = {}
    if first is not None:
        facts = {
            "sender": first.sender,
            "sender name": "; ".join(seen.senders[:3]),
            "receiver": first.receiver,
            "control number": first.control_number,
            "control numbers": list(dict.fromkeys(one.control_number for one in seen.interchanges)),
            "is test": first.is_test,
        }
    if seen.charge_cents:
        facts["charged cents"] = seen.charge_cents
    if seen.payments:
        facts["paid cents"] = seen.paid_cents
    if len(seen.kinds) > 1:
        facts["kinds"] = seen.kinds
    title = " and ".join(IN_WORDS.get(kind, f"X12 {kind}") for kind in seen.kinds) or "no contents"
    return Findings(
        seen.kind,
        f"an X12 file: {title}{', marked as a test' if first and first.is_test else ''}",
        path.name,
        counts={noun: number for noun, number in counts.items() if number or noun in always},
        first_on=dates[0] if dates else "",
        last_on=dates[-1] if dates else "",
        facts=facts | held.facts,
        problems=(*seen.problems, *held.problems),
        details=held.sentences,
    )
