"""新增 and 编辑 of 现场作业人员 (row 4-24): the number first, then the long form over its draft."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.assignment.models import Assignment
from shiming.binding import commands, queries
from shiming.binding.console.workers import find_place_of_workers
from shiming.binding.forms import NewWorkerForm, WorkerForm
from shiming.binding.words import TO_SUBMIT
from shiming.core.actor import KEEPERS
from shiming.core.doors import PHOTO, console, takes
from shiming.employment.commands import discard_typed, keep_typed
from shiming.employment.console.long_form import form_of, keep_photo, keep_values, show
from shiming.employment.forms import posted
from shiming.employment.long_form import NumberForm, facts_of
from shiming.employment.models import Employment, ManagerDraft
from shiming.employment.queries import registered_here
from shiming.employment.rules import may_make_worker
from shiming.projects.models import Participation
from shiming.web.forms import carry_out, status_of

DRAFTS_SHOWN = 20


@console(*KEEPERS)
def new(request, pk):
    """新增: the number first."""
    place, form = find_place_of_workers(request, pk), NumberForm(posted(request))
    if form.is_valid() and carry_out(form, lambda: _start(place, form, request.actor)):
        return redirect("binding-worker-draft", form.result.pk)
    drafts = queries.new_worker_drafts(request.actor, place)[:DRAFTS_SHOWN]
    context = {"form": form, "place": place, "drafts": drafts}
    context |= {"draft_page": "binding-worker-draft", "deletion": "binding-worker-draft-deletion"}
    return render(request, "binding/worker_new.html", context, status=status_of(form))


@console(*KEEPERS)
def draft(request, pk):
    """保存, or 保存并下一个: a new worker, or one of this company who is new on the project."""
    kept, actor = _find_draft(request, pk), request.actor
    known = queries.employed_here(actor, kept)
    form = form_of(request, WorkerForm, kept, known)
    if form.is_bound:
        kept = keep_typed(kept, form.typed, by=actor)  # nothing typed is lost, whatever becomes of it
    if form.is_bound and form.is_valid() and carry_out(form, lambda: _add(kept, known, form, actor)):
        messages.success(request, f"{form.result.person.name}已登记，待提交。")
        return redirect("binding-worker-new" if request.GET.get("then") == "next" else "binding-workers", kept.place_id)
    context = {"title": "新增作业人员", "facts": facts_of(known.person if known else kept), "assignment": None}
    return _show(request, form, kept, kept.place, context | {"base": reverse("binding-worker-draft", args=[pk])})


@console(*KEEPERS)
def edit(request, pk):
    """编辑: what was returned is corrected here, and submitted again."""
    row, actor = _find(request, pk), request.actor
    kept = queries.worker_drafts(actor).filter(place=row.participation, id_digest=row.person.id_digest).first()
    form = form_of(request, WorkerForm, kept, row.employment)
    if form.is_bound:
        kept = keep_typed(commands.draft_of_worker(row, by=actor), form.typed, by=actor)
    if form.is_bound and form.is_valid() and carry_out(form, lambda: _correct(row, kept, form, actor)):
        messages.success(request, f"已保存{row.person.name}的资料。")
        return redirect("binding-workers", row.participation_id)
    context = {"title": row.person.name, "facts": facts_of(row.person), "assignment": row}
    context["base"] = reverse("binding-worker-edit", args=[pk])
    return _show(request, form, kept, row.participation, context)


@console(*KEEPERS)
def becoming(request, pk):
    """改为作业人员: a manager of the company becomes a worker; the form asks what a worker needs (§11.12)."""
    employment = get_object_or_404(registered_here(request.actor).filter(status=Employment.Status.ACTIVE), pk=pk)
    if not may_make_worker(request.actor, employment):
        raise Http404
    form = form_of(request, NewWorkerForm, None, employment)
    if form.is_bound and form.is_valid() and carry_out(form, lambda: _become(employment, form, request.actor)):
        messages.success(request, f"{employment.person.name}已改为作业人员，聘用不变。")
        return redirect(employment.person)
    context = {"draft": None, "discards": "", "company": employment.company, "keeps": False}
    context |= {"title": f"改为作业人员 · {employment.person.name}", "facts": facts_of(employment.person)}
    context["base"] = reverse("manager-becomes-worker", args=[pk])
    return show(request, "binding/becoming_worker.html", form, context)


@console(*KEEPERS, methods=("POST",))
def draft_values(request, pk):
    """POST /binding/worker-drafts/…/values/: saved while it is typed."""
    return keep_values(request, _find_draft(request, pk))


@console(*KEEPERS, methods=("POST",))
def edit_values(request, pk):
    return keep_values(request, commands.draft_of_worker(_find(request, pk), by=request.actor))


@console(*KEEPERS, methods=("POST",))
@takes(PHOTO)
def draft_photo(request, pk, side):
    """POST /binding/worker-drafts/…/photos/portrait/: inspected and kept at once."""
    return keep_photo(request, _find_draft(request, pk), side, WorkerForm.kind)


@console(*KEEPERS, methods=("POST",))
@takes(PHOTO)
def edit_photo(request, pk, side):
    kept = commands.draft_of_worker(_find(request, pk), by=request.actor)
    return keep_photo(request, kept, side, WorkerForm.kind)


@console(*KEEPERS, methods=("POST",))
def draft_deletion(request, pk):
    """Discard the draft alone; a registered worker stays as registered."""
    kept = _find_draft(request, pk)
    name = kept.name
    discard_typed(kept, by=request.actor)
    messages.success(request, f"已放弃{name}没有保存的内容。")
    return redirect("binding-workers", kept.place_id)


def _find_draft(request, pk) -> ManagerDraft:
    return get_object_or_404(queries.worker_drafts(request.actor), pk=pk)


def _find(request, pk) -> Assignment:
    rows = queries.bound_workers(request.actor).filter(status__in=TO_SUBMIT)
    related = (
        "employment__person",
        "employment__company",
        "person",
        "participation__project",
        "participation__company",
    )
    return get_object_or_404(rows.select_related(*related), pk=pk)


def _start(place: Participation, form: NumberForm, by):
    return commands.start_worker_draft(place, form.cleaned_data["number"], by=by)


def _add(kept: ManagerDraft, known, form: WorkerForm, by) -> Assignment:
    return commands.add_from_draft(kept, known, by=by, seen=form.seen, **form.given)


def _become(employment: Employment, form: NewWorkerForm, by) -> Employment:
    return commands.make_worker(employment, by=by, seen=form.seen, **form.given)


def _correct(row: Assignment, kept: ManagerDraft, form: WorkerForm, by):
    return commands.correct_worker(row, draft=kept, by=by, seen=form.seen, **form.given)


def _show(request, form: WorkerForm, kept: ManagerDraft | None, place: Participation, context: dict):
    discards = reverse("binding-worker-draft-deletion", args=[kept.pk]) if kept else ""
    shown = {"draft": kept, "discards": discards, "place": place, "company": place.company}
    return show(request, "binding/worker.html", form, shown | context)
