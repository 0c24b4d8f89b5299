"""Shared by the pages of employment: finding a row, and the actions on it."""

from django.shortcuts import get_object_or_404
from django.urls import reverse

from shiming.core.actor import Actor
from shiming.employment import queries, rules
from shiming.employment.models import Employment
from shiming.projects.policies import EmploymentMode
from shiming.web.table import Action, Column

Status = Employment.Status
NAME = Column("姓名", "person.name", href=lambda row: reverse("employment-show", args=[row.pk]))
# status → actions
ACTIONS = {
    Status.AWAITING_IDENTITY: ["withdraw"],
    Status.INVITED: ["withdraw"],
    Status.ACTIVE: ["profile", "dismiss", "release"],
    Status.LEAVE_REQUESTED: ["answer_leave"],
    Status.DISMISSAL_PENDING: ["cancel_dismissal"],
}


def find(actor: Actor, pk) -> Employment:
    return get_object_or_404(queries.visible(actor), pk=pk)


def actions(actor: Actor, row: Employment) -> list[Action]:
    if not rules.may_manage(actor, row):
        return []
    return [_action(name, row) for name in ACTIONS.get(row.status, []) if name not in _not_for(row)]


def list_of(actor: Actor, row: Employment) -> tuple[str, str]:
    """(label, URL name) of the list with this row; workers registered by the firm itself are in 基本信息登记."""
    if row.mode == EmploymentMode.DIRECT and rules.may_register_directly(actor):
        return "基本信息登记", "employment-registrations"
    return ("聘用管理", "employment-list") if rules.may_hire(actor) else ("首页", "home")


def _not_for(row: Employment) -> tuple[str, ...]:
    """Actions not offered: the firm releases workers it registered itself (E14), others answer a dismissal (E11)."""
    return ("dismiss",) if row.mode == EmploymentMode.DIRECT else ("release",)


def _action(name: str, row: Employment) -> Action:
    url = {
        "withdraw": "employment-withdrawal",
        "profile": "employment-profile",
        "dismiss": "employment-dismissal",
        "release": "employment-release",
        "answer_leave": "employment-leave-answer",
        "cancel_dismissal": "employment-dismissal-cancellation",
    }[name]
    label = "编辑信息" if name == "profile" and row.profile_completed else LABELS[name]
    return Action(label, reverse(url, args=[row.pk]), **LOOKS[name](row))


LABELS = {
    "withdraw": "撤回",
    "profile": "完善信息",
    "dismiss": "解聘",
    "release": "离职",
    "answer_leave": "同意离职/不同意",
    "cancel_dismissal": "取消解聘",
}
LOOKS = {
    "withdraw": lambda row: {"how": "post", "confirm": f"撤回对{row.person.name}的聘用邀请？"},
    "profile": lambda row: {"how": "link"},
    "dismiss": lambda row: {"how": "dialog", "tone": "danger"},
    "release": lambda row: {"how": "dialog", "tone": "danger"},
    "answer_leave": lambda row: {"how": "dialog", "tone": "primary"},
    "cancel_dismissal": lambda row: {"how": "post", "confirm": f"取消解聘，{row.person.name}继续在职？"},
}
