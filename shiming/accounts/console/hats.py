"""选择合同, 切换项目, 切换企业: a user acts under one hat at a time and chooses it on a page of its own."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from shiming.accounts import sessions
from shiming.accounts.authenticators.site import ending_of, givers_of
from shiming.accounts.hats import Hat, ended_grants
from shiming.accounts.login import ENTRANCES, home_of, onward
from shiming.core.actor import Door
from shiming.core.doors import signed_in
from shiming.core.refusals import refusal
from shiming.web.table import Action, Column, Table

COLUMNS = [
    Column("合同信息报送编号", "filing.number"),
    Column("标段号", "filing.section_no"),
    Column("报建编号", "filing.participation.project.filing_code"),
    Column("合同标段名称", "filing.name", nowrap=False),
    Column("项目名称", "actor.project_name"),
    Column("身份", "actor.role.label"),
    Column("授权至", "ends_on", kind="date"),
]


@signed_in()
@never_cache
def choose(request):
    if sessions.password_is_due(request):
        return redirect("account-password")
    offered = sessions.offers_here(request)
    if request.method == "POST":
        wanted = request.POST.get("hat") or request.GET.get("hat")
        chosen = next((hat for hat in offered if str(hat.source) == wanted), None)
        if chosen is not None:
            sessions.wear(request, chosen)
            return redirect(onward(chosen.actor, request.session.pop("next", "")))
    at_site = sessions.door_of(request) == Door.SITE
    return render(request, "accounts/contracts.html" if at_site else "accounts/hats.html", _choices(request, offered))


@signed_in(methods=("GET",))
def home(request):
    """/home/ — redirect to the start page of the present door."""
    return redirect(home_of(request.actor.door) if request.actor else "hats")


def _choices(request, offered: list[Hat]) -> dict:
    """The hats of the door of this login, those of other doors, and the reason when this door has none."""
    door = sessions.door_of(request)
    here = [hat for hat in offered if hat.actor.door == door]
    context = {
        "at": {"key": str(door), "label": door.label},
        "hats": here,
        "table": Table(COLUMNS, here, caption="可以进入的合同", actions=_enter),
        "elsewhere": [hat for hat in offered if hat.actor.door != door],
        "other_doors": [(each, ENTRANCES[each]) for each in Door if each != door],
    }
    return context if here else context | _none_here(request, door)


def _none_here(request, door: Door) -> dict:
    """R-16 for an expired grant, with the people to ask; R-15 for no contract; R-42 for a lost post."""
    if door != Door.SITE:
        return {"refusals": [refusal("R-42", contact="本企业法人或系统管理员")]}
    person = request.user.person
    if ended := ended_grants(person):
        refused = refusal("R-16", ended=ending_of(ended))
        return {"refusals": [refused], "whom_to_ask": givers_of(person)}
    return {"refusals": [refusal("R-15")], "whom_to_ask": []}


def _enter(hat):
    return [Action("进入", f"{reverse('hats')}?hat={hat.source}", how="post", icon="login", tone="primary")]
