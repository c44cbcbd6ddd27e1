"""What the pages that ask and share need, as frozen records: the templates decide nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from procure.cases import pages as case_pages
from procure.cases.models import Case
from procure.catalogue import topics
from procure.domain import support
from procure.domain.products import Product
from procure.domain.questions import Answers
from procure.support import pages
from procure.support.asking_models import SupportShare, SupportSight
from procure.support.files import SharedFile
from procure.support.models import SupportRequest
from procure.support.shared import words

FACTS: Final = ("contract_kind", "value_amount", "cpv", "known_suppliers")
"""The answers that stand beside the form: what the city need not write again."""


def topic_choices(language: str) -> list[tuple[str, str]]:
    return [(topic.id, topic.name[language]) for topic in topics.catalogue().all]


def topic_hints(language: str) -> list[dict[str, Any]]:
    """What each topic covers, in the order of the choices."""
    return [{"hint": {"text": topic.covers[language]}} for topic in topics.catalogue().all]


def first_questions(topic: str, language: str) -> list[tuple[str, str]]:
    """Id and words of what an expert asks first about the topic; none for a topic that is not there."""
    found = next((one for one in topics.catalogue().all if one.id == topic), None)
    if found is None:
        return []
    return [(question, text[language]) for question, text in zip(found.question_ids(), found.questions, strict=True)]


def topic_asked(topic: str, product: Product | None, section: str, stage: str) -> str:
    """The topic that the form begins with: the one named, the product's first, else the one usual for the section or stage."""
    if topic in support.TOPICS:
        return topic
    return product.content.topics[0] if product else topics.catalogue().suggested(section, stage)


def product_choices(products: Sequence[Product], language: str) -> list[tuple[str, str]]:
    """The products that are offered."""
    return [(product.id, product.content.name[language]) for product in products if not product.retired]


def share_choices(case: Case, files: Sequence[SharedFile], language: str) -> list[tuple[str, Any]]:
    """Each section of the case, all of them, and each attachment that may be shared."""
    return [
        *((section.id, section.title[language]) for section in pages.sections_of(case)),
        (support.EVERYTHING, _l("All parts, also those filled in later")),
        *((file.what, _("Attachment: %(title)s (%(name)s)", title=file.title, name=file.file_name)) for file in files),
    ]


def share_default(section: str, choices: Sequence[tuple[str, Any]]) -> list[str]:
    """The part from which the person asks, and the need."""
    return [choice for choice, _text in choices if choice in ("need", section)]


def case_facts(case: Case, answers: Answers, language: str) -> list[tuple[str, str]]:
    """What the service knows of the case, for who asks: they need not write it again."""
    places = case_pages.question_places(case.questionnaire_edition)
    found = []
    for question in FACTS:
        answer = answers.get(question)
        if question in places and answer is not None and answer.known and answer.value not in (None, "", []):
            record = places[question][2]
            found.append((record.label[language], ", ".join(words(record, answer.value, language))))
    return found


@dataclass(frozen=True, slots=True)
class ShareLine:
    """Something that is or was shared, and who has seen it. `seen`: person, what of it, when for the first time."""

    what: Any
    shared_at: datetime
    shared_by: str
    revoked_at: datetime | None
    revoked_by: str
    seen: tuple[tuple[str, str, datetime], ...]


def share_lines(
    request: SupportRequest, shares: Sequence[SupportShare], sights: Sequence[SupportSight], files: Sequence[SharedFile], language: str
) -> list[ShareLine]:  # fmt: skip
    """The newest first. A sight belongs to the share that was open then."""
    names: dict[str, Any] = {section.id: section.title[language] for section in pages.sections_of(request.case)}
    names[support.EVERYTHING] = _l("All parts, also those filled in later")
    for file in files:
        names[file.what] = file.title
    return [
        ShareLine(
            _name(share.what, names), share.shared_at, share.shared_by, share.revoked_at, share.revoked_by,
            tuple((sight.person, _part(sight.what, share.what, names), sight.at) for sight in sights if _of(sight, share)),
        )
        for share in reversed(shares)
    ]  # fmt: skip


def _name(what: str, names: dict[str, Any]) -> Any:
    """A file that has been removed since, or a part of an earlier edition, keeps its id."""
    if what.startswith(support.FILE) and what not in names:
        return _("attachment %(number)s", number=what.removeprefix(support.FILE))
    return names.get(what, what)


def _part(seen: str, shared: str, names: dict[str, Any]) -> str:
    """What of the share was seen, where that is not all of it."""
    if seen.startswith(support.FILE):
        return _("version %(version)s", version=seen.rpartition(":")[2])
    return str(_name(seen, names)) if shared == support.EVERYTHING else ""


def _of(sight: SupportSight, share: SupportShare) -> bool:
    if sight.at < share.shared_at or (share.revoked_at is not None and sight.at > share.revoked_at):
        return False
    if sight.what.startswith(support.FILE):
        return sight.what.rpartition(":")[0] == share.what
    return share.what in (sight.what, support.EVERYTHING)
