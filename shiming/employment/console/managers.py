"""管理人员登记 [004] 4-03 … 4-17: the list, the number first, the long form with its draft, 离职迁出."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.core.actor import KEEPERS
from shiming.core.doors import PHOTO, console, takes
from shiming.employment import bindings, commands, manager_blocks, queries, rules
from shiming.employment.console.long_form import form_of, keep_photo, keep_values, show
from shiming.employment.direct_forms import ReleaseForm
from shiming.employment.forms import DISMISSAL_REASONS, posted
from shiming.employment.long_form import NumberForm, facts_of
from shiming.employment.manager_forms import ManagerFilter, ManagerForm
from shiming.employment.models import Employment, ManagerDraft
from shiming.web.forms import carry_out, is_filtered, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.table import Action, Empty, Table

Kind = Employment.Kind
DRAFTS_SHOWN = 20


@console(*KEEPERS, methods=("GET",))
def index(request):
    drafts = queries.new_drafts(request.actor)[:DRAFTS_SHOWN]
    return render(request, "employment/managers/list.html", {"table": _managers(request), "drafts": drafts})


@register_list("manager-list")
def _managers(request) -> Table:
    filters = ManagerFilter(request.GET)
    asked = values_of(filters)
    rows = queries.managers(request.actor, name=asked.name, status=asked.status)
    return Table(
        queries.MANAGER_COLUMNS,
        Paged(rows, request, prepare=bindings.with_audit_state),
        caption="管理人员登记",
        actions=lambda row: [Action("编辑", reverse("manager-edit", args=[row.pk]))],
        empty=Empty() if is_filtered(filters) else NO_PEOPLE,
        filters=filters,
        details=manager_blocks.tables(rows, request),
    )


@console(*KEEPERS)
def new(request):
    """新增: the number first; what is open here already is shown instead of asked again."""
    form = NumberForm(posted(request), initial={"number": request.GET.get("number", "")})
    if form.is_valid() and carry_out(
        form, lambda: commands.start_manager_draft(form.cleaned_data["number"], by=request.actor)
    ):
        return redirect("manager-draft", form.result.pk)
    codes = {item.code for item in getattr(form, "refusals", [])}
    here = queries.open_here(request.actor, request.POST["number"]) if codes & {"R-04", "R-08"} else None
    context = {"form": form, "codes": codes, "here": here, "may_transfer": rules.may_hire(request.actor)}
    context["drafts"] = queries.new_drafts(request.actor)[:DRAFTS_SHOWN]
    return render(request, "employment/managers/new.html", context, status=status_of(form))


@console(*KEEPERS)
def draft(request, pk):
    """Edit a draft and register the manager from it; input is saved even when it is refused."""
    kept, actor = _find_draft(request, pk), request.actor
    form = form_of(request, ManagerForm, kept)
    if form.is_bound:
        kept = commands.keep_typed(kept, form.typed, by=actor)  # nothing typed is lost, whatever becomes of it
    if (
        form.is_bound
        and form.is_valid()
        and carry_out(form, lambda: commands.register_from_draft(kept, by=actor, **form.given))
    ):
        messages.success(request, f"保存成功!{form.result.person.name}已登记，本人会得知。")
        return redirect("manager-list")
    context = {"facts": facts_of(kept), "base": _address("manager-draft", kept), "title": "新增管理人员"}
    context |= {"papers": _papers("drafts", kept.pk), "company": kept.company}
    return _show(request, form, kept, context)


@console(*KEEPERS)
def edit(request, pk):
    """An existing record: 离职迁出, 保存, 返回. Who left is shown and not changed any more."""
    employment, actor = _find(request, pk), request.actor
    kept = queries.drafts(actor).filter(id_digest=employment.person.id_digest).first()
    form = form_of(request, ManagerForm, kept, employment)
    if form.is_bound:
        kept = commands.keep_typed(commands.draft_of_manager(employment, by=actor), form.typed, by=actor)
    if (
        form.is_bound
        and form.is_valid()
        and carry_out(
            form, lambda: commands.update_from_draft(employment, kept, by=actor, seen=form.seen, **form.given)
        )
    ):
        messages.success(request, f"保存成功!{form.result.person.name}的登记已更新。")
        return redirect("manager-list")
    context = {
        "facts": facts_of(employment.person),
        "base": _address("manager-edit", employment),
        "title": employment.person.name,
        "company": employment.company,
        "papers": _papers("employments", employment.pk),
        "becomes_manager": employment.kind != Kind.MANAGER,
        "may_move_out": employment.status == Employment.Status.ACTIVE and rules.may_release(actor, employment),
        "may_make_worker": employment.status == Employment.Status.ACTIVE and rules.may_make_worker(actor, employment),
    }
    return _show(request, form, kept, context)


@console(*KEEPERS, methods=("POST",))
def draft_values(request, pk):
    """POST /managers/drafts/…/values/: saved while it is typed."""
    return keep_values(request, _find_draft(request, pk))


@console(*KEEPERS, methods=("POST",))
def edit_values(request, pk):
    return keep_values(request, commands.draft_of_manager(_find(request, pk), by=request.actor))


@console(*KEEPERS, methods=("POST",))
@takes(PHOTO)
def draft_photo(request, pk, side):
    """POST /managers/drafts/…/photos/front/: inspected and kept at once."""
    return keep_photo(request, _find_draft(request, pk), side, Kind.MANAGER)


@console(*KEEPERS, methods=("POST",))
@takes(PHOTO)
def edit_photo(request, pk, side):
    employment = _find(request, pk)
    kept = commands.draft_of_manager(employment, by=request.actor)
    return keep_photo(request, kept, side, Kind.MANAGER)


@console(*KEEPERS, methods=("POST",))
def draft_deletion(request, pk):
    """Discard the draft alone; a registered manager stays as registered."""
    kept = _find_draft(request, pk)
    name = kept.name
    commands.discard_typed(kept, by=request.actor)
    messages.success(request, f"已放弃{name}没有提交的内容。")
    known = queries.registered_here(request.actor).filter(
        person__id_digest=kept.id_digest, status__in=Employment.EMPLOYED
    )
    here = known.first()
    return redirect("manager-edit", here.pk) if here else redirect("manager-list")


@console(*KEEPERS)
def moving_out(request, pk):
    """离职迁出 4-17: after a warning that names what ends; afterwards another company may register the person."""
    employment, form = _find(request, pk), ReleaseForm(posted(request))
    if form.is_valid() and carry_out(
        form, lambda: commands.release(employment, reason=form.cleaned_data["reason"], by=request.actor)
    ):
        messages.success(request, f"{employment.person.name}已离职迁出，其他单位可以登记。")
        return redirect("manager-list")
    context = {"form": form, "employment": employment, "reasons": DISMISSAL_REASONS}
    context["ends"] = bindings.what_ends(employment)
    return render(request, "employment/managers/moving_out.html", context, status=status_of(form))


def _find(request, pk) -> Employment:
    return get_object_or_404(queries.registered_here(request.actor), pk=pk)


def _find_draft(request, pk) -> ManagerDraft:
    return get_object_or_404(queries.drafts(request.actor), pk=pk)


def _show(request, form: ManagerForm, kept: ManagerDraft | None, context: dict):
    discards = _address("manager-draft-deletion", kept) if kept else ""
    defaults = {"draft": kept, "discards": discards, "becomes_manager": False, "may_move_out": False}
    defaults["may_make_worker"] = False
    return show(request, "employment/managers/form.html", form, defaults | context)


def _address(name: str, row) -> str:
    return reverse(name, args=[row.pk])


def _papers(kind: str, pk) -> str:
    """The address of the papers' panel, which the later module `attachments` serves."""
    return reverse("attachment-panel", args=(kind, pk))


NO_PEOPLE = Empty(
    "还没有登记管理人员",
    "新增时先填身份证号码；登记后可以绑定到项目，提交实施单位审核。",
    "新增",
    "/managers/new/",
    "user-plus",
)
