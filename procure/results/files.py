"""What a case brought, as a file that other programs read."""

import json
from collections.abc import Mapping
from typing import Any, Final

from procure.domain.results import Effect, Results, written
from procure.domain.reviews import Review
from procure.results.models import ReviewWords

FORMAT: Final = "procure-results/1"


def written_effect(effect: Effect) -> dict[str, Any]:
    return {"number": effect.number, **written(effect.aim), "measured": [written(one) for one in effect.measured]}


def written_review(review: Review, words: ReviewWords | None) -> dict[str, Any]:
    found: dict[str, Any] = {"number": review.number, **written(review.said)}
    if words is not None:
        found |= {name: text for name, text in (("supplier", words.supplier), ("demands", words.text)) if text}
    return found | ({"outcome": written(review.decision)} if review.decision else {})


def file_of(reference: str, results: Results, words: Mapping[int, ReviewWords]) -> bytes:
    """JSON in UTF-8. Days are ISO, numbers plain decimals; what is not known is left out. `lot` 0: the whole procurement."""
    found = {
        "format": FORMAT,
        "case": reference,
        "tenders": [{"lot": one.lot, "round": one.round, "numbers": dict(one.numbers)} for one in results.counts],
        "reviews": [written_review(review, words.get(review.number)) for review in results.reviews],
        "effects": [written_effect(effect) for effect in results.effects],
    }
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()
