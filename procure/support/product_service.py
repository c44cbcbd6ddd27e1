"""What a coordinator does with the support catalogue. An edition is never changed: a change makes the next one."""

from datetime import date, datetime

from procure.accounts import queries as accounts
from procure.domain import products
from procure.domain.outcomes import Reason, Refusal
from procure.domain.permissions import Actor
from procure.domain.products import Content
from procure.infra.db import db
from procure.support import product_queries
from procure.support.asking_models import SupportProduct


def add(content: Content, valid_from: date, by: Actor, today: date, now: datetime) -> SupportProduct:
    """A product that the program does not ship. Raises Refusal."""
    accounts.lock_city(by.organisation_id)
    return _put(products.next_id(product_queries.ids()), 0, content, valid_from, False, by, today, now)


def change(
    product: str, based_on: int, content: Content, valid_from: date, by: Actor, today: date, now: datetime
) -> SupportProduct:  # fmt: skip
    """The next edition of a product. `based_on`: the number of the coordinator's newest edition as the form showed it, 0 for none.
    Raises Refusal, also when somebody else has made one meanwhile."""
    accounts.lock_city(by.organisation_id)
    return _put(product, based_on, content, valid_from, False, by, today, now)


def retire(product: str, based_on: int, valid_from: date, by: Actor, today: date, now: datetime) -> SupportProduct:
    """The product is no longer offered from that day. Raises Refusal."""
    accounts.lock_city(by.organisation_id)
    rows = product_queries.rows_of(product)
    present = product_queries.get(product, today)
    content = products.read(rows[0].content) if rows else present.content if present else None
    if content is None:
        raise Refusal(Reason("product_unknown"))
    return _put(product, based_on, content, valid_from, True, by, today, now)


def _put(
    product: str, based_on: int, content: Content, valid_from: date, retired: bool, by: Actor, today: date, now: datetime
) -> SupportProduct:  # fmt: skip
    products.check_content(content)
    products.check_day(valid_from, today)
    newest = next((row.edition for row in product_queries.rows_of(product)), 0)
    if newest != based_on:
        raise Refusal(Reason("product_changed"))
    made = SupportProduct(
        product=product, edition=newest + 1, valid_from=valid_from, retired=retired, content=products.written(content), by_id=by.id,
        by=by.name, at=now,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made
