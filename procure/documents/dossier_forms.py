"""What a dossier is to hold: versions, and which messages and notes belong to the file."""

from collections.abc import Sequence
from typing import Final

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectMultipleField, SubmitField
from wtforms.fields.choices import SelectChoice

from procure.domain.dossiers import Choice
from procure.web import widgets

ALL, LATEST = "all", "latest"
MOST_SHOWN: Final = 200
"""Notes to choose from, the newest."""


class DossierForm(FlaskForm):
    versions = RadioField(
        _l("Versions"),
        widget=widgets.Radios(),
        choices=[
            SelectChoice(ALL, _l("Every version that has been issued or added")),
            SelectChoice(LATEST, _l("The latest version of each only")),
        ],
        validate_choice=False,
    )
    threads = SelectMultipleField(
        _l("Messages with experts"), widget=widgets.Checkboxes(), choices=[], validate_choice=False,
        description=_l("Experts’ opinions are always in the dossier."),
    )  # fmt: skip
    notes = SelectMultipleField(
        _l("Notes of the team"), widget=widgets.Checkboxes(), choices=[], validate_choice=False,
        description=_l("Notes are for the team’s own work. Choose those that belong to the file."),
    )  # fmt: skip
    save = SubmitField(_l("Make a dossier"), widget=widgets.Submit())

    def chosen(self) -> Choice:
        """What has been ticked, of what there is to tick: anything else is passed over."""
        return Choice(self.versions.data == LATEST, _numbers(self.threads), _numbers(self.notes))


def _numbers(field: SelectMultipleField) -> tuple[int, ...]:
    offered = {str(value) for value, *_rest in field.iter_choices()}
    return tuple(sorted({int(value) for value in field.data or () if value in offered}))


def dossier_form(threads: Sequence[tuple[int, str]], notes: Sequence[tuple[int, str]]) -> DossierForm:
    """`threads` and `notes`: number and beginning of each. Before anything is chosen, all versions, all threads and no note."""
    form = DossierForm(data={"versions": ALL, "threads": [str(number) for number, _label in threads], "notes": []})
    form.threads.choices = [SelectChoice(str(number), label) for number, label in threads]
    form.notes.choices = [SelectChoice(str(number), label) for number, label in notes[:MOST_SHOWN]]
    return form
