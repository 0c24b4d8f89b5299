"""How an open question is shown: to the person as two answers with their consequences, to clerks as a link."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shiming.core.actor import Actor, Door
from shiming.inbox.models import InboxItem
from shiming.inbox.notices import (
    APPEAL,
    ASSIGNMENT,
    CORRECTION,
    DISMISSAL,
    INQUIRY,
    INVITED,
    LEAVE,
    SECOND,
    TOLD,
    TRANSFER,
)


@dataclass(frozen=True)
class Question:
    """Answered by a POST to the module that owns the subject: answer=agree or answer=refuse."""

    url_name: str
    yes: Promise
    yes_means: Promise
    no: Promise
    no_means: Promise
    note: Promise | str = ""  # label of an optional note


@dataclass(frozen=True)
class Desk:
    """The page where clerks answer, and the words that count many of one kind in one line."""

    url_name: str
    label: str
    unit: str
    icon: str


QUESTIONS = {
    INVITED: Question(
        "my-employment-answer",
        _("确认"),
        _("您在这家单位在职，单位可以分配您到工地。"),
        _("拒绝"),
        _("什么也不改变，单位会知道您拒绝了。"),
    ),
    DISMISSAL: Question(
        "my-dismissal-answer",
        _("同意"),
        _("聘用结束，在场的当天自动退场。"),
        _("不同意"),
        _("您仍在职，单位会知道您不同意。"),
    ),
    TOLD: Question(
        "my-registration-answer",
        _("没有异议"),
        _("知道了，登记不变。"),
        _("有异议"),
        _("单位会收到您的异议，监督机构看得见；登记先不变。"),
        note=_("有异议的，写一句哪里不对（可不填）"),
    ),
    TRANSFER: Question(
        "my-transfer-answer",
        _("同意"),
        _("自动向您现在的单位申请离职；办成后您会收到新单位的聘用邀请。"),
        _("不同意"),
        _("什么也不改变，您仍在现在的单位。"),
    ),
}
DESKS = {
    LEAVE: Desk("leave-list", "离职申请待答复", "份", "door-exit"),
    ASSIGNMENT: Desk("assignment-waiting", "人员分配待确认", "人", "user-question"),
    CORRECTION: Desk("attendance-corrections", "考勤更正待处理", "份", "edit"),
    INQUIRY: Desk("site-inquiries", "监督站督办待答复", "件", "alert-triangle"),
    SECOND: Desk("restriction-list", "限制进场待同意", "件", "ban"),
    APPEAL: Desk("restriction-list", "限制进场申诉待答复", "件", "ban"),
}
# The implementing unit answers allocations too, under the name of its own page.
AUDIT = Desk("binding-audits", "项目人员登记绑定待审核", "人", "user-question")
# type of the subject → page of its details
PLACES = {
    "employment.employment": "employment-show",
    "assignment.assignment": "assignment-show",
    "people.person": "person",
    "oversight.inquiry": "site-inquiry",
    "restrictions.restriction": "restriction-show",
}
LISTS = {
    "employment.transfer": "transfer-list",
    "attendance.correction": "attendance-corrections",
    "projects.grant": "operators",
    "restrictions.opinion": "restriction-list",
}
# kind → (page, button) offered to the person after a notice
NEXT = {
    "person.failed": ("person-register", _("重新登记")),
    "leave.refused": ("my-employments", _("我的聘用")),
    "assignment.accepted": ("my-code", _("我的建设码")),
    "entry.refused": ("my-why", _("为什么进不去")),
    **dict.fromkeys(
        ("restriction.issued", "restriction.agreed", "restriction.upheld", "restriction.lifted"),
        ("my-restrictions", _("限制进场")),
    ),
    "stay.opened": ("my-scan", _("打卡")),
}


def desk_for(actor: Actor, kind: str) -> Desk | None:
    """Where this actor answers questions of a kind."""
    if kind == ASSIGNMENT and actor.door is Door.COMPANY:
        return AUDIT
    return DESKS.get(kind)


def place_of(item: InboxItem) -> str:
    """The page of the item's subject, for clerks."""
    if name := PLACES.get(item.subject_type):
        return address(name, item.subject_id)
    return address(LISTS.get(item.subject_type, ""))


def address(name: str, *args) -> str:
    """The address of a page, or "" when its module is not installed."""
    try:
        return reverse(name, args=args) if name else ""
    except NoReverseMatch:
        return ""
