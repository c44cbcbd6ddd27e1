"""The attachments of a case that its city may share with an expert."""

from procure.attachments import queries
from procure.cases.models import Case
from procure.support.files import SharedFile


def files_of(case: Case) -> list[SharedFile]:
    """The newest version of each attachment, the newest first: no tender material, nothing removed, nothing in which malware was
    found."""
    found: dict[int, SharedFile] = {}
    for row in queries.versions_of(case):
        if row.removed_at is None and row.scan != "infected" and row.number not in found:
            found[row.number] = SharedFile(row.number, row.title, row.version, row.file_name)
    return list(found.values())
