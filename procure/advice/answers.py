"""The advice as the document `procure-advice/1`: plain values in the order of the format."""

from collections.abc import Iterable
from typing import Any, Final

from procure.catalogue.advice_texts import AdviceTexts
from procure.domain import money
from procure.domain.advice.records import Advice, HeldAgainst, Innovation, Reason, Remark, Verdict
from procure.domain.planning.backwards import Timetable
from procure.domain.planning.timetable import Step

FORMAT: Final = "procure-advice/1"


def document(advice: Advice, texts: AdviceTexts, language: str) -> dict[str, Any]:
    """The whole advice, its sentences in `language`."""
    return {
        "format": FORMAT,
        "rules_on": advice.rules_on.isoformat(),
        "regime": advice.regime,
        "thresholds": [_threshold(held) for held in advice.thresholds],
        "value": {
            "compared": money.plain(advice.value.compared),
            "citation": advice.value.citation,
            "remarks": _remarks(advice.value.remarks, texts, language),
        },
        "procedures": [_verdict(verdict, texts, language) for verdict in advice.verdicts],
        "innovation": _innovation(advice.innovation, texts, language),
        "timeline": None if advice.timetable is None else _timeline(advice.timetable),
        "warnings": _remarks(advice.warnings, texts, language),
    }


def _threshold(held: HeldAgainst) -> dict[str, Any]:
    row = held.threshold
    return {
        "id": row.id,
        "amount": money.plain(row.amount),
        "reached": held.reached,
        "citation": row.citation,
        "valid_from": row.valid_from.isoformat(),
        "valid_to": None if row.valid_to is None else row.valid_to.isoformat(),
    }


def _remarks(remarks: Iterable[Remark], texts: AdviceTexts, language: str) -> list[dict[str, Any]]:
    return [{"code": remark.code, "text": texts.remark(remark, language), "citation": remark.citation} for remark in remarks]


def _reasons(reasons: Iterable[Reason], texts: AdviceTexts, language: str) -> list[dict[str, Any]]:
    return [
        {"code": reason.code, "side": reason.side, "text": _said(reason, texts, language), "citation": reason.citation}
        for reason in reasons
    ]


def _said(reason: Reason, texts: AdviceTexts, language: str) -> str:
    """Whoever wrote the case file is told by which key a missing fact goes; people at a page have a link to the question instead."""
    said = texts.reason(reason, language)
    return f"{said} ({reason.missing})" if reason.missing else said


def _verdict(verdict: Verdict, texts: AdviceTexts, language: str) -> dict[str, Any]:
    return {"id": verdict.procedure, "verdict": verdict.verdict, "reasons": _reasons(verdict.reasons, texts, language)}


def _innovation(innovation: Innovation, texts: AdviceTexts, language: str) -> dict[str, Any]:
    return {
        "level": innovation.level,
        "label": texts.level(innovation.level, language),
        "reasons": _reasons(innovation.reasons, texts, language),
        "bt776": list(innovation.bt776),
        "hilma": {
            "innovationConsidered": innovation.innovation_considered,
            "solutionNewToBuyer": innovation.solution_new_to_buyer,
            "solutionNewToMarketOrIndustry": innovation.solution_new_to_market,
        },
    }


def _timeline(timetable: Timetable) -> dict[str, Any]:
    contract, latest = timetable.earliest_contract, timetable.latest_start
    return {
        "procedure": timetable.procedure,
        "steps": [_step(step) for step in timetable.steps],
        "earliest_contract": None if contract is None else contract.isoformat(),
        "latest_start": None if latest is None else latest.isoformat(),
        "feasible": timetable.feasible,
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "stage": step.stage,
        "starts": step.starts.isoformat(),
        "last_day": step.last_day.isoformat(),
        "min_days": step.min_days,
        "rolled": step.rolled,
        "citation": step.citation,
    }
