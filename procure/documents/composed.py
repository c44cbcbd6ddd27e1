"""A composed document as sections: answers of the case, the words written for it, and the sentences that always stand there."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from procure.documents import result_blocks
from procure.documents.parts import Block, Fact, Facts, Paragraph, Point, Points, Prose, Section, Table, Text
from procure.documents.writer import Writer, short
from procure.domain import clauses
from procure.domain.clauses import Clause
from procure.domain.compositions import Column, Composition, Field, Part, is_given
from procure.domain.language import pick
from procure.domain.questions import has_value, is_shown


def sections(writer: Writer, composition: Composition) -> tuple[Section, ...]:
    """Every part that has something to show, in the order of the data."""
    own = _clauses(writer, composition)
    found = (
        Section(part.heading[writer.language], _blocks(writer, part, own, composition.outside), citation=short(part.citation))
        for part in composition.parts
    )
    ending = tuple(_clause(writer, clause) for clause in clauses.at_end(own, composition))
    end = Section(writer.word("city_clauses"), ending)
    return tuple(section for section in (*found, end) if section.blocks)


def _blocks(writer: Writer, part: Part, own: Iterable[Clause], outside: bool) -> tuple[Block, ...]:
    clauses_here = (_clause(writer, clause) for clause in own if clause.part == part.id)
    results = (block for what in part.shows for block in result_blocks.blocks(writer, what))
    return (
        *_said(writer, part), *clauses_here, *_answered(writer, part, outside), *results, *_written(writer, part),
        *_signed(writer, part),
    )  # fmt: skip


def _clauses(writer: Writer, composition: Composition) -> tuple[Clause, ...]:
    """The city's clauses of the day, without those that this document goes without."""
    left_out = clauses.numbers_left_out(writer.material.fields)
    of_day = clauses.of_document(writer.material.clauses, composition, writer.today)
    return tuple(clause for clause in of_day if clause.number not in left_out)


def _clause(writer: Writer, clause: Clause) -> Prose:
    title = pick(dict(clause.titles), writer.language)
    return Prose(Fact(title, writer.typed(clause.texts, marks=True)))


def _said(writer: Writer, part: Part) -> tuple[Block, ...]:
    if len(part.says) == 1:
        return (Paragraph(part.says[0][writer.language]),)
    return (Points("", tuple(Point(sentence[writer.language]) for sentence in part.says)),) if part.says else ()


def _answered(writer: Writer, part: Part, outside: bool) -> tuple[Block, ...]:
    """Outsiders are told what is known, and not what nobody has answered."""
    if outside:
        return writer.told(*part.answers, *part.more)
    material = writer.material
    shown = [q for q in part.answers if is_shown(material.questionnaire.question(q), material.answers)]
    more = tuple(question for question in part.more if has_value(question, material.answers))
    return writer.answers(*shown, optional=more)


def _written(writer: Writer, part: Part) -> tuple[Block, ...]:
    blocks: list[Block] = []
    given = [field for field in part.fields if field.needed or is_given(writer.material.fields.get(field.id))]
    for shape, group in groupby(given, key=lambda field: field.kind if field.kind in ("text", "table") else "facts"):
        fields = list(group)
        if shape == "facts":
            blocks.append(Facts(tuple(Fact(field.label[writer.language], _value(writer, field)) for field in fields)))
        elif shape == "text":
            blocks += [Prose(Fact(_label(writer, part, field), _value(writer, field))) for field in fields]
        else:
            blocks += [_table(writer, field) for field in fields]
    return tuple(blocks)


def _signed(writer: Writer, part: Part) -> tuple[Block, ...]:
    """Rows to be signed by hand, one a role."""
    head = tuple(writer.word(name) for name in ("approval_role", "approval_name", "approval_date", "approval_signature"))
    rows = tuple((role[writer.language], "", "", "") for role in part.signatures)
    return (Table("", head, rows, by_hand=True),) if rows else ()


def _label(writer: Writer, part: Part, field: Field) -> str:
    """Nothing where the heading says it: the part holds only this one text."""
    alone = len(part.fields) == 1 and not (part.answers or part.more or part.says)
    return "" if alone else field.label[writer.language]


def _value(writer: Writer, field: Field) -> Text:
    value = writer.material.fields.get(field.id)
    if not is_given(value):
        return Text((writer.word("not_recorded"),), writer.language, absent=True)
    if field.kind in ("line", "text"):
        return writer.typed(str(value), marks=field.kind == "text")
    return writer.plain(in_words(writer, field.kind, value))


def in_words(writer: Writer, kind: str, value: Any) -> str:
    """A value of a field or a column, in the document's language."""
    if not is_given(value):
        return ""
    if kind == "money":
        return writer.money(Decimal(str(value)))
    if kind == "date":
        return writer.day(date.fromisoformat(str(value)))
    if kind == "yes_no":
        return writer.word("yes" if value else "no")
    if kind == "number":
        return writer.number(Decimal(str(value)))
    return str(value)


def _table(writer: Writer, field: Field) -> Block:
    rows: list[Mapping[str, Any]] = writer.material.fields.get(field.id) or []
    label = field.label[writer.language]
    if not rows:
        return Prose(Fact(label, Text((writer.word("not_recorded"),), writer.language, absent=True)))
    head = tuple(column.label[writer.language] for column in field.columns)
    numeric = tuple(place for place, column in enumerate(field.columns) if column.kind in ("money", "number"))
    columns = [[_cell(writer, column, row, _places(column, rows)) for row in rows] for column in field.columns]
    return Table(label, head, tuple(zip(*columns, strict=True)), numeric=numeric)


def _places(column: Column, rows: Sequence[Mapping[str, Any]]) -> int:
    """Decimals of a column of numbers: as many as its longest has, so that they stand under each other."""
    if column.kind not in ("money", "number"):
        return 0
    found = [-int(Decimal(str(row[column.id])).normalize().as_tuple().exponent) for row in rows if is_given(row.get(column.id))]
    return max((min(places, 6) for places in found if places > 0), default=0)


def _cell(writer: Writer, column: Column, row: Mapping[str, Any], places: int) -> str:
    value = row.get(column.id)
    if not is_given(value):
        return ""
    if column.kind == "date":
        return writer.short_day(date.fromisoformat(str(value)))
    if column.kind == "number":
        return writer.number(Decimal(str(value)), places)
    if column.kind == "money":
        return writer.money(Decimal(str(value)), cents=places > 0)
    return str(value)
