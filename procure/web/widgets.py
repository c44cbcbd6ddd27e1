"""The library's widgets with our words, no empty hints and no stray attributes."""

from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from govuk_frontend_wtf import wtforms_widgets as gov
from markupsafe import Markup


class Tidy:
    """Last touch on the parameters before the macro draws them; stands before the library's widget."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        params: dict[str, Any] = super().map_gov_params(field, **kwargs)  # type: ignore[misc]
        if "fieldset" in params:  # own legend classes would drop the text
            params["fieldset"].setdefault("legend", {}).setdefault("text", field.label.text)
        return params

    def render(self, params: dict[str, Any]) -> Any:
        if params.get("errorMessage"):
            params["errorMessage"]["visuallyHiddenText"] = _("Error")
        if params.get("hint") and not params["hint"].get("text") and not params["hint"].get("html"):
            params["hint"] = None  # else an empty hint stands under radios and checkboxes
        params.get("attributes", {}).pop("required", None)  # the form says itself what is missing
        return super().render(params)  # type: ignore[misc]


class Text(Tidy, gov.GovTextInput):
    pass


class Password(Tidy, gov.GovPasswordInput):
    """A password with a button that shows it; the button's words live here."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        return super().map_gov_params(field, **kwargs) | {
            "showPasswordText": _("Show"),
            "hidePasswordText": _("Hide"),
            "showPasswordAriaLabelText": _("Show the password"),
            "hidePasswordAriaLabelText": _("Hide the password"),
            "passwordShownAnnouncementText": _("Your password is visible"),
            "passwordHiddenAnnouncementText": _("Your password is hidden"),
        }


class LongText(Tidy, gov.GovTextArea):
    pass


class CountedText(Tidy, gov.GovCharacterCount):
    """A text area that says how much room is left; its sentences live here, where `%{count}` is no trap."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        params = super().map_gov_params(field, **kwargs)
        count = "%{count}"
        return params | {
            "textareaDescriptionText": _("You can write up to {count} characters").replace("{count}", count),
            "charactersUnderLimitText": {
                "one": ngettext("You have {count} character left", "You have {count} characters left", 1).replace(
                    "{count}", count
                ),
                "other": ngettext("You have {count} character left", "You have {count} characters left", 2).replace(
                    "{count}", count
                ),
            },
            "charactersAtLimitText": _("You have no characters left"),
            "charactersOverLimitText": {
                "one": ngettext("You have {count} character too many", "You have {count} characters too many", 1).replace(
                    "{count}", count
                ),
                "other": ngettext("You have {count} character too many", "You have {count} characters too many", 2).replace(
                    "{count}", count
                ),
            },
        }


class Radios(Tidy, gov.GovRadioInput):
    pass


class Checkboxes(Tidy, gov.GovCheckboxesInput):
    pass


class Checkbox(Tidy, gov.GovCheckboxInput):
    pass


class Select(Tidy, gov.GovSelect):
    pass


class File(Tidy, gov.GovFileInput):
    pass


class Submit(Tidy, gov.GovSubmitInput):
    pass


@lru_cache(512)
def options(choices: tuple[tuple[str, str], ...], chosen: str) -> Markup:
    """The options of a plain select: id and words. Kept once made, since a list of stages is long and the same for everybody."""
    line = Markup('<option value="{}"{}>{}</option>')
    selected = Markup(" selected")
    return Markup("").join(line.format(value, selected if value == chosen else "", words) for value, words in choices)
