"""Fields of several rows: CPV codes, lots, sources of funding. Rows are named by number (`lots-0-title`); a page adds and removes
them by being sent, so that no script is needed."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from flask_babel import gettext as _
from wtforms import Field
from wtforms.validators import ValidationError

from procure.catalogue import cpv
from procure.domain import money
from procure.questionnaires.answers import SAVED_ROW
from procure.web.fields import PARTS, read_day, read_money, typed_money

CPV_INPUTS: Final = 10
CPV_CODE: Final = re.compile(r"([0-9]{8})(?:\s*[-–]\s*([0-9]))?")
LONGEST_TITLE: Final = 200


@dataclass(slots=True)
class Row:
    """One row: the text of each part as typed, its answer once read, and what is wrong with which part."""

    texts: dict[str, str]
    answer: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blank(self) -> bool:
        return not any(text.strip() for part, text in self.texts.items() if part != SAVED_ROW)


class RowsField(Field):
    """Rows of the parts named in `parts`; blank rows are passed over. `bound` names a part's input by row number and part."""

    parts: tuple[str, ...] = ()

    def __init__(self, *args: Any, choices: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = list(choices)
        self.rows: list[Row] = []

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None, **kwargs: Any) -> None:
        super().process(None, data)
        self.rows = [Row(self._texts(number, item)) for number, item in enumerate(data or ())]
        numbers = self._numbers(formdata) if formdata is not None else set()
        if numbers:
            self.rows = [Row({part: formdata.get(self._name(n, part), "") for part in self.parts}) for n in sorted(numbers)]
        if not self.rows:
            self.add()

    def _numbers(self, formdata: Any) -> set[int]:
        pattern = re.compile(rf"{re.escape(self.name)}-([0-9]{{1,6}})-(?:{'|'.join(self.parts)})")
        return {int(found[1]) for key in formdata if (found := pattern.fullmatch(key))}

    def _name(self, number: int, part: str) -> str:
        return f"{self.name}-{number}-{part}"

    def add(self) -> None:
        self.rows.append(Row(dict.fromkeys(self.parts, "")))

    def remove(self, number: int) -> None:
        if 0 <= number < len(self.rows):
            del self.rows[number]
        if not self.rows:
            self.add()

    def pre_validate(self, form: Any) -> None:
        for row in self.rows:
            row.errors.clear()
            row.answer = {} if row.blank else self._read(row)
        wrong = [message for row in self.rows for message in row.errors.values()]
        if wrong:
            raise ValidationError(wrong[0])

    def given(self) -> list[Any] | None:
        return [row.answer for row in self.rows if not row.blank] or None

    @staticmethod
    def shown(value: Any) -> list[Any]:
        return list(value or ())

    @property
    def has_row_errors(self) -> bool:
        return any(row.errors for row in self.rows)

    @property
    def error_target(self) -> str:
        """The input of the first part that is wrong."""
        for number, row in enumerate(self.rows):
            for part in row.errors:
                return self._name(number, part)
        return self._name(0, self.parts[0])

    def _texts(self, number: int, item: Any) -> dict[str, str]:
        raise NotImplementedError

    def _read(self, row: Row) -> dict[str, Any]:
        raise NotImplementedError


def _tried(row: Row, part: str, reader: Callable[[], Any]) -> Any:
    """What the reader makes of a part; its sentence is kept at the part when it cannot."""
    try:
        return reader()
    except ValueError as error:
        row.errors[part] = str(error)
        return None


def _money_text(amount: str | None) -> str:
    return typed_money(Decimal(amount)) if amount else ""


class LotsField(RowsField):
    """A lot: its title, its value, and its kind where that is another than the case's."""

    parts = ("title", "value", "kind", SAVED_ROW)

    def _texts(self, number: int, item: Mapping[str, Any]) -> dict[str, str]:
        amount = _money_text(item["value"])
        return {
            "title": item["title"],
            "value": amount,
            "kind": item.get("kind", ""),
            SAVED_ROW: str(item.get(SAVED_ROW, number)),
        }

    def _read(self, row: Row) -> dict[str, Any]:
        title = row.texts["title"]
        value = _tried(row, "value", lambda: read_money(row.texts["value"]))
        if not title.strip():
            row.errors["title"] = _("Give the lot a name")
        elif len(title) > LONGEST_TITLE:
            row.errors["title"] = _("Shorten the name of the lot to %(most)s characters", most=LONGEST_TITLE)
        elif "\0" in title:
            row.errors["title"] = _("Remove the characters that cannot be shown")
        if value is None:
            row.errors.setdefault("value", _("Enter the value of the lot in euros, without VAT"))
        if row.texts["kind"] not in [choice for choice, _label in self.choices]:
            row.errors["kind"] = _("Choose one of the answers")
        answer: dict[str, Any] = {"title": title, "value": money.plain(value or Decimal(0))}
        if row.texts["kind"]:
            answer["kind"] = row.texts["kind"]
        if row.texts[SAVED_ROW].isascii() and row.texts[SAVED_ROW].isdigit():
            answer[SAVED_ROW] = int(row.texts[SAVED_ROW][:6])
        return answer


class FundingField(RowsField):
    """A source of funding, its amount and the day of its decision where they are known."""

    parts = ("source", "amount", *PARTS)

    def _texts(self, number: int, item: Mapping[str, Any]) -> dict[str, str]:
        decided = date.fromisoformat(item["decision_date"]) if "decision_date" in item else None
        parts = {part: str(getattr(decided, part)) if decided else "" for part in PARTS}
        return {"source": item["source"], "amount": _money_text(item.get("amount")), **parts}

    def _read(self, row: Row) -> dict[str, Any]:
        source = row.texts["source"]
        amount = _tried(row, "amount", lambda: read_money(row.texts["amount"]))
        decided = _tried(row, "day", lambda: read_day(row.texts))
        if source not in [choice for choice, _label in self.choices]:
            row.errors["source"] = _("Choose where the funding comes from")
        answer = {"source": source}
        if amount is not None:
            answer["amount"] = money.plain(amount)
        if decided is not None:
            answer["decision_date"] = decided.isoformat()
        return answer


class CpvField(RowsField):
    """CPV codes, one in a row, the main one first; a check digit is accepted and held against the official one."""

    parts = ("code",)

    def _texts(self, number: int, item: str) -> dict[str, str]:
        entry = cpv.load().codes.get(item)
        return {"code": entry.written if entry else item}

    def _read(self, row: Row) -> dict[str, Any]:
        found = CPV_CODE.fullmatch(row.texts["code"].strip())
        known = cpv.load()
        if found is None:
            row.errors["code"] = _("Enter a CPV code of eight digits, such as 72212900")
            return {}
        code, digit = found[1], found[2]
        official = known.check_digits.get(code)
        if code[:2] not in known.divisions:
            row.errors["code"] = _("There is no CPV code that begins with %(division)s", division=code[:2])
        elif digit and official and digit != official:
            row.errors["code"] = _("The check digit of %(code)s is %(official)s", code=code, official=official)
        return {"code": code}

    def given(self) -> list[Any] | None:
        codes = [row.answer["code"] for row in self.rows if not row.blank and row.answer]
        return list(dict.fromkeys(codes)) or None

    @property
    def may_add(self) -> bool:
        return len(self.rows) < CPV_INPUTS
