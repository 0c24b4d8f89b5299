"""The list of people, and the page of one person from registration to the last exit."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.core import files
from shiming.core.access import require
from shiming.core.actor import COMPANY_ROLES, KEEPERS, SITE_ROLES, Actor, Door, Role
from shiming.core.doors import console
from shiming.people import commands, pictures, queries, rules, sections, sight
from shiming.people.forms import FirmsPeopleFilter, LostPhoneForm, PeopleFilter, ProfileForm, RevealForm
from shiming.people.models import Person
from shiming.people.work_history import table_of
from shiming.web.forms import carry_out, is_filtered, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.reauthentication import fresh_login
from shiming.web.table import Column, Empty, Table

READERS = (
    *(*COMPANY_ROLES, Role.IMPLEMENTER, Role.PARTICIPANT_CLERK, *SITE_ROLES, Role.SUPERVISION_PM),
    *(Role.REGULATOR, Role.SYS_ADMIN),
)
REVEALERS = (*COMPANY_ROLES, Role.PARTICIPANT_CLERK, *SITE_ROLES, Role.REGULATOR, Role.SYS_ADMIN)
CHANGERS = (*COMPANY_ROLES, Role.PARTICIPANT_CLERK, Role.SYS_ADMIN)
HISTORY_READERS = (*KEEPERS, Role.IMPLEMENTER, Role.SYS_ADMIN)
COLUMNS = [
    Column("姓名", "name", href=lambda row: row.get_absolute_url()),
    Column("身份证号", "id_number", kind="id"),
    Column("性别", "get_sex_display"),
    Column("年龄", "age", kind="number"),
    Column("手机号", "phone", kind="id"),
    Column("实名状态", "identity_status", kind="state"),
    Column("实名来源", "get_identity_source_display"),
    Column("登记日期", "created_at", kind="date"),
]
ROWS_SHOWN = 20
PEOPLE_COUNTED = 1_000  # of a million rows an exact count is too expensive


@console(*READERS, methods=("GET",))
def listing(request):
    return render(request, "people/list.html", {"table": _people(request)})


@register_list("people")
def _people(request) -> Table:
    firm = request.actor.door is Door.COMPANY
    filters = (FirmsPeopleFilter if firm else PeopleFilter)(request.GET)
    asked = values_of(filters)
    scope = (asked.scope or "own") if firm else ""
    return Table(
        COLUMNS,
        Paged(
            queries.people(request.actor, asked.q, asked.status, scope),
            request,
            order=("-pk",),
            cap=PEOPLE_COUNTED,
            keys_first=bool(filters["q"].value()),  # a search scans the index of names, and only once
        ),
        caption="人员",
        empty=Empty() if is_filtered(filters) else NO_PEOPLE,
        filters=filters,
    )


@console(*READERS, methods=("GET",))
def show(request, pk):
    person, actor = _find(request, pk), request.actor
    context = {"person": person, "trail": queries.story(person, actor), "sections": sections.sections(person, actor)}
    context |= {
        "may_reveal": rules.may_reveal(actor, person),
        "may_replace_phone": actor.role is Role.SYS_ADMIN,
        "may_change": actor.role in CHANGERS and rules.may_change_profile(actor, person),
        "tables": [(source, _table(source, person, actor)) for source in sight.sources() if source.columns],
    }
    return render(request, "people/show.html", context)


@console(*HISTORY_READERS, methods=("GET",))
def history(request, pk):
    """工作经历 [004] 4-12 on a page of its own, with its file."""
    context = {"person": _find(request, pk), "table": _history(request, pk)}
    return render(request, "people/work_history.html", context)


@register_list("person-work-history")
def _history(request, pk) -> Table:
    return table_of(_find(request, pk), request.actor, paged=True)


@console(*READERS, methods=("GET",))
def photo(request, pk, kind):
    """The portrait is open to all who see the person; a card photo requires a fresh ticket."""
    person = _find(request, pk)
    if kind == "portrait":
        stored = person.portrait or person.card_portrait
    else:
        stored = {"id_front": person.id_front, "id_back": person.id_back}.get(kind)
        if stored and not pictures.admits(request.GET.get("t", ""), request.actor.user_id, stored.pk):
            raise Http404
    if stored is None:
        raise Http404
    return pictures.as_response(files.read(stored))


@console(*REVEALERS)
@fresh_login
def reveal(request, pk):
    """Show a full number for a stated purpose; it leaves a trail entry that the person can read."""
    person = _find(request, pk)
    require(rules.may_reveal, request.actor, person)
    form = RevealForm(request.POST or None, initial={"field": request.GET.get("field", "id_number")})
    if form.is_valid():
        field = form.cleaned_data["field"]
        if carry_out(form, lambda: commands.reveal(person, field, purpose=form.reason, by=request.actor)):
            context = {"person": person, "label": commands.REVEALABLE[field], "value": form.result}
            return render(request, "people/revealed.html", context)
    action = reverse("person-reveal", args=[pk])
    return render(
        request, "people/reveal.html", {"person": person, "form": form, "action": action}, status=status_of(form)
    )


@console(*CHANGERS)
def edit(request, pk):
    """Correct personal data; name and number come from the card and are not edited here."""
    person = _find(request, pk)
    require(rules.may_change_profile, request.actor, person)
    form = ProfileForm(request.POST or None, instance=person)
    if form.is_valid():
        seen, values = form.cleaned_data["version"], form.values
        fresh = Person.objects.get(pk=pk)  # the form has already changed its own instance
        if carry_out(form, lambda: commands.update_profile(fresh, by=request.actor, seen=seen, **values)):
            messages.success(request, "保存成功!")
            return redirect("person", pk)
    return render(request, "people/edit.html", {"person": person, "form": form}, status=status_of(form))


@console(Role.SYS_ADMIN)
@fresh_login
def phone(request, pk):
    """Replace a lost phone by the administrator, stating how the person was identified."""
    person = _find(request, pk)
    form = LostPhoneForm(request.POST or None)
    if form.is_valid() and carry_out(
        form, lambda: commands.change_phone(person, by=request.actor, **form.cleaned_data)
    ):
        messages.success(request, f"{person.name}的手机号已换好")
        return redirect("person", pk)
    return render(request, "people/phone.html", {"person": person, "form": form}, status=status_of(form))


def _find(request, pk) -> Person:
    visible = Person.objects.filter(rules.visible_to(request.actor))
    return get_object_or_404(visible.select_related("portrait", "card_portrait", "id_front", "id_back"), pk=pk)


def _table(source: sight.Source, person: Person, actor: Actor) -> Table:
    rows, label = source.of(person, actor)[:ROWS_SHOWN], source.label
    empty = Empty(f"没有{label}记录", "有了就会显示在这里。", icon="notes")
    return Table(list(source.columns), list(rows), caption=label, empty=empty, numbered=False, id=label)


NO_PEOPLE = Empty("还没有人员", "在聘用管理发出邀请，本人在手机上确认后，会显示在这里。", icon="users")
