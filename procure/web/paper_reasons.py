"""What reasons about a city's letterhead and standard clauses say, as `web.reasons` has those of everything else."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import lazy_gettext as _l

SENTENCES: Final[Mapping[str, Any]] = {
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
