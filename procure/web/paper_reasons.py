"""What reasons about documents say: printing and issuing them, a city's letterhead and standard clauses."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import lazy_gettext as _l

SENTENCES: Final[Mapping[str, Any]] = {
    # documents that could not be printed
    "pdf_time": _l("Making it took too long. Shorten the longest answers or divide the largest table, then try again"),
    "pdf_memory": _l("It is too large to be made. Shorten the longest answers or divide the largest table, then try again"),
    "pdf_busy": _l("Too many documents are being made just now. Try again in a few minutes"),
    "pdf_killed": _l("Making it was broken off several times. Try again in a few minutes"),
    "pdf_left": _l("Making it was broken off several times. Try again in a few minutes"),
    "pdf_logo": _l("The logo of the city’s letterhead cannot be read just now. Try again in a few minutes"),
    "pdf_broken": _l("Something in it cannot be printed. Try again; if it fails again, tell the administrator"),
    # documents
    "document_not_yours": _l("Documents of this kind are issued by others in your city"),
    "document_incomplete": _l("Something is still missing, so the document can’t be issued yet"),
    "document_issued_already": _l("The document has been issued as it stands, and nothing has changed since"),
    "document_moved": _l(
        "The case changed while the document was being made, so nothing was issued. Look at it again, then issue it"
    ),
    "document_aside": _l("The document has been set aside: take it up again first"),
    "document_issued_stays": _l("The document has been issued, so it stays in the file and can’t be set aside"),
    "document_unnamed": _l("Say what tells this document apart from the others of its kind"),
    "document_name_long": _l("What tells the document apart is too long: use at most %(most)s characters"),
    "document_kind_full": _l("The case has %(most)s documents of this kind, which is as many as it can have"),
    "document_overtaken": _l(
        "%(name)s has saved this document since you opened it. Your words are below: compare them with what is saved now, and save again"
    ),
    "dossier_open": _l("A dossier is being made already: wait until it is ready, then make another one"),
    "document_long": _l("The document is too long: shorten it, or put at most %(rows)s rows in a table"),
    # letterhead and clauses
    "letterhead_post_code": _l("Enter the post code as five digits"),
    "letterhead_phone": _l("Enter the telephone number in digits, such as +358 3 565 611"),
    "letterhead_email": _l("Enter an e-mail address in the form name@city.fi"),
    "letterhead_web": _l("Enter a web address, such as www.kunta.fi"),
    "letterhead_business_id": _l("Check the business ID: it has seven digits, a dash and a check digit that fits them"),
    "letterhead_overtaken": _l(
        "%(name)s has saved the letterhead since you opened this page. Look at it, then enter what you want to change"
    ),
    "logo_kind": _l("The logo must be a picture in the form PNG or JPEG, and its name must end so"),
    "logo_large": _l("The logo is too large: it may take %(most)s kB at most"),
    "logo_sides": _l("Each side of the logo must have from %(least)s to %(most)s pixels"),
    "edition_day_past": _l("The day is in the past: enter %(today)s or a later one"),
    "editions_many": _l("There are %(most)s editions already: no more can be made"),
    "clause_place_unknown": _l("Choose where the clause stands: the document does not have that part"),
    "clause_text_missing": _l("Enter the text of the clause"),
    "clause_title_missing": _l("Enter the heading in the language of the text"),
    "clause_overtaken": _l(
        "%(name)s has changed the clause since you opened this page. Look at it, then enter what you want to change"
    ),
    "clauses_many": _l("The city may have %(most)s clauses: change one that has ended instead"),
}
