"""What a procurement brought: tenders received, reviews, and effects expected and measured. All of it is read from the log.

Numbers of tenders are those of BT-759 by the kinds of BT-760, and are told only after the period in which tenders come in is over: before
that nobody may know how many there are. Of everything the latest entry counts; the earlier ones stay in the log.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from procure.domain.outcomes import Reason, Refusal
from procure.domain.reviews import Decision, Review, Said
from procure.domain.stages import Progress

TENDERS_COUNTED: Final = "tenders_counted"
REVIEW_RECORDED: Final = "review_recorded"
REVIEW_CORRECTED: Final = "review_corrected"
REVIEW_DECIDED: Final = "review_decided"
REVIEW_REMOVED: Final = "review_removed"
EFFECT_RECORDED: Final = "effect_recorded"
EFFECT_CORRECTED: Final = "effect_corrected"
EFFECT_MEASURED: Final = "effect_measured"
EFFECT_REMOVED: Final = "effect_removed"
EVENTS: Final = (
    TENDERS_COUNTED, REVIEW_RECORDED, REVIEW_CORRECTED, REVIEW_DECIDED, REVIEW_REMOVED, EFFECT_RECORDED, EFFECT_CORRECTED,
    EFFECT_MEASURED, EFFECT_REMOVED,
)  # fmt: skip
"""All that `replay` reads."""

REQUESTS, TENDERS = "requests", "tenders"
NUMBERS: Final = (
    REQUESTS, TENDERS, "electronic", "sme", "other_eea", "non_eea", "excluded", "rejected", "rejected_low",
)  # fmt: skip
PARTS_OF_TENDERS: Final = ("electronic", "sme", "other_eea", "non_eea", "rejected", "rejected_low")
WHOLE: Final = 0
"""The number of a lot that stands for the whole procurement."""
MOST: Final = 10_000

RECEIVING: Final = ("tender_period", "offers", "initial_tenders", "final_tenders", "entries", "call", "challenge")
"""Stages in which tenders, or what stands for them, come in: they are over once the stage has been completed."""
DIRECT: Final = ("negotiation",)
"""Where a procedure has none of them: a direct award."""

SAVINGS, CO2, OTHER = "savings", "co2", "other"
EFFECTS: Final = (SAVINGS, CO2, OTHER)
YEAR, CONTRACT = "year", "contract"
SPANS: Final = (YEAR, CONTRACT)
"""What a number is of: one year, or the whole time of the contract."""
EXPECTED, ACHIEVED = "expected", "achieved"
LARGEST: Final = Decimal(10) ** 12
LONGEST_LINE, LONGEST_TEXT = 300, 2000


# tenders


@dataclass(frozen=True, slots=True)
class Count:
    """What came in for a lot (WHOLE: for the procurement) in one round. A number that is not there is not known.

    `stale`: the period runs again since, so that other tenders will come.
    """

    lot: int
    round: int
    numbers: Mapping[str, int]
    sequence: int = 0
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Closed:
    """How many rounds of tenders, and of requests to participate, are over."""

    tenders: int
    requests: int


def closed(progress: Progress, stage_ids: Sequence[str]) -> Closed:
    """From the course of the case; `stage_ids`: of its procedure, in their order. A round that the case went back behind runs anew."""
    receiving = [stage for stage in stage_ids if stage in RECEIVING] or [stage for stage in stage_ids if stage in DIRECT]
    return Closed(_rounds(progress, stage_ids, receiving), _rounds(progress, stage_ids, (REQUESTS,)))


def _rounds(progress: Progress, stage_ids: Sequence[str], wanted: Sequence[str]) -> int:
    places = {stage: place for place, stage in enumerate(stage_ids)}
    over: list[str] = []
    went_back = False
    for visit in progress.visits:
        if went_back:
            over = [stage for stage in over if places[stage] < places.get(visit.stage, 0)]
        if visit.stage in wanted and visit.outcome in ("completed", "repeated"):
            over.append(visit.stage)
        went_back = visit.outcome == "returned"
    return len(over)


def check_numbers(numbers: Mapping[str, int]) -> None:
    """A part is not larger than the whole. Raises Refusal with every reason."""
    reasons, tenders = [], numbers.get(TENDERS)
    if not numbers:
        reasons.append(Reason("tenders_none", target=TENDERS))
    parts = [name for name in PARTS_OF_TENDERS if name in numbers]
    if parts and tenders is None:
        reasons.append(Reason("tenders_whole_missing", target=TENDERS))
    elif tenders is not None:
        reasons += [
            Reason("tenders_part_large", {"tenders": str(tenders)}, target=name) for name in parts if numbers[name] > tenders
        ]
        if not reasons and numbers.get("other_eea", 0) + numbers.get("non_eea", 0) > tenders:
            reasons.append(Reason("tenders_abroad_large", {"tenders": str(tenders)}, target="other_eea"))
    if numbers.get("rejected_low", 0) > numbers.get("rejected", MOST):
        reasons.append(Reason("tenders_low_large", target="rejected_low"))
    came = max(numbers.get(TENDERS, 0), numbers.get(REQUESTS, 0))
    if numbers.get("excluded", 0) > came:
        reasons.append(Reason("tenders_excluded_large", {"came": str(came)}, target="excluded"))
    if reasons:
        raise Refusal(*reasons)


def check_closed(numbers: Mapping[str, int], round_: int, over: Closed) -> None:
    """Nothing is said of tenders before the period in which they come in is over. Raises Refusal."""
    told = [name for name in numbers if name != REQUESTS]
    only_excluded = told == ["excluded"] and over.requests > 0
    if told and not only_excluded and round_ > over.tenders:
        raise Refusal(Reason("tenders_before_deadline", target=TENDERS))
    if REQUESTS in numbers and not over.requests:
        raise Refusal(Reason("requests_before_deadline", target=REQUESTS))


# effects


@dataclass(frozen=True, slots=True)
class Measurement:
    """What was found on a day. `value` None: it could not be measured, or is not known."""

    on: date
    value: Decimal | None
    source: str
    note: str = ""
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class Aim:
    """An effect before it is measured. `expected`: savings in euros without VAT, emissions in tonnes of CO2 equivalent (a cut is below
    zero), of another effect the target in `unit`; None while it is not known. `reference`: against what it is counted."""

    kind: str
    indicator: str = ""
    unit: str = ""
    span: str = ""
    reference: str = ""
    method: str = ""
    source: str = ""
    baseline: Decimal | None = None
    expected: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    number: int
    aim: Aim
    measured: tuple[Measurement, ...] = ()
    sequence: int = 0

    @property
    def achieved(self) -> Measurement | None:
        """What was measured last, by the day of measuring."""
        return max(self.measured, key=lambda one: (one.on, one.sequence), default=None)


def check_aim(aim: Aim) -> None:
    """An effect says what it is of and against what. Raises Refusal with every reason."""
    reasons = []
    if aim.kind not in EFFECTS:
        reasons.append(Reason("effect_kind_missing", target="kind"))
    if aim.kind == OTHER and not aim.indicator.strip():
        reasons.append(Reason("effect_indicator_missing", target="indicator"))
    if aim.kind in (SAVINGS, CO2) and aim.span not in SPANS:
        reasons.append(Reason("effect_span_missing", target="span"))
    if aim.expected is not None and aim.kind in (SAVINGS, CO2):
        reasons += [
            Reason(f"effect_{name}_missing", target=name) for name in ("reference", "method") if not getattr(aim, name).strip()
        ]
    if reasons:
        raise Refusal(*reasons)


def check_measurement(measurement: Measurement, aim: Aim, today: date) -> None:
    """Measured on a day that has come, with its source, against something. Raises Refusal with every reason."""
    reasons = []
    if measurement.on > today:
        reasons.append(Reason("date_in_future", {"today": today.isoformat()}, target="on"))
    if not measurement.source.strip():
        reasons.append(Reason("effect_source_missing", target="source"))
    if measurement.value is not None and aim.kind in (SAVINGS, CO2) and not aim.reference.strip():
        reasons.append(Reason("effect_no_reference"))
    if reasons:
        raise Refusal(*reasons)


# reading the log


@dataclass(frozen=True, slots=True)
class Results:
    """What the log says, without what was taken back. Lots and rounds in order, the others by number."""

    counts: tuple[Count, ...] = ()
    reviews: tuple[Review, ...] = ()
    effects: tuple[Effect, ...] = ()
    last_review: int = 0
    last_effect: int = 0
    """The numbers given last, also to what was taken back."""

    def count(self, lot: int, round_: int) -> Count | None:
        return next((one for one in self.counts if (one.lot, one.round) == (lot, round_)), None)

    def review(self, number: int) -> Review | None:
        return next((one for one in self.reviews if one.number == number), None)

    def effect(self, number: int) -> Effect | None:
        return next((one for one in self.effects if one.number == number), None)

    @property
    def none(self) -> bool:
        return not (self.counts or self.reviews or self.effects)


@dataclass(slots=True)
class _Reading:
    counts: dict[tuple[int, int], Count] = field(default_factory=dict)
    reviews: dict[int, Review] = field(default_factory=dict)
    effects: dict[int, Effect] = field(default_factory=dict)
    last_review: int = 0
    last_effect: int = 0

    def take(self, sequence: int, kind: str, payload: Mapping[str, Any]) -> None:
        if kind == TENDERS_COUNTED:
            said = payload["tenders"]
            count = Count(said["lot"], said["round"], dict(said["numbers"]), sequence)
            self.counts[count.lot, count.round] = count
        elif kind.startswith("review_"):
            self._review(sequence, kind, payload)
        else:
            self._effect(sequence, kind, payload)

    def _review(self, sequence: int, kind: str, payload: Mapping[str, Any]) -> None:
        number = payload["review"]
        self.last_review = max(self.last_review, number)
        if kind == REVIEW_REMOVED:
            del self.reviews[number]
        elif kind == REVIEW_DECIDED:
            self.reviews[number] = replace(self.reviews[number], decision=decision_of(payload["decision"]), sequence=sequence)
        else:
            before = self.reviews.get(number)
            words = payload.get("words", {}).get("version", 0)
            decision = before.decision if before else None
            self.reviews[number] = Review(number, said_of(payload["said"]), decision, words, sequence)

    def _effect(self, sequence: int, kind: str, payload: Mapping[str, Any]) -> None:
        number = payload["effect"]
        self.last_effect = max(self.last_effect, number)
        before = self.effects.get(number)
        if kind == EFFECT_REMOVED:
            del self.effects[number]
        elif kind == EFFECT_MEASURED:
            found = self.effects[number]
            self.effects[number] = replace(
                found, measured=(*found.measured, measurement_of(payload["measured"], sequence)), sequence=sequence
            )
        else:
            self.effects[number] = Effect(number, aim_of(payload["aim"]), before.measured if before else (), sequence)


def replay(events: Iterable[Any], over: Closed | None = None) -> Results:
    """What the events (`sequence`, `kind`, `payload`; in their order) give. `over`: how many rounds are closed now, to know which
    counts are of a period that runs again. KeyError or ValueError for a log that cannot have been written so."""
    reading = _Reading()
    for event in events:
        if event.kind in EVENTS:
            reading.take(event.sequence, event.kind, event.payload)
    counts = [reading.counts[key] for key in sorted(reading.counts) if reading.counts[key].numbers]
    if over is not None:
        counts = [replace(one, stale=_stale(one, over)) for one in counts]
    return Results(
        tuple(counts), tuple(reading.reviews[key] for key in sorted(reading.reviews)),
        tuple(reading.effects[key] for key in sorted(reading.effects)), reading.last_review, reading.last_effect,
    )  # fmt: skip


def _stale(count: Count, over: Closed) -> bool:
    return (TENDERS in count.numbers and count.round > over.tenders) or (REQUESTS in count.numbers and not over.requests)


# as the log holds it: days as ISO, numbers as plain decimals, nothing for what is not known


def written(found: Any) -> dict[str, Any]:
    """A record (Said, Decision, Aim, Measurement) as a payload holds it."""
    values = {name: getattr(found, name) for name in found.__dataclass_fields__ if name != "sequence"}
    return {name: _plain(value) for name, value in values.items() if value not in (None, "", ())}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return list(value) if isinstance(value, tuple) else value


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _number(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None


def said_of(said: Mapping[str, Any]) -> Said:
    words = {name: said.get(name, "") for name in ("diary", "party", "subject", "stay")}
    return Said(said["kind"], _day(said.get("filed_on")), _day(said.get("served_on")), **words)


def decision_of(said: Mapping[str, Any]) -> Decision:
    return Decision(date.fromisoformat(said["decided_on"]), tuple(said["outcomes"]), said.get("follows", ""))


def aim_of(said: Mapping[str, Any]) -> Aim:
    words = {name: said.get(name, "") for name in ("indicator", "unit", "span", "reference", "method", "source")}
    return Aim(said["kind"], **words, baseline=_number(said.get("baseline")), expected=_number(said.get("expected")))


def measurement_of(said: Mapping[str, Any], sequence: int) -> Measurement:
    return Measurement(
        date.fromisoformat(said["on"]), _number(said.get("value")), said.get("source", ""), said.get("note", ""), sequence
    )
