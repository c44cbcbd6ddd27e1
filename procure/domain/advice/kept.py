"""An advice as it is kept with a choice: the object of procure-advice/1 with codes, parameters and citations, without sentences.

What the sentences need beside that (parameters, how sure a reason is) is kept too, so that it reads the same years later.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Final

from procure.domain import money
from procure.domain.advice.records import Advice, HeldAgainst, Innovation, Reason, Remark, Threshold, Value, Verdict
from procure.domain.planning.backwards import Timetable

FORMAT: Final = "procure-advice/1"


def to_document(advice: Advice) -> dict[str, Any]:
    """JSON values that share nothing with the advice."""
    new = advice.innovation
    return {
        "format": FORMAT,
        "rules_on": advice.rules_on.isoformat(),
        "regime": advice.regime,
        "thresholds": [_threshold(held) for held in advice.thresholds],
        "value": {
            "compared": money.plain(advice.value.compared),
            "citation": advice.value.citation,
            "remarks": [_remark(remark) for remark in advice.value.remarks],
        },
        "procedures": [
            {"id": verdict.procedure, "verdict": verdict.verdict, "reasons": [_reason(reason) for reason in verdict.reasons]}
            for verdict in advice.verdicts
        ],
        "innovation": {
            "level": new.level,
            "reasons": [_reason(reason) for reason in new.reasons],
            "bt776": list(new.bt776),
            "hilma": {
                "innovationConsidered": new.innovation_considered,
                "solutionNewToBuyer": new.solution_new_to_buyer,
                "solutionNewToMarketOrIndustry": new.solution_new_to_market,
            },
        },
        "timeline": _timeline(advice.timetable) if advice.timetable else None,
        "warnings": [_remark(remark) for remark in advice.warnings],
    }


def _threshold(held: HeldAgainst) -> dict[str, Any]:
    row = held.threshold
    return {
        "id": row.id, "amount": money.plain(row.amount), "reached": held.reached, "citation": row.citation,
        "valid_from": row.valid_from.isoformat(), "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "series": row.series, "level": row.level, "kinds": list(row.kinds), "buyer_types": list(row.buyer_types),
        "source": row.source, "confidence": row.confidence,
        "verified_on": row.verified_on.isoformat() if row.verified_on else None,
    }  # fmt: skip


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code, "side": reason.side, "citation": reason.citation, "parameters": dict(reason.parameters),
        "confidence": reason.confidence,
    }  # fmt: skip


def _remark(remark: Remark) -> dict[str, Any]:
    return {"code": remark.code, "citation": remark.citation, "parameters": dict(remark.parameters)}


def _timeline(timetable: Timetable) -> dict[str, Any]:
    return {
        "procedure": timetable.procedure,
        "steps": [
            {
                "stage": step.stage, "starts": step.starts.isoformat(), "last_day": step.last_day.isoformat(),
                "min_days": step.min_days, "rolled": step.rolled, "citation": step.citation,
            }
            for step in timetable.steps
        ],
        "earliest_contract": _iso(timetable.earliest_contract),
        "latest_start": _iso(timetable.latest_start),
        "feasible": timetable.feasible,
    }  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def from_document(document: Mapping[str, Any]) -> Advice:
    """The advice that `to_document` kept, without its timetable: what was planned then stands in the document alone."""
    value, new = document["value"], document["innovation"]
    return Advice(
        rules_on=date.fromisoformat(document["rules_on"]),
        regime=document["regime"],
        thresholds=tuple(_read_threshold(row) for row in document["thresholds"]),
        value=Value(Decimal(value["compared"]), value["citation"], tuple(Remark(**row) for row in value["remarks"])),
        verdicts=tuple(
            Verdict(row["id"], row["verdict"], tuple(Reason(**reason) for reason in row["reasons"]))
            for row in document["procedures"]
        ),
        innovation=Innovation(
            level=new["level"],
            reasons=tuple(Reason(**reason) for reason in new["reasons"]),
            bt776=tuple(new["bt776"]),
            innovation_considered=new["hilma"]["innovationConsidered"],
            solution_new_to_buyer=new["hilma"]["solutionNewToBuyer"],
            solution_new_to_market=new["hilma"]["solutionNewToMarketOrIndustry"],
        ),
        timetable=None,
        warnings=tuple(Remark(**row) for row in document["warnings"]),
    )


def _read_threshold(row: Mapping[str, Any]) -> HeldAgainst:
    threshold = Threshold(
        id=row["id"], series=row["series"], level=row["level"], kinds=tuple(row["kinds"]),
        buyer_types=tuple(row["buyer_types"]), amount=Decimal(row["amount"]), citation=row["citation"], source=row["source"],
        confidence=row["confidence"], verified_on=_day(row["verified_on"]), valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
    )  # fmt: skip
    return HeldAgainst(threshold, row["reached"])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
