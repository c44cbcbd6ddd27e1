"""The two services that ours is measured against: a bare page, and the least that a page with a list from a database can be."""

import os
from datetime import date, timedelta

from flask import Flask, render_template, request
from flask_sqlalchemy import SQLAlchemy
from jinja2 import DictLoader
from sqlalchemy import Index, create_engine, insert, select, tuple_
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

ROWS = 1_000_000
CITIES = 20
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Rows</title></head><body><h1>Rows</h1>
<table><thead><tr><th>Name</th><th>Stage</th><th>Value</th><th>Date</th></tr></thead><tbody>
{% for row in rows %}
<tr><th scope="row"><a href="/rows/{{ row.id }}">{{ row.title }}</a></th>
<td>{{ row.stage }}</td><td>{{ row.value }}</td><td>{{ row.day }}</td></tr>
{% endfor %}
</tbody></table>
{% if rows %}<a href="/rows?day={{ rows[-1].day }}&amp;id={{ rows[-1].id }}">Next</a>{% endif %}
</body></html>"""


class Base(DeclarativeBase):
    pass


class Row(Base):
    __tablename__ = "bench_rows"
    __table_args__ = (Index("ix_bench_rows", "city", "day", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    city: Mapped[int]
    title: Mapped[str]
    stage: Mapped[str]
    value: Mapped[int]
    day: Mapped[date]


def hello() -> Flask:
    """Reference A: nothing but the framework."""
    app = Flask("hello")

    @app.get("/")
    def page() -> str:
        return "hello"

    return app


def floor() -> Flask:
    """Reference B, the floor: 25 of a million rows by key, one query, one small template; the address of the database from outside."""
    app = Flask("floor")
    app.jinja_loader = DictLoader({"rows.html": PAGE})  # compiled once, as a file would be
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["BENCH_ROWS_URL"]
    db = SQLAlchemy(model_class=Base)
    db.init_app(app)

    @app.get("/rows")
    def page() -> str:
        after = date.fromisoformat(request.args["day"]), int(request.args["id"])
        statement = select(Row).where(Row.city == 7, tuple_(Row.day, Row.id) > tuple_(*after)).order_by(Row.day, Row.id).limit(25)
        return render_template("rows.html", rows=db.session.scalars(statement).all())

    return app


def fill(url: str) -> None:
    """Make the floor's table with its million rows, unless it is there."""
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    with engine.begin() as connection:
        if connection.scalar(select(Row.id).limit(1)) is not None:
            return
        for start in range(0, ROWS, 10_000):
            connection.execute(insert(Row), [_row(number) for number in range(start, start + 10_000)])
    engine.dispose()


def _row(number: int) -> dict[str, object]:
    day = date(2020, 1, 1) + timedelta(days=number * 7919 % 2500)
    title = f"Row {number}, a title of about sixty characters like those of cases"
    return {
        "id": number + 1,
        "city": number % CITIES,
        "title": title,
        "stage": f"stage {number % 12}",
        "value": number * 37,
        "day": day,
    }
