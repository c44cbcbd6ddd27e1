"""The documents as page models: which answers stand where, and under which heading (domain facts E.3 and F)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from procure.catalogue import documents as document_catalogue
from procure.documents import composed, letterheads, memo, opinion, summary, telling, timetable
from procure.documents.parts import Block, DocumentPage, Fact, Facts, Paragraph, Point, Points, Prose, Section, Table, Text
from procure.documents.service import MEMO, OPINION, TELLING, Material, composition_of
from procure.documents.writer import Writer
from procure.domain.compositions import Composition
from procure.domain.money import parse
from procure.domain.procedures import PREPARATION

INVITATION: Final = "market_consultation_invitation"
OBJECT: Final = ("need", "desired_outcome", "contract_kind", "cpv")
OBJECT_IF_KNOWN: Final = ("sector", "prototype_only", "rd_benefits_exclusive", "rd_fully_paid", "rd_deployment")
PREPARED: Final = (
    "market_consulted", "market_availability", "known_suppliers", "innovation_considered", "new_to_buyer", "new_to_market",
    "earlier_solutions", "novelty_effect",
)  # fmt: skip
BEARING: Final = ("spec_innovation", "spec_negotiation", "spec_imprecise", "previous_procedure", "single_supplier", "urgency")
"""The answers that decide which procedures the Act allows."""


def page(kind: str, material: Material, language: str, today: date) -> DocumentPage:
    """The document of that kind (service.kinds()) as it stands today, on the letterhead of its day. KeyError for another kind."""
    if kind == OPINION:  # the network's, on no city's letterhead
        if material.opinion is None:
            raise LookupError("there is no opinion")
        return opinion.page(material.opinion, language)
    on = material.kept.chosen_on if kind == MEMO and material.kept else today
    made = _bare(kind, material, language, today)
    return replace(made, letterhead=letterheads.on_page(kind, material, language, on))


def _bare(kind: str, material: Material, language: str, today: date) -> DocumentPage:
    writer = Writer(material, language, today)
    composition = composition_of(kind)
    if composition is not None:
        return _composed(writer, composition)
    if kind == MEMO:
        writer = memo.as_it_was(writer)
    return summary.page(writer) if kind == "summary" else _page(kind, writer, BUILDERS[kind](writer))


def _page(kind: str, writer: Writer, sections: tuple[Section, ...]) -> DocumentPage:
    material, word = writer.material, writer.word
    stage = document_catalogue.catalogue().get(kind).stage
    draft = kind in ("needs_assessment", "procurement_plan") and not material.progress.passed(stage)
    dated = writer.today
    if kind == MEMO:
        draft, dated = material.kept is None, material.kept.chosen_on if material.kept else writer.today
    status = word("draft" if draft else "final")
    if kind in (INVITATION, TELLING):
        status = ""  # an open invitation is neither, nor is a plan that goes on: they have a date
    return DocumentPage(
        kind=kind,
        language=writer.language,
        name=document_catalogue.catalogue().get(kind).name[writer.language],
        title=writer.answer("title"),
        city=material.case.organisation.names[writer.language],
        reference=material.case.reference,
        status=status,
        draft=draft,
        dated=writer.day(dated),
        created=writer.today.isoformat(),
        printed=word("printed", date=writer.day(writer.today)),
        facts=_letterhead(kind, writer, status),
        sections=sections,
        sources=writer.sources(sections) if kind in ("needs_assessment", "procurement_plan") else None,
        sources_heading=word("sources"),
        sources_intro=word("sections_of_act"),
        lead=_lead(kind, writer),
    )


def _composed(writer: Writer, composition: Composition) -> DocumentPage:
    """A composed document is a draft until it is issued, and says so."""
    material, word, language = writer.material, writer.word, writer.language
    sections = composed.sections(writer, composition)
    case, sources = material.case, writer.sources(sections)
    rows = [
        (word("label_city"), case.organisation.names[language]),
        (word("label_number"), case.reference),
        *(
            []
            if composition.outside
            else [(word("label_unit"), _unit(writer)), (word("label_responsible"), case.responsible.name)]
        ),
        (word("label_status"), word("draft")),
    ]
    return DocumentPage(
        kind=composition.document,
        language=language,
        name=document_catalogue.catalogue().get(composition.document).name[language],
        title=writer.answer("title"),
        city=case.organisation.names[language],
        reference=case.reference,
        status=word("draft"),
        draft=True,
        dated=writer.day(writer.today),
        created=writer.today.isoformat(),
        printed=word("printed", date=writer.day(writer.today)),
        facts=tuple(row for row in rows if row[1]),
        sections=sections,
        sources=sources,
        sources_heading=word("sources"),
        sources_intro=word("sections_of_act") if sources else "",
        lead=composition.lead[language] if composition.lead else "",
        apart=Fact(composition.apart[language], writer.typed(material.about)) if composition.apart and material.about else None,
    )


def _lead(kind: str, writer: Writer) -> str:
    if kind == INVITATION:
        return writer.word("invite_lead", city=writer.material.case.organisation.names[writer.language])
    return ""


def _letterhead(kind: str, writer: Writer, status: str) -> tuple[tuple[str, str], ...]:
    """Who, what and when, at the top of the first page. An invitation tells outsiders no more than they need."""
    case, word = writer.material.case, writer.word
    partners = ", ".join(partner.organisation.names[writer.language] for partner in case.partners)
    rows = [
        ("label_city", case.organisation.names[writer.language]),
        ("label_partners", partners),
        ("label_number", case.reference),
    ]
    if kind != INVITATION:
        rows += [
            ("label_unit", _unit(writer)),
            ("label_responsible", case.responsible.name),
            ("label_version", f"{case.last_sequence} ({writer.day(writer.today)})"),
        ]
    if status:
        rows.append(("label_status", status))
    return tuple((word(label), value) for label, value in rows if value)


def _unit(writer: Writer) -> str:
    """Of the city; "" while nobody has said."""
    return " ".join(writer.answer("owner").paragraphs) if writer.value("owner") else ""


def needs_assessment(writer: Writer) -> tuple[Section, ...]:
    word = writer.word
    proposals = tuple((word(f"proposal_{choice}"), "", "") for choice in ("go", "change", "stop"))
    return (
        Section(word("needs_problem"), writer.answers("need", "current_solution", "current_cost", "consequence")),
        Section(word("needs_outcome"), writer.answers("users", "desired_outcome", "outcome_measures")),
        Section(word("needs_constraints"), writer.answers("constraints")),
        Section(word("needs_agreement"), writer.answers("themes", "priority")),
        Section(word("needs_value"), writer.answers("value_amount", "value_date", "value_method", "budget_line")),
        Section(word("needs_risks"), writer.answers("risks", "data_protection")),
        Section(word("needs_responsible"), writer.answers("owner", "decision_maker", "responsible_team")),
        Section(
            word("needs_proposal"),
            (
                Paragraph(word("needs_proposal_text")),
                Table("", (word("proposal"), word("decision"), word("approval_date")), proposals, by_hand=True),
                _approvals(writer, word("approvals")),
            ),
        ),
    )


def procurement_plan(writer: Writer) -> tuple[Section, ...]:
    word = writer.word
    return (
        Section(
            word("plan_object"),
            writer.answers(*OBJECT, optional=OBJECT_IF_KNOWN),
        ),
        Section(word("plan_value"), writer.answers("value_amount", "value_date", "value_options", "value_method")),
        Section(
            word("plan_preparation"),
            writer.answers(*PREPARED),
        ),
        Section(word("plan_procedure"), _procedure(writer)),
        Section(word("plan_lots"), _lots(writer)),
        Section(word("plan_criteria"), writer.answers("award_criteria", "outcome_measures")),
        Section(word("plan_contract"), writer.answers("ipr_model", "ipr_notes", "contract_model")),
        Section(word("plan_timetable"), timetable.blocks(writer)),
        Section(
            word("plan_team"), writer.answers("owner", "decision_maker", "partners", "responsible_team", "conflicts_of_interest")
        ),
        Section(word("plan_funding"), _funding(writer)),
        Section(word("plan_risks"), writer.answers("risks", "data_protection")),
        Section(word("approvals"), (*writer.answers(optional=("approvals",)), _approvals(writer))),
    )


def _procedure(writer: Writer) -> tuple[Block, ...]:
    material, word = writer.material, writer.word
    bearing = writer.answers(optional=BEARING)
    if material.procedure.id == PREPARATION:
        absent = Text((word("procedure_none"),), writer.language, absent=True)
        return (Facts((Fact(word("procedure"), absent),)), *bearing)
    procedure = material.procedure
    rows = [Fact(word("procedure"), writer.plain(procedure.name[writer.language]), ", ".join(procedure.sections))]
    if material.choice:
        rows.append(Fact(word("procedure_chosen_on"), writer.plain(writer.day(material.choice.on))))
    rows.append(Fact(word("procedure_edition"), writer.plain(procedure.edition)))
    blocks: list[Block] = [Facts(tuple(rows))]
    if material.choice and material.choice.reason:
        blocks.append(Prose(Fact(word("procedure_reason"), writer.typed(material.choice.reason))))
    if procedure.conditions:
        blocks.append(Points(word("procedure_conditions"), writer.points(procedure.conditions)))
    if procedure.notes:
        blocks.append(Points(word("procedure_notes"), writer.points(procedure.notes)))
    return (*blocks, *bearing)


def _lots(writer: Writer) -> tuple[Block, ...]:
    word, lots = writer.word, writer.value("lots")
    if not lots:
        return (Paragraph(word("lots_none")), *writer.answers("lots_reason"))
    kinds = {
        choice.id: choice.label[writer.language] for choice in writer.material.questionnaire.question("contract_kind").choices
    }
    own = writer.value("contract_kind")
    values = [parse(lot["value"]) for lot in lots]
    *amounts, total = _alike(writer, [*values, sum(values, Decimal(0))])
    rows = tuple(
        (" ".join(writer.typed(lot["title"]).paragraphs), kinds.get(lot.get("kind") or own, ""), amount)
        for lot, amount in zip(lots, amounts, strict=True)
    )
    head = (word("lot"), word("lot_kind"), word("value"))
    return (Table("", head, rows, numeric=(2,), foot=(word("total"), "", total)),)


def _alike(writer: Writer, amounts: Sequence[Decimal | None]) -> list[str]:
    """Amounts of one column: all with cents where one has some, so that they stand under each other."""
    cents = any(amount % 1 for amount in amounts if amount is not None)
    return [writer.word("not_known") if amount is None else writer.money(amount, cents=cents) for amount in amounts]


def _funding(writer: Writer) -> tuple[Block, ...]:
    word, sources = writer.word, writer.value("funding")
    if not sources:
        return writer.answers("funding", "budget_line")
    names = {choice.id: choice.label[writer.language] for choice in writer.material.questionnaire.question("funding").choices}
    amounts = _alike(writer, [parse(source["amount"]) if source.get("amount") else None for source in sources])
    rows = tuple(
        (
            names.get(source["source"], source["source"]),
            amount,
            writer.short_day(date.fromisoformat(source["decision_date"])) if source.get("decision_date") else word("not_known"),
        )
        for source, amount in zip(sources, amounts, strict=True)
    )
    head = (word("funding_source"), word("amount"), word("funding_decision"))
    return (Table("", head, rows, numeric=(1,)), *writer.answers("budget_line"))


def _approvals(writer: Writer, caption: str = "") -> Table:
    """Rows to be signed by hand; whoever is known is named."""
    word = writer.word
    head = (word("approval_role"), word("approval_name"), word("approval_date"), word("approval_signature"))

    def named(question: str) -> str:
        return " ".join(writer.typed(writer.value(question)).paragraphs) if writer.value(question) else ""

    rows = (
        (word("role_owner"), named("owner"), "", ""),
        (word("role_preparer"), writer.material.case.responsible.name, "", ""),
        (word("role_decision_maker"), named("decision_maker"), "", ""),
    )
    return Table(caption, head, rows, by_hand=True)


def market_consultation_invitation(writer: Writer) -> tuple[Section, ...]:
    """For outsiders: the need and the questions, never the value, the risks or what is known of suppliers."""
    word = writer.word
    rules = tuple(
        Point(word(rule), writer.cite(rule))
        for rule in ("rule_open", "rule_equal", "rule_competition", "rule_rights", "rule_secrets", "rule_cost")
    )
    planned = tuple(
        Fact(writer.label(question), writer.answer(question))
        for question in ("start", "contract_needed_by")
        if writer.value(question)
    )
    sections = [
        Section(
            word("invite_aim"),
            (
                Paragraph(word("invite_aim_text"), citation=writer.cite("invite_aim_text")),
                Paragraph(word("invite_no_call"), strong=True),
            ),
        ),
        Section(word("invite_object"), writer.told("contract_kind", "cpv", "partners")),
        Section(word("invite_need"), writer.told("need", "users", "desired_outcome")),
        Section(word("invite_questions"), _unlabelled(writer, "consultation_questions")),
        Section(word("invite_how"), writer.told("consultation_way", "consultation_dates", "consultation_contact")),
        Section(word("invite_rules"), (Points("", rules),)),
    ]
    if planned:
        sections.append(Section(word("invite_timetable"), (Paragraph(word("invite_timetable_text")), Facts(planned))))
    return tuple(section for section in sections if section.blocks)


def _unlabelled(writer: Writer, question: str) -> tuple[Block, ...]:
    """An answer for which the section's heading says enough; nothing when there is none."""
    return (Prose(Fact("", writer.answer(question))),) if writer.value(question) else ()


BUILDERS: Final[dict[str, Callable[[Writer], tuple[Section, ...]]]] = {
    "needs_assessment": needs_assessment,
    "procurement_plan": procurement_plan,
    INVITATION: market_consultation_invitation,
    MEMO: memo.sections,
    TELLING: telling.sections,
}
