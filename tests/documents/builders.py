"""A case that lacks nothing, so that each of its documents can be made."""

from datetime import date
from typing import Any

from procure.accounts.models import Person
from procure.cases import queries as cases
from procure.cases import service as case_service
from procure.cases.models import Case
from procure.infra import clock
from procure.infra.db import db, writing
from tests import factories

SECRET_VALUE = "1234567"
SECRET_RISK = "Sensorit jäätyvät"
REASON = "Valmis ratkaisu ei riitä, ja palvelusta on neuvoteltava."

ANSWERS: dict[str, Any] = {
    "title": {"fi": "Älykäs jätehuolto keskustaan", "sv": "Smart avfallshantering i centrum", "en": "Smart waste collection"},
    "need": {"fi": "Astiat täyttyvät yli kesällä.\n\nTalvella niitä tyhjennetään turhaan.", "en": "Bins overflow in summer."},
    "current_solution": {"fi": "Kiinteät reitit."},
    "current_cost": {"fi": "610 000 euroa vuodessa."},
    "consequence": {"fi": "Kustannukset nousevat viisi prosenttia vuodessa."},
    "constraints": {"fi": "Jätelaki 646/2011."},
    "users": {"fi": "Asukkaat ja kuljettajat."},
    "desired_outcome": {"fi": "Yksikään astia ei täyty yli."},
    "outcome_measures": {"fi": "Ylitäyttöilmoitukset kuukaudessa."},
    "themes": ["carbon_neutrality", "digitalisation"],
    "market_availability": "needs_adaptation",
    "market_consulted": True,
    "known_suppliers": 6,
    "earlier_solutions": {"en": "Three cities have tried sensors."},
    "consultation_questions": {"fi": "Miten laitteet huolletaan talvella?"},
    "consultation_way": {"fi": "Tietopyyntö Hilmassa ja avoin verkkotilaisuus."},
    "consultation_dates": {"fi": "14.1.2027 klo 9."},
    "consultation_contact": {"fi": "markkinavuoropuhelu@tampere.example"},
    "contract_kind": "services",
    "cpv": ["90511000", "48000000"],
    "spec_innovation": True,
    "award_criteria": {"fi": "Laatu 60 %, hinta 40 %."},
    "value_amount": SECRET_VALUE,
    "value_date": "2026-10-15",
    "value_method": {"fi": "Kuuden vuoden kokonaisarvo."},
    "value_options": True,
    "lots": [{"title": "Anturit", "value": "234567"}, {"title": "Tyhjennys", "value": "1000000"}],
    "risks": {"fi": f"{SECRET_RISK}: talvikoe ennen sopimusta."},
    "ipr_model": "shared",
    "contract_model": {"fi": "Neljä vuotta ja kaksi optiovuotta."},
    "funding": [{"source": "own", "amount": "934567", "decision_date": "2026-12-14"}, {"source": "erdf", "amount": "300000"}],
    "budget_line": {"fi": "Momentti 4410"},
    "start": "2027-02-15",
    "contract_needed_by": "2027-10-01",
    "owner": {"fi": "Kaupunkiympäristön palvelualue"},
    "responsible_team": {"fi": "Jätehuoltopäällikkö ja hankinta-asiantuntija."},
    "decision_maker": {"fi": "Kaupunkikehityslautakunta"},
    "conflicts_of_interest": {"fi": "Ei eturistiriitoja."},
}


def full_case(person: Person, procedure: str = "competitive_negotiation", **changes: Any) -> Case:
    """A case written in Finnish with every answer that a document asks for, following `procedure` ("" for none yet)."""
    case = factories.make_case(person, opened_on=date(2026, 3, 2))
    case.language = "fi"
    factories.answer(case, person, **ANSWERS | changes)
    if procedure:
        choose(case, person, procedure)
    return case


def choose(case: Case, person: Person, procedure: str) -> None:
    """The procedure is chosen today."""
    by = factories.actor_of(person)
    with writing():
        locked = cases.case_to_change(by, case.reference)
        assert locked is not None
        case_service.choose_procedure(locked, procedure, clock.today(), REASON, by, clock.today(), clock.now())
        db.session.commit()


def move_to(case: Case, person: Person, stage: str) -> None:
    """Every stage before that one is completed today, each point confirmed."""
    by = factories.actor_of(person)
    with writing():
        while case.stage != stage:
            locked = cases.case_to_change(by, case.reference)
            assert locked is not None
            confirmed = frozenset(point.id for point in case_service.procedure_of(locked).stage(locked.stage).gate)
            case_service.complete_stage(locked, locked.stage, clock.today(), confirmed, "", by, clock.today(), clock.now())
        db.session.commit()
