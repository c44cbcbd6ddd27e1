"""What a person keeps of the case list: filters under a name, and which columns it shows."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import delete, select

from procure.accounts.models import Person
from procure.cases import list_queries
from procure.cases.models import LONGEST_QUERY, SavedView
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.infra.db import db

MOST_VIEWS: Final = 20


def save_view(name: str, query: str, by: Actor) -> SavedView:
    """Keep filters under a name. `query`: as `list_pages.query_of` writes it. Raises Refusal: `view_known`, `view_long`,
    `views_many`."""
    if len(query) > LONGEST_QUERY:
        raise Refusal(Reason("view_long"))
    name = " ".join(name.split())
    db.session.execute(select(Person.id).where(Person.id == by.id).with_for_update())  # of two tabs at once the second waits
    present = list_queries.saved_views(by)
    if any(view.name.casefold() == name.casefold() for view in present):
        raise Refusal(Reason("view_known", target="name"))
    if len(present) >= MOST_VIEWS:
        raise Refusal(Reason("views_many", {"most": str(MOST_VIEWS)}))
    view = SavedView(person_id=by.id, kind=list_queries.VIEW, name=name, query=query)
    db.session.add(view)
    db.session.flush()
    return view


def remove_view(view_id: int, by: Actor) -> None:
    """The person no longer keeps it. Removed meanwhile in another tab is removed."""
    own = (SavedView.id == view_id, SavedView.person_id == by.id, SavedView.kind == list_queries.VIEW)
    db.session.execute(delete(SavedView).where(*own))


def choose_columns(columns: Sequence[str], by: Actor) -> None:
    """The list shows these columns to the person from now on; none of them for the usual ones."""
    db.session.execute(select(Person.id).where(Person.id == by.id).with_for_update())
    db.session.execute(delete(SavedView).where(SavedView.person_id == by.id, SavedView.kind == list_queries.COLUMNS))
    if columns:
        db.session.add(SavedView(person_id=by.id, kind=list_queries.COLUMNS, name="", query=",".join(columns)))
    db.session.flush()
