"""The manager's one page: where the case is, what comes next, what is to be decided and what happens if it is not."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from procure.cases import gating
from procure.catalogue import documents as document_catalogue
from procure.catalogue import topics
from procure.documents import result_blocks, timetable
from procure.documents.parts import Bar, Block, DocumentPage, Fact, Paragraph, Point, Points, Prose, Section, Strip, Text, Tile
from procure.documents.writer import Writer, clipped
from procure.domain.marking import Run, Words, unmarked
from procure.domain.planning.plan import PLANNED
from procure.domain.procedures import PREPARATION
from procure.domain.stages import ON_HOLD, STOPPED, traffic_light
from procure.domain.support import shown_number

WIDTH: Final = 660.0
LEAST_BAR: Final = 4.0
MOST_POINTS: Final = 4
MOST_POINTS_WHILE_WAITING: Final = 2
"""Beside the day from which a contract may be made."""
MOST_ADVICE: Final = 2
MOST_EFFECTS: Final = 3
LONG, SHORT, LINE = 320, 220, 90
"""Characters: everything has to stand on one page; the whole texts are in the other documents."""


def page(writer: Writer) -> DocumentPage:
    case, word = writer.material.case, writer.word
    return DocumentPage(
        kind="summary",
        language=writer.language,
        name=document_catalogue.catalogue().get("summary").name[writer.language],
        title=_clip(writer.answer("title"), 2 * LINE),
        city=case.organisation.names[writer.language],
        reference=case.reference,
        status="",
        draft=False,
        dated=writer.day(writer.today),
        created=writer.today.isoformat(),
        printed=word("printed", date=writer.day(writer.today)),
        facts=_letterhead(writer),
        sections=(
            Section(word("summary_decide"), _to_decide(writer)),
            _beside(writer),
            Section(word("summary_need"), _short(writer, "need", LONG)),
            Section(word("plan_procedure"), _why(writer), beside=True),
            Section(word("summary_risks"), _short(writer, "risks", LONG)),
            Section(word("summary_advice"), _advice(writer), beside=True),
        ),
        sources=None,
        tiles=_tiles(writer),
        strip=strip(writer),
        strip_heading=word("summary_timeline"),
    )


def _beside(writer: Writer) -> Section:
    """What happens otherwise; of a case that is over, what it brought."""
    effects = () if writer.material.case.stage else result_blocks.summary(writer, MOST_EFFECTS)
    if effects:
        return Section(writer.word("summary_effects"), effects, beside=True)
    return Section(writer.word("summary_else"), _otherwise(writer), beside=True)


def _letterhead(writer: Writer) -> tuple[tuple[str, str], ...]:
    case, word = writer.material.case, writer.word
    partners = ", ".join(partner.organisation.names[writer.language] for partner in case.partners)
    rows = (("label_responsible", case.responsible.name), ("label_unit", _line(writer, "owner")), ("label_partners", partners))
    return tuple((word(label), clipped(value, LINE)) for label, value in rows if value)


def _line(writer: Writer, question: str) -> str:
    return " ".join(writer.typed(writer.value(question)).paragraphs) if writer.value(question) else ""


def _tiles(writer: Writer) -> tuple[Tile, ...]:
    case, word, language = writer.material.case, writer.word, writer.language
    progress, procedure = writer.material.progress, writer.material.procedure
    upcoming = case.next_date
    light = traffic_light(upcoming, writer.today, finished=progress.finished)
    stage = procedure.stage(case.stage).name[language] if case.stage else _over(writer)
    if case.state == ON_HOLD:
        stage = f"{stage} ({word('summary_held')})"
    value = writer.value("value_amount")
    chosen = word("procedure_none") if procedure.id == PREPARATION else procedure.name[language]
    return (
        Tile(
            word("label_stage"), stage, word("summary_since", date=writer.short_day(case.stage_entered_on)) if case.stage else ""
        ),
        Tile(word("value"), writer.money(Decimal(value)) if value else word("not_known"), word("without_vat") if value else ""),
        Tile(word("procedure"), chosen, ", ".join(procedure.sections[:2]) if procedure.id != PREPARATION else ""),
        Tile(
            word("summary_next"),
            writer.short_day(upcoming) if upcoming else word("not_known"),
            ": ".join(filter(None, (word(f"light_{light}"), word(f"date_{case.next_date_kind}") if case.next_date_kind else ""))),
            light,
        ),
    )


def _over(writer: Writer) -> str:
    """Why the case is in no stage any more."""
    return writer.word("summary_cancelled" if writer.material.case.state == STOPPED else "summary_finished")


def _to_decide(writer: Writer) -> tuple[Block, ...]:
    """What the present stage's gate still waits for; who decides."""
    case, word = writer.material.case, writer.word
    if not case.stage:
        return (Paragraph(_over(writer)),)
    states = gating.gate_of(case, writer.material.answers)
    open_points = tuple(Point(state.point.text[writer.language]) for state in states if state.holds)
    blocks: list[Block] = []
    if wait := writer.material.contract_wait:
        blocks.append(Paragraph(word("summary_contract_from", date=writer.day(wait.safe_on)), citation=wait.citation))
    if not open_points:
        return (*blocks, Paragraph(word("summary_nothing")))
    most = MOST_POINTS_WHILE_WAITING if blocks else MOST_POINTS
    blocks.append(Points(word("gate_next"), _most(open_points, writer, most)))
    if decider := _line(writer, "decision_maker"):
        blocks.append(Paragraph(f"{word('summary_decide_by')}: {clipped(decider, LINE)}"))
    return tuple(blocks)


def _most(points: Sequence[Point], writer: Writer, most: int = MOST_POINTS) -> tuple[Point, ...]:
    shown = tuple(points[:most])
    rest = len(points) - len(shown)
    return (*shown, Point(writer.word("summary_more", count=str(rest)))) if rest else shown


def _otherwise(writer: Writer) -> tuple[Block, ...]:
    case, word = writer.material.case, writer.word
    if not case.stage:
        return (Paragraph(word("summary_nothing")),)
    blocks = _short(writer, "consequence", SHORT) if writer.value("consequence") else ()
    if not blocks:
        stage = writer.material.procedure.stage(case.stage).name[writer.language]
        blocks = (Paragraph(word("summary_else_none", stage=stage)),)
    if case.next_date and case.next_date >= writer.today:
        blocks = (*blocks, Paragraph(word("summary_else_date", date=writer.day(case.next_date))))
    return blocks


def _short(writer: Writer, question: str, most: int) -> tuple[Block, ...]:
    return (Prose(Fact("", _clip(writer.answer(question), most))),)


def _clip(text: Text, most: int) -> Text:
    """On one line, where there is no room for lists and sub-headings."""
    shown = (Words((Run(clipped(unmarked("\n".join(text.paragraphs)), most)),)),) if text.marked else ()
    return Text((clipped(" ".join(text.paragraphs), most),), text.language, text.foreign, text.absent, shown)


def _why(writer: Writer) -> tuple[Block, ...]:
    choice, word = writer.material.choice, writer.word
    if choice is None or not choice.reason:
        return (Paragraph(word("procedure_none")),)
    return (Prose(Fact("", _clip(writer.typed(choice.reason), SHORT))),)


def _advice(writer: Writer) -> tuple[Block, ...]:
    word, advice = writer.word, writer.material.advice
    if not advice:
        return (Paragraph(word("summary_advice_none")),)
    lines = []
    for request in reversed(advice):
        answered = request.answered_on is not None
        phrase, on = ("summary_advice_answered", request.answered_on) if answered else ("summary_advice_open", request.asked_on)
        subject = f"{topics.catalogue().get(request.topic).name[writer.language]} ({shown_number(request.number)})"
        lines.append(Point(word(phrase, number=subject, date=writer.short_day(on or request.asked_on))))
    return (Points("", _most(lines, writer, MOST_ADVICE)),)


def strip(writer: Writer) -> Strip | None:
    """The stages in their true proportions, each at least wide enough to be seen; None where the timetable cannot be counted."""
    found = timetable.counted(writer)
    if found is None:
        return None
    lines = found.plan.drawn
    first, last = lines[0].first, max(max(line.last for line in lines), writer.today)
    scale = (WIDTH - LEAST_BAR) / max((last - first).days, 1)
    bars = tuple(
        Bar(
            round((line.first - first).days * scale, 1),
            round(max((line.last - line.first).days * scale, LEAST_BAR) - 1.5, 1),
            line.state,
        )
        for line in lines
    )
    done, total = sum(not line.open for line in found.plan.lines), len(found.plan.lines)
    stage = writer.material.case.stage
    name = writer.material.procedure.stage(stage).name[writer.language] if stage else _over(writer)
    alternative = writer.word("summary_timeline_alt", done=str(done), total=str(total), stage=name)
    ends = writer.short_day(last)
    if any(line.state == PLANNED for line in lines):
        ends = f"{ends} ({writer.word('estimate')})"
    today = round(max((writer.today - first).days, 0) * scale, 1)
    steps = writer.word("summary_steps", done=str(done), total=str(total))
    return Strip(bars, today, writer.short_day(first), ends, writer.word("today"), steps, alternative)
