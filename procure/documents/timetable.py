"""The timetable of the case in its documents: the plan that the case's own page shows, on paper."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import force_locale

from procure.documents.parts import Block, Figure, Paragraph, Point, Points, Table
from procure.documents.writer import Writer, short
from procure.domain.language import LOCALES
from procure.domain.outcomes import Refusal
from procure.domain.planning.plan import Line, Plan
from procure.timetables import pages, service
from procure.timetables.service import Basis


@dataclass(frozen=True, slots=True)
class Counted:
    """The plan as it stands on the day of the document, and what it was counted from."""

    plan: Plan
    basis: Basis


def counted(writer: Writer) -> Counted | None:
    """None where the timetable cannot be counted."""
    material = writer.material
    try:
        basis = service.basis_of(material.case, material.answers, material.progress, writer.today, material.timetable)
        return Counted(service.plan_of(basis, writer.today), basis)
    except Refusal:
        return None


def blocks(writer: Writer) -> tuple[Block, ...]:
    """The days that were named; the timetable in words, drawn, and as a table; then what the Act and practice say of periods."""
    return (
        *writer.answers(
            "start", "contract_needed_by", optional=("prior_information_notice", "submission", "documents_open_online")
        ),
        *_timetable(writer),
        *_periods(writer),
    )


def _timetable(writer: Writer) -> Iterator[Block]:
    word, found = writer.word, counted(writer)
    if found is None:
        yield Paragraph(word("timetable_none"))
        return
    plan = found.plan
    if plan.procedure and not plan.chosen:
        yield Paragraph(word("timetable_recommended", procedure=pages.procedure_name(plan, writer.language)))
    with force_locale(LOCALES[writer.language]):
        told = pages.summary(plan, found.basis, writer.today)
        drawing = pages.drawing(plan, writer.today, writer.language)
    yield Paragraph(". ".join((told.headline, " ".join(told.sentences))))
    yield Paragraph(word("timetable_intro", date=writer.day(writer.today)))
    lines = plan.drawn
    alternative = word(
        "timetable_alternative",
        stages=str(len(lines)),
        first=writer.day(lines[0].first),
        last=writer.day(max(x.last for x in lines)),
    )
    yield Figure(drawing, alternative, word("timetable_legend"))
    head = tuple(word(name) for name in ("label_stage", "starts", "ends", "least_by_law", "state"))
    yield Table(word("timetable_caption"), head, tuple(_row(line, writer) for line in plan.lines))


def _row(line: Line, writer: Writer) -> tuple[str, ...]:
    least = "" if line.min_days is None else writer.word("least_days", days=str(line.min_days), citation=short(line.citation))
    return (
        line.stage.name[writer.language], writer.short_day(line.first), writer.short_day(line.last), least,
        writer.word(f"state_{line.state}"),
    )  # fmt: skip


def _periods(writer: Writer) -> Iterator[Block]:
    periods: list[Point] = []
    for stage in writer.material.procedure.stages:
        periods.extend(writer.points(stage.periods, before=stage.name[writer.language]))
    if periods:
        yield Points(writer.word("periods"), tuple(periods))
