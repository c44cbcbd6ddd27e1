"""What the refusals about tenders, reviews and effects say: a part of `web.reasons`."""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import lazy_gettext as _l

SENTENCES: Final[Mapping[str, Any]] = {
    "results_changed": _l(
        "Somebody has recorded something here meanwhile. The page now shows it as it is: look again and save anew"
    ),
    "lot_unknown": _l("This lot or round is not part of the procurement"),
    # tenders
    "tenders_none": _l("Enter at least one number"),
    "tenders_whole_missing": _l("Enter how many tenders came in altogether"),
    "tenders_part_large": _l("This can be at most the number of tenders, %(tenders)s"),
    "tenders_abroad_large": _l("Tenders from abroad can be at most as many as all tenders, %(tenders)s"),
    "tenders_low_large": _l("This can be at most the number of tenders rejected"),
    "tenders_excluded_large": _l("This can be at most the number of those who took part, %(came)s"),
    "tenders_before_deadline": _l(
        "Nothing is said of the number of tenders before the tender period is over: complete that stage first"
    ),
    "requests_before_deadline": _l("Nothing is said of the number of requests to participate before their period is over"),
    # reviews
    "review_kind_missing": _l("Choose which kind of review it is"),
    "review_day_missing": _l("Enter the day on which it was demanded, filed or begun"),
    "review_served_early": _l("It was filed on %(filed_on)s: enter that day or a later one"),
    "review_filed_late": _l("The outcome came on %(decided_on)s: enter that day or an earlier one"),
    "review_stay_of_court": _l("A rectification does not keep the contract waiting: choose this for an appeal to a court only"),
    "review_stays_by_law": _l("While this appeal is pending the Act itself lets no contract be made"),
    "review_stay_ordered": _l("An appeal to the Supreme Administrative Court stays the contract only when a court orders it"),
    "review_outcome_missing": _l("Choose the outcome"),
    "review_outcome_foreign": _l("This kind of review does not have such an outcome"),
    "review_outcomes_apart": _l("Several outcomes go together only where the decision was changed: choose one, or those"),
    "review_decided_early": _l("It was filed on %(filed_on)s: enter that day or a later one"),
    "contract_held_by_review": _l(
        "The appeal filed on %(filed_on)s is pending: no contract may be made. Record its outcome, or that the court has allowed the "
        "decision to be carried out, under Results"
    ),
    # effects
    "effect_kind_missing": _l("Choose what kind of effect it is"),
    "effect_indicator_missing": _l("Write what is measured"),
    "effect_span_missing": _l("Choose which time the number is of"),
    "effect_reference_missing": _l("Write against what it is counted: a number without a point of comparison says nothing"),
    "effect_method_missing": _l("Write how it is worked out"),
    "effect_source_missing": _l("Write where the number comes from"),
    "effect_no_reference": _l("Say first against what the effect is counted: correct the effect, then record what was measured"),
}
