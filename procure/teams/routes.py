"""Pages of a case's team: who works on it, what they have to do, what they tell each other, and handing it over."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from procure.cases import pages as case_pages
from procure.cases import queries as cases
from procure.cases.models import Case
from procure.domain.outcomes import Refusal
from procure.infra import clock
from procure.teams import pages, queries, service
from procure.teams.forms import (
    HandOverForm,
    HandOverManyForm,
    MemberForm,
    NoteForm,
    RemoveForm,
    TaskForm,
    VersionForm,
    choices,
)
from procure.teams.models import Task
from procure.teams.service import HandOver, Overtaken, TaskFields
from procure.web import wording
from procure.web.access import actor, found, requires
from procure.web.fields import number_in
from procure.web.language import language

blueprint = Blueprint("teams", __name__)

Answer = str | Response | tuple[str, int]


@blueprint.get("/cases/<reference>/team")
@requires("case.read")
def team(reference: str) -> Answer:
    """Members, tasks and notes of a case."""
    return _team_page(found(cases.case_for(actor(), reference)), NoteForm(formdata=None))


@blueprint.route("/cases/<reference>/team/add", methods=["GET", "POST"])
@requires("case.edit")
def member_add(reference: str) -> Answer:
    """Find somebody of the city by name (`?q=`), and give them a part."""
    case, text = _to_change(reference), request.args.get("q", "")[:100]
    matches, more = queries.people_to_add(actor(), case, text)
    form = MemberForm()
    form.person.choices = choices(pages.person_choices(matches))
    if form.validate_on_submit():
        person = found(queries.person_of_city(actor(), form.person_id))
        try:
            service.add_member(case, person, form.part.data, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(case, _("%(name)s is in the team now.", name=person.name))
    return _page("teams/member_add.html", case, form, text=text, matches=matches, more=more)


@blueprint.route("/cases/<reference>/team/<int:person_id>", methods=["GET", "POST"])
@requires("case.edit")
def member(reference: str, person_id: int) -> Answer:
    """Change somebody's part in the team."""
    case = _to_change(reference)
    present = next((one for one in queries.team_of(case) if one.id == person_id), None)
    if present is None or person_id == case.responsible_id:
        return redirect(url_for("teams.team", reference=reference))
    form = MemberForm(data={"person": str(person_id), "part": present.part})
    form.person.choices, form.person.data = choices([(str(person_id), present.name)]), str(person_id)
    form.save.label.text = _("Save the part")
    if form.validate_on_submit():
        person = found(queries.person_of_city(actor(), person_id))
        try:
            service.add_member(case, person, form.part.data, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(case, _("The part of %(name)s has been saved.", name=person.name))
    return _page("teams/member.html", case, form, member=present)


@blueprint.route("/cases/<reference>/team/<int:person_id>/remove", methods=["GET", "POST"])
@requires("case.edit")
def member_remove(reference: str, person_id: int) -> Answer:
    """Somebody leaves the team; what they had to do goes to whoever is responsible."""
    case = _to_change(reference)
    present = next((one for one in queries.team_of(case) if one.id == person_id), None)
    if present is None or person_id == case.responsible_id:
        return redirect(url_for("teams.team", reference=reference))
    form = RemoveForm()
    if form.validate_on_submit():
        person = found(queries.person_of_city(actor(), person_id))
        service.remove_member(case, person, actor(), clock.today(), clock.now())
        return _done(case, _("%(name)s is no longer in the team.", name=person.name))
    open_tasks = len(queries.open_tasks([case.id], person_id))
    return _page("teams/member_remove.html", case, form, member=present, open_tasks=open_tasks)


@blueprint.route("/cases/<reference>/team/hand-over", methods=["GET", "POST"])
@requires("case.edit")
def hand_over(reference: str) -> Answer:
    """The case gets a new responsible officer, in one go with the open tasks."""
    case = _to_change(reference)
    form = HandOverForm(data={"from_day": clock.today(), "with_tasks": True, "stays": True})
    receivers = queries.editors_of_city(actor())
    form.to.choices = choices(pages.receiver_choices(receivers, queries.team_of(case), case.responsible_id))
    if form.validate_on_submit():
        try:
            wanted = _wanted(form)
            service.hand_over(case, wanted, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(case, _("%(name)s is responsible for the case now.", name=wanted.to.name))
    open_tasks = len(queries.open_tasks([case.id], case.responsible_id))
    return _page("teams/hand_over.html", case, form, responsible=case.responsible.name, open_tasks=open_tasks)


@blueprint.route("/hand-over", methods=["GET", "POST"])
@requires("case.edit")
def hand_over_many() -> Answer:
    """All open cases of one person, or some of them; a manager chooses whose (`?from=`)."""
    by = actor()
    text = request.args.get("from", "" if by.role == "manager" else str(by.id))
    if not text:
        return render_template("teams/holders.html", holders=pages.holder_lines(queries.holders(by)))
    person_id = number_in(text) or 0
    old = found(queries.person_of_city(by, person_id) if queries.may_hand_over_from(by, person_id) else None)
    form = HandOverManyForm(data={"from_day": clock.today(), "with_tasks": True, "stays": True, "which": "all"})
    number, listed = queries.count_held(by, old.id), queries.held_cases(by, old.id, language())
    if not number:
        return render_template("teams/holders.html", holders=())
    form.to.choices = choices(pages.receiver_choices(queries.editors_of_city(by), (), old.id))
    everything = ngettext("The only open case", "All %(num)s open cases", number)
    form.which.choices = choices([("all", everything), ("chosen", _("Only those chosen below"))])
    form.cases.choices = choices([(reference, f"{reference} · {title}") for reference, title in listed])
    if form.validate_on_submit():
        chosen = None if form.which.data == "all" else form.cases.data or []
        try:
            wanted = _wanted(form)
            done = service.hand_over_many(old, wanted, chosen, by, clock.today(), clock.now())
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            message = ngettext(
                "%(num)s case handed over to %(name)s.", "%(num)s cases handed over to %(name)s.", done, name=wanted.to.name
            )
            flash(message, "success")
            return redirect(url_for("desk.home"))
    page = render_template(
        "teams/hand_over_many.html", form=form, old=old, number=number, listed=len(listed), own=old.id == by.id
    )
    return (page, 422) if form.errors or form.form_errors else page


def _wanted(form: HandOverForm) -> HandOver:
    person = found(queries.person_of_city(actor(), form.to_id))
    return HandOver(person, form.day, form.reason.data, bool(form.with_tasks.data), bool(form.stays.data))


@blueprint.route("/cases/<reference>/tasks/new", methods=["GET", "POST"])
@requires("case.edit")
def task_new(reference: str) -> Answer:
    case = _to_change(reference)
    last = queries.last_task(case)
    form = TaskForm(data={"owner": str(actor().id), "stage": case.stage, "newest": last.number if last else 0})
    _offer(form, case)
    if form.validate_on_submit():
        try:
            service.add_task(case, _typed(form), actor(), clock.today(), clock.now(), form.seen_newest)
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(case, _("The task has been added."))
    return _page("teams/task.html", case, form, task=None, theirs=())


@blueprint.route("/cases/<reference>/tasks/<int:task_number>", methods=["GET", "POST"])
@requires("case.edit")
def task(reference: str, task_number: int) -> Answer:
    """Change a task. Of two people who do, the second sees what the first has saved."""
    case = _to_change(reference)
    present: Task = found(queries.task_of(case, task_number))
    now = service.fields_of(present)
    data = {"title": now.title, "owner": str(now.owner), "due_on": now.due_on, "stage": now.stage, "note": now.note}
    form = TaskForm(data=data | {"version": present.version})
    _offer(form, case, present.stage)
    overtaken = False
    if form.validate_on_submit():
        try:
            service.change_task(case, present, _typed(form), form.seen, actor(), clock.today(), clock.now())
        except Refusal as refusal:
            overtaken = isinstance(refusal, Overtaken)
            wording.put_into(form, refusal)
        else:
            return _done(case, _("The task has been saved."))
    theirs = pages.theirs(present, _typed(form), case, language()) if overtaken else ()
    if overtaken:  # which is on the screen now
        form.version.data = str(present.version)
    page = _page("teams/task.html", case, form, task=present, theirs=theirs)
    return (page[0], 409) if overtaken and isinstance(page, tuple) else page


@blueprint.post("/cases/<reference>/tasks/<int:task_number>/done")
@requires("case.edit")
def task_done(reference: str, task_number: int) -> Answer:
    return _move_task(reference, task_number, service.finish_task, _("Marked as done."))


@blueprint.post("/cases/<reference>/tasks/<int:task_number>/reopen")
@requires("case.edit")
def task_reopen(reference: str, task_number: int) -> Answer:
    return _move_task(reference, task_number, service.reopen_task, _("The task is open again."))


def _move_task(reference: str, task_number: int, act: Any, done: str) -> Answer:
    case = _to_change(reference)
    present: Task = found(queries.task_of(case, task_number))
    try:
        act(case, present, VersionForm().seen, actor(), clock.today(), clock.now())
    except Overtaken as refusal:
        flash(wording.sentence(refusal.reasons[0]), "important")
        return redirect(url_for("teams.task", reference=reference, task_number=task_number))
    return _done(case, done)


@blueprint.route("/cases/<reference>/notes", methods=["GET", "POST"])
@requires("case.edit")
def note_new(reference: str) -> Answer:
    """Write a note; the form stands on the page of the team."""
    case, form = _to_change(reference), NoteForm()
    if not form.is_submitted():
        return redirect(url_for("teams.team", reference=reference))
    if form.validate():
        try:
            service.write_note(case, form.text.data, form.mentioned, actor(), clock.today(), clock.now(), form.seen_newest)
        except Refusal as refusal:
            wording.put_into(form, refusal)
        else:
            return _done(case, _("The note has been written."))
    return _team_page(case, form)


@blueprint.post("/cases/<reference>/notes/<int:note_number>/read")
@requires("case.read")
def note_read(reference: str, note_number: int) -> Answer:
    """Whoever is mentioned has read the note, guests too."""
    case = found(cases.case_for(actor(), reference))
    service.read_note(found(queries.mention_of(actor(), case, note_number)), clock.now())
    return redirect(url_for("teams.team", reference=reference, _anchor=f"note-{note_number}"))


def _team_page(case: Case, form: NoteForm) -> Answer:
    members = queries.team_of(case)
    before = number_in(request.args.get("before"))
    notes, more = queries.notes_of(case, before)
    if not form.is_submitted():
        last = (notes[0] if notes else None) if before is None else queries.last_note(case)
        form.newest.data = str(last.number if last else 0)
    tasks = pages.task_lines(case, queries.tasks_of(case), actor(), language(), clock.today())
    form.mentions.choices = choices(pages.mention_choices(members, actor()))
    return _page(
        "teams/team.html", case, form,
        members=pages.member_lines(members),
        tasks=[line for line in tasks if line.done_on is None],
        done=[line for line in tasks if line.done_on is not None],
        notes=pages.note_lines(notes, actor()),
        older=notes[-1].number if more else None,
        first_page=not before,
    )  # fmt: skip


def _offer(form: TaskForm, case: Case, kept: str = "") -> None:
    form.owner.choices = choices(pages.worker_choices(queries.team_of(case)))
    form.stage.choices = choices(pages.stage_choices(case, language(), kept))


def _typed(form: TaskForm) -> TaskFields:
    return TaskFields(form.title.data or "", form.owner_id, form.due_on.data, form.stage.data or "", form.note.data or "")


def _to_change(reference: str) -> Case:
    case: Case = found(cases.case_to_change(actor(), reference))
    return case


def _done(case: Case, message: str) -> Response:
    flash(message, "success")
    return redirect(url_for("teams.team", reference=case.reference))


def _page(template: str, case: Case, form: Any, **values: Any) -> Answer:
    head = case_pages.head(case, actor(), language())
    page = render_template(template, head=head, current="team", form=form, **values)
    return (page, 422) if form.errors or form.form_errors else page
