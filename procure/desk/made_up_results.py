"""What made-up cases brought: tenders counted, a few appeals that were withdrawn, savings expected and achieved.

Chance is the case's own, by its reference, so that the rest of a case comes out as it did without results.
"""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any, Final

from procure.catalogue import demo
from procure.domain import results
from procure.domain.results import CONTRACT, RECEIVING, SAVINGS

COUNTED, APPEALED, SAVED = 0.6, 0.04, 0.12
"""Shares: of tender periods that are counted, of decisions under appeal, of contracts with savings."""
TENDERS: Final = (0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 8)

Note = tuple[str, dict[str, Any], date]
"""Kind, payload and day of an event."""


class Brought:
    """What one case brings in its course. `value`: its estimated value in whole euros."""

    def __init__(self, name: str, value: int, language: str) -> None:
        self._chance, self._value, self._language = Random(name), value, language  # noqa: S311 - to come out the same
        self._rounds, self._appealed, self._saves = 0, False, False

    def before(self, stage: str, day: date) -> Iterator[Note]:
        """Before the stage is completed: no contract while an appeal is pending."""
        if self._appealed and stage in ("standstill", "contract"):
            self._appealed = False
            decision = {"decided_on": day.isoformat(), "outcomes": ["withdrawn"]}
            yield results.REVIEW_DECIDED, {"review": 1, "decision": decision}, day

    def after(self, stage: str, day: date) -> Iterator[Note]:
        """Once it has been completed."""
        if stage in RECEIVING:
            yield from self._tenders(day)
        elif stage == "notification" and self._chance.random() < APPEALED:
            self._appealed = True
            said = {"kind": "market_court", "filed_on": day.isoformat(), "party": "tenderer", "subject": "award_decision"}
            yield results.REVIEW_RECORDED, {"review": 1, "said": said}, day
        elif stage == "contract" and self._chance.random() < SAVED:
            self._saves = True
            yield results.EFFECT_RECORDED, {"effect": 1, "aim": self._aim()}, day
        elif stage == "contract_management" and self._saves:
            achieved = str(int(self._value * 0.1 * self._chance.random()))
            measured = {"on": day.isoformat(), "value": achieved, "source": self._words()}
            yield results.EFFECT_MEASURED, {"effect": 1, "measured": measured}, day

    def _tenders(self, day: date) -> Iterator[Note]:
        self._rounds += 1
        if self._chance.random() < COUNTED:
            tenders = TENDERS[int(self._chance.random() * len(TENDERS))]
            numbers = {"tenders": tenders, "electronic": tenders, "sme": int(tenders * self._chance.random())}
            yield results.TENDERS_COUNTED, {"tenders": {"lot": 0, "round": self._rounds, "numbers": numbers}}, day

    def _aim(self) -> dict[str, Any]:
        return {
            "kind": SAVINGS, "span": CONTRACT, "expected": str(int(self._value * 0.08)), "reference": self._words(),
            "method": self._words(),
        }  # fmt: skip

    def _words(self) -> str:
        return demo.words().outcome[0][self._language]
