"""For each kind of question: what a person types, what the case then keeps, and what is refused."""

from typing import Any

from procure.domain.questions import Question

TYPED: dict[str, tuple[dict[str, Any], Any]] = {
    # kind -> the posted fields (the question's name goes before the key), the value that is kept
    "line": ({"": "Kaisa Öberg"}, "Kaisa Öberg"),
    "text": ({"": "First line\r\nsecond"}, "First line\nsecond"),
    "yes_no": ({"": "no"}, False),
    "money": ({"": "12 500,50 €"}, "12500.50"),
    "date": ({"-day": "1", "-month": "3", "-year": "2027"}, "2027-03-01"),
    "number": ({"": "3"}, 3),
    "cpv": ({"-0-code": "72212900-8", "-1-code": "", "-2-code": "48000000"}, ["72212900", "48000000"]),
    "municipalities": ({"": ["564", "905"]}, ["564", "905"]),
    "lots": (
        {"-0-title": "North", "-0-value": "60 000", "-0-kind": "", "-1-title": "South", "-1-value": "1", "-1-kind": "goods"},
        [{"title": "North", "value": "60000"}, {"title": "South", "value": "1", "kind": "goods"}],
    ),
    "funding": (
        {"-0-source": "own", "-1-source": "erdf", "-1-amount": "5", "-1-day": "1", "-1-month": "2", "-1-year": "2027"},
        [{"source": "own"}, {"source": "erdf", "amount": "5", "decision_date": "2027-02-01"}],
    ),
}

REFUSED: dict[str, list[dict[str, Any]]] = {
    "line": [{"": "x" * 201}, {"": "a\0b"}],
    "text": [{"": "x" * 6001}, {"": "a\0b"}],
    "yes_no": [{"": "maybe"}],
    "choice": [{"": "maybe"}],
    "choices": [{"": ["maybe"]}],
    "money": [{"": "much"}, {"": "-5"}, {"": "1e5"}, {"": "1" * 16}, {"": "0,001"}],
    "date": [{"-day": "31", "-month": "2", "-year": "2027"}, {"-day": "1"}, {"-day": "x", "-month": "1", "-year": "9" * 5000}],
    "number": [{"": "many"}, {"": "-1"}, {"": "10001"}, {"": "1,5"}],
    "cpv": [{"-0-code": "7221290"}, {"-0-code": "48000000-9"}, {"-0-code": "99999999"}, {"-3-code": "lighting"}],
    "municipalities": [{"": ["837"]}, {"": ["000"]}],
    "lots": [{"-0-title": "North"}, {"-0-value": "5"}, {"-0-title": "N", "-0-value": "x"}, {"-0-title": "x" * 201, "-0-value": "1"},
             {"-0-title": "N", "-0-value": "5", "-0-kind": "ships"}],
    "funding": [{"-0-amount": "5"}, {"-0-source": "aunt"}, {"-0-source": "own", "-0-amount": "x"}, {"-0-source": "own", "-0-day": "1"}],
}  # fmt: skip


def named(question: Question, fields: dict[str, Any]) -> dict[str, Any]:
    return {f"{question.id}{key}": value for key, value in fields.items()}


def good(question: Question) -> tuple[dict[str, Any], Any]:
    """Posted fields, and the value that the case then keeps."""
    if question.kind == "choice":
        return {question.id: question.choices[-1].id}, question.choices[-1].id
    if question.kind == "choices":
        ids = [choice.id for choice in question.choices[:2]]
        return {question.id: ids}, ids
    fields, value = TYPED[question.kind]
    return named(question, fields), value


def bad(question: Question) -> list[dict[str, Any]]:
    return [named(question, fields) for fields in REFUSED[question.kind]]
