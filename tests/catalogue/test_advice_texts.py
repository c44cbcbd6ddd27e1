"""Whatever the rules say has a sentence in every language, and no sentence is left over."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given

from procure.catalogue import advice_texts
from procure.catalogue.advice_texts import texts
from procure.catalogue.reading import CatalogueError
from procure.catalogue.rulebook import rulebook
from procure.domain import advice
from procure.domain.advice.advising import advise
from procure.domain.advice.records import REGIMES, VERDICTS, Reason, Remark
from procure.domain.casefile import CaseFile
from procure.domain.language import LANGUAGES
from tests.domain.advice.cases import any_case, case
from tests.domain.advice.test_advising import TODAY

MAKERS = {"pro": "reason", "con": "reason", "Reason": "reason", "_amount": "reason", "Remark": "remark"}
FOLDER = Path(advice.__file__).parent


def given_codes() -> Iterator[tuple[str, str]]:
    """Kind and code of every reason and remark that the rules make, read from their source."""
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in MAKERS:
                continue
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant):
                yield MAKERS[node.func.id], str(first.value)


def known(kind: str) -> set[str]:
    return set(texts().by_kind[kind])


def test_every_code_of_the_rules_has_a_sentence() -> None:
    assert [pair for pair in given_codes() if pair[1] not in known(pair[0])] == []


def test_no_sentence_is_left_over() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.py"))
    words = set(re.findall(r'"([a-z0-9_]+)"', source)) | {"over_light_regime_threshold", "over_concession_threshold"}
    assert (known("reason") | known("remark")) - words == set()


def test_regimes_verdicts_levels_and_recommendations_have_names() -> None:
    assert known("regime") == set(REGIMES)
    assert known("verdict") == set(VERDICTS)
    assert known("level") == {"0", "1", "2", "3", "4"}
    recommendable = {
        "design_contest", "concession", "innovation_partnership", "competitive_dialogue", "competitive_negotiation", "open",
        "national", "light_regime", "small_purchase", "pcp",
    }  # fmt: skip
    assert known("because") == {f"{procedure}_first" for procedure in recommendable}


@given(found=any_case())
def test_every_advice_can_be_said_in_every_language(found: CaseFile) -> None:
    given = advise(found, rulebook(), TODAY)
    for language in LANGUAGES:
        said = [texts().reason(reason, language) for verdict in given.verdicts for reason in verdict.reasons]
        said += [texts().remark(remark, language) for remark in (*given.warnings, *given.value.remarks)]
        said += [texts().reason(reason, language) for reason in given.innovation.reasons]
        assert all(said)
        assert not any("{" in sentence or "}" in sentence for sentence in said)


def test_amounts_and_days_are_written_as_the_language_does() -> None:
    remark = Remark("near_threshold", "31 §", {"amount_eur": "216000", "threshold": "x"})
    late = Remark("not_feasible", "56 §", {"latest_start_on": "2026-12-08"})
    assert "216\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}€" in texts().remark(remark, "fi")
    assert "€216,000" in texts().remark(remark, "en")
    assert "8.12.2026" in texts().remark(late, "sv")
    assert "8 Dec 2026" in texts().remark(late, "en")


def test_an_unknown_fact_is_named_in_words_and_not_by_its_key() -> None:
    reason = Reason("fact_missing", "against", "38 §", {"key": "market.availability"})
    said = texts().reason(reason, "fi")
    assert "markkinatilanne" in said
    assert "market.availability" not in said


def test_a_recommendation_says_that_the_order_is_practice_and_not_law() -> None:
    given = advise(case(), rulebook(), TODAY).recommended
    assert given is not None
    assert "practice, not law" in texts().reason(given.reasons[-1], "en")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('code = "utilities_act"', 'code = "near_threshold"', "remark near_threshold stands twice"),
        ("tröskelvärdet {amount_eur}", "tröskelvärdet", "does not have the same parts in every language"),
        ("text.sv =", "texts.sv =", "has no text in sv"),
    ],
)
def test_a_text_that_cannot_be_used_is_refused_with_file_and_line(tmp_path: Path, old: str, new: str, message: str) -> None:
    source = (advice_texts.FOLDER / "2026-11.toml").read_text(encoding="utf-8")
    path = tmp_path / "2026-11.toml"
    path.write_text(source.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueError, match=rf"2026-11\.toml:\d+: .*{message}"):
        advice_texts.load(path)
