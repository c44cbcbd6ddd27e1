"""Searching in texts: FTS5 on SQLite, `tsvector` on PostgreSQL, behind one door.

Both look in the table `case_texts`, one row a case, and keep their index with it in the same transaction: PostgreSQL in a generated
column, SQLite by triggers (migration 0007). Who may see a row stands in its column `readers` and is part of every query: what others
have neither is found nor weighs on the order, which depends on the row alone and on no count of all rows.

Every word is found by its beginning (from three letters on) and by the beginning of its root (`domain.words`). PostgreSQL knows in
addition the stems of Finnish, Swedish and English, and so finds "cities" by "city"; SQLite finds what begins alike. A word inside
a compound is found in titles and names of codes (column `inside`): "astia" finds the title "Jäteastiat", but not that word in an answer.

Whatever a person types comes in as words of letters and digits, each quoted: no character of it is read as syntax.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, String, bindparam, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Boolean

from procure.domain.words import SHORTEST_BEGINNING, Term, root, terms
from procure.infra.db import db, read

TABLE: Final = "case_texts"
INDEX: Final = "case_search"
"""SQLite's virtual table, and how the names of its own tables begin."""
VECTOR: Final = "vector"
HEADING: Final = "heading_vector"
"""PostgreSQL's generated columns: of all texts, and of titles and codes only, which is small."""

MARKS: Final = ("\ue000", "\ue001")
"""Stand around a found word in what `whys` gives; `domain.words.plain` takes them out of texts."""

_COLUMNS: Final = "{title plain fi sv en inside}"
_TYPED: Final = "{title plain}"
_HEADINGS: Final = "{title plain inside}"


def searchable(text: str) -> bool:
    """Whether there is anything in it to look for."""
    return bool(terms(text))


def values(text: str, reader: int) -> dict[str, str]:
    """The parameters of `found` and `rank`: for both databases, of which each takes its own."""
    wanted = terms(text)
    return {
        "match": f'readers : "{reader}" AND {_COLUMNS} : ({_sqlite(wanted)})',
        "match_typed": f'readers : "{reader}" AND {_TYPED} : ({_sqlite(wanted, widened=False)})',
        "match_heading": f'readers : "{reader}" AND {_HEADINGS} : ({_sqlite(wanted)})',
        "reader": f"'@{reader}'", "stems": _stems(wanted), "roots": _postgres(wanted),
        "typed_heading": _postgres(wanted, weight="A", widened=False), "roots_heading": _postgres(wanted, weight="AB"),
    }  # fmt: skip


def _sqlite(wanted: Sequence[Term], *, widened: bool = True, between: str = " AND ") -> str:
    """The terms in the language of FTS5."""
    return between.join(_sqlite_term(term, widened) for term in wanted) or '""'


def _sqlite_term(term: Term, widened: bool) -> str:
    phrase = f'"{" ".join(term.words)}"'
    if term.exact or len(term.words[-1]) < SHORTEST_BEGINNING:
        return phrase
    short = root(term.words[-1]) if len(term.words) == 1 else term.words[-1]
    return f'("{short}" *)' if widened and short != term.words[-1] else f"({phrase} *)"


def _postgres(wanted: Sequence[Term], *, weight: str = "", widened: bool = True, between: str = " & ") -> str:
    """The terms in the language of tsquery."""
    return between.join(_postgres_term(term, weight, widened) for term in wanted)


def _stems(wanted: Sequence[Term], between: str = " & ") -> str:
    """The terms for the configurations of languages, which stem them: whole words, as their beginnings are looked for already."""
    return _postgres([Term(term.words, exact=True) for term in wanted], between=between)


def _postgres_term(term: Term, weight: str, widened: bool) -> str:
    *before, last = term.words
    begins = not term.exact and len(last) >= SHORTEST_BEGINNING
    if widened and begins and not before:
        last = root(last)
    mark = ("*" if begins else "") + weight
    plain, ending = (f":{weight}" if weight else ""), (f":{mark}" if mark else "")
    return "(" + " <-> ".join([*(f"'{word}'{plain}" for word in before), f"'{last}'{ending}"]) + ")"


class _Found(FunctionElement[bool]):
    name = "found"
    inherit_cache = True
    type = Boolean()


class _Rank(FunctionElement[int]):
    name = "rank"
    inherit_cache = True
    type = Integer()


def _parameters(*names: str) -> list[Any]:
    return [bindparam(name, type_=String) for name in names]


def found(case_id: Any) -> ColumnElement[bool]:
    """The condition that the row is one of the reader's and holds every term."""
    return _Found(case_id, *_parameters("match", "reader", "stems", "roots"))


def rank(case_id: Any) -> ColumnElement[int]:
    """How well a found row fits: 0 when title, reference or code hold every term as typed, 1 when they hold the roots
    or these stand in their compounds, else 2."""
    return _Rank(case_id, *_parameters("match_typed", "match_heading", "typed_heading", "roots_heading"))


def _texts(element: _Found | _Rank, compiler: SQLCompiler, names: Sequence[str], **options: Any) -> dict[str, str]:
    """The SQL of the row's number and of those parameters that this database takes."""
    first, *parameters = element.clauses
    by_name = {getattr(parameter, "key", ""): parameter for parameter in parameters}
    return {"id": compiler.process(first, **options)} | {name: compiler.process(by_name[name], **options) for name in names}


@compiles(_Found, "sqlite")
def _found_on_sqlite(element: _Found, compiler: SQLCompiler, **options: Any) -> str:
    sql = _texts(element, compiler, ["match"], **options)
    return f"{sql['id']} IN (SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH {sql['match']})"  # noqa: S608 - own names only


@compiles(_Rank, "sqlite")
def _rank_on_sqlite(element: _Rank, compiler: SQLCompiler, **options: Any) -> str:
    sql = _texts(element, compiler, ["match_typed", "match_heading"], **options)
    among = f"{sql['id']} IN (SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH "  # noqa: S608 - own names only
    return f"CASE WHEN {among}{sql['match_typed']}) THEN 0 WHEN {among}{sql['match_heading']}) THEN 1 ELSE 2 END"


_STEMS: Final = " || ".join(f"to_tsquery('{name}', {{stems}})" for name in ("finnish", "swedish", "english"))
_WORDS: Final = f"({_STEMS} || to_tsquery('simple', {{roots}}))"


@compiles(_Found, "postgresql")
def _found_on_postgres(element: _Found, compiler: SQLCompiler, **options: Any) -> str:
    sql = _texts(element, compiler, ["reader", "stems", "roots"], **options)
    words = _WORDS.format(**sql)
    # An array, so that the index is read first and once, however the rows are ordered. A query of nothing but words that the parser
    # drops would otherwise find every row of the reader.
    return (
        f"{sql['id']} = ANY (ARRAY(SELECT case_id FROM {TABLE} "  # noqa: S608 - own names only
        f"WHERE {VECTOR} @@ (CAST({sql['reader']} AS tsquery) && {words}) AND numnode({words}) > 0))"
    )


@compiles(_Rank, "postgresql")
def _rank_on_postgres(element: _Rank, compiler: SQLCompiler, **options: Any) -> str:
    sql = _texts(element, compiler, ["typed_heading", "roots_heading"], **options)
    return (
        f"(SELECT CASE WHEN {HEADING} @@ to_tsquery('simple', {sql['typed_heading']}) THEN 0 "  # noqa: S608 - own names only
        f"WHEN {HEADING} @@ to_tsquery('simple', {sql['roots_heading']}) THEN 1 ELSE 2 END FROM {TABLE} WHERE case_id = {sql['id']})"
    )


@dataclass(frozen=True, slots=True)
class Why:
    """Where the words stand, between MARKS. `titles`: the titles, one a line; `excerpt`: from what else is kept, "" when not there."""

    titles: str
    excerpt: str


def _on_sqlite() -> str:
    columns = ", ".join(f"snippet({INDEX}, {number}, :start, :stop, ' … ', 14)" for number in (3, 4, 5, 2))
    return (
        f"SELECT rowid, highlight({INDEX}, 1, :start, :stop), {columns} FROM {INDEX} "  # noqa: S608 - own names only
        f"WHERE {INDEX} MATCH :any AND +rowid IN :ids"  # the sign: one walk through the reader's rows, not a search for each
    )


def _on_postgres() -> str:
    stems = {name: f"to_tsquery('{name}', :stems)" for name in ("finnish", "swedish", "english")}
    roots = "to_tsquery('simple', :roots)"
    languages = (("finnish", "fi"), ("swedish", "sv"), ("english", "en"))
    parts = [f"ts_headline('{name}', {column}, {stems[name]} || {roots}, :part)" for name, column in languages]
    parts.append(f"ts_headline('simple', plain, {roots}, :part)")
    found = ", ".join(f"substring({part} from :marked)" for part in parts)
    titles = f"ts_headline('simple', title, {' || '.join(stems.values())} || {roots}, :whole)"
    return f"SELECT case_id, {titles}, {found} FROM {TABLE} WHERE case_id IN :ids AND {VECTOR} @@ CAST(:reader AS tsquery)"  # noqa: S608 - own names only


def whys(text_typed: str, reader: int, case_ids: Sequence[int], language: str) -> Mapping[int, Why]:
    """For rows of the reader that have been found: what was found in them, the page's language first. One query."""
    if not case_ids:
        return {}
    wanted = terms(text_typed)
    start, stop = MARKS
    if db.session.get_bind().dialect.name == "postgresql":
        options = f"StartSel={start}, StopSel={stop}"
        statement = text(_on_postgres())
        given = {
            "reader": f"'@{reader}'", "stems": _stems(wanted, between=" | "), "roots": _postgres(wanted, between=" | "),
            "marked": f".*{start}.*",
            "part": f"{options}, MaxFragments=1, MinWords=8, MaxWords=18", "whole": f"{options}, HighlightAll=true",
        }  # fmt: skip
    else:
        statement = text(_on_sqlite())
        words = _sqlite(wanted, between=" OR ")
        given = {"any": f'readers : "{reader}" AND {_COLUMNS} : ({words})', "start": start, "stop": stop}
    statement = statement.bindparams(bindparam("ids", expanding=True))
    order = {"fi": (0, 1, 2, 3), "sv": (1, 0, 2, 3), "en": (2, 0, 1, 3)}[language]
    return {
        case_id: Why(
            titles if start in titles else _marked_inside(titles, wanted),
            next((parts[at] for at in order if parts[at] and start in parts[at]), ""),
        )
        for case_id, titles, *parts in read(statement, given | {"ids": list(case_ids)})
    }


def _marked_inside(titles: str, wanted: Sequence[Term]) -> str:
    """The titles with the later part of a compound marked, which the databases do not do."""
    roots = sorted({root(term.words[-1]) for term in wanted if len(term.words) == 1 and len(term.words[0]) >= SHORTEST_BEGINNING})
    if not roots:
        return titles
    inside = re.compile(f"(?:{'|'.join(map(re.escape, roots))})[^\\W_]*", re.IGNORECASE)
    return inside.sub(lambda match: MARKS[0] + match[0] + MARKS[1], titles)


def rebuild() -> None:
    """Make SQLite's index anew from the texts; PostgreSQL keeps its own. Nobody writes meanwhile."""
    if db.session.get_bind().dialect.name == "sqlite":
        db.session.execute(text(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('rebuild')"))  # noqa: S608 - own names only
