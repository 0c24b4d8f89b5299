"""个人端: start page, list of 待办, and one item."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shiming.attendance.crews import teams_led
from shiming.core.actor import Role
from shiming.core.doors import mobile
from shiming.inbox import commands, queries
from shiming.inbox.answers import NEXT, QUESTIONS, address
from shiming.inbox.today import today
from shiming.web.paging import page

TILES = (
    ("my-code", "qrcode", gettext_lazy("建设码")),
    ("my-scan", "scan", gettext_lazy("打卡")),
    ("my-attendance", "calendar-month", gettext_lazy("考勤")),
    ("my-inbox", "inbox", gettext_lazy("待办")),
    ("my-employments", "briefcase", gettext_lazy("我的聘用")),
)
LEADS = ("my-team", "users-group", gettext_lazy("我的班组"))


@mobile(Role.PERSON, methods=("GET",))
def home(request):
    """Start page: present state, next step and large buttons."""
    now = today(request.actor)
    offered = (*TILES, LEADS) if teams_led(request.actor).exists() else TILES
    tiles = [(url, icon, label, name == "my-inbox") for name, icon, label in offered if (url := address(name))]
    context = {"today": now, "step": now.next, "tiles": tiles, "unread": queries.unread(request.actor)}
    return render(request, "inbox/home.html", context)


@mobile(Role.PERSON, methods=("GET",))
def index(request):
    """The list of 待办: questions above, notices below."""
    notices = queries.inbox(request.actor).exclude(queries.KINDS["waiting"])
    context = {
        "questions": queries.waiting(request.actor),
        "notices": page(notices, request),
        "unread": queries.unread(request.actor),
    }
    return render(request, "inbox/my.html", context)


@mobile(Role.PERSON, methods=("GET",))
def show(request, pk):
    """One item: its text, and the meaning of the two answers."""
    item = get_object_or_404(queries.inbox(request.actor), pk=pk)
    question = QUESTIONS.get(item.kind) if item.waits else None
    name, label = NEXT.get(item.kind, ("", ""))
    context = {
        "item": item,
        "question": question,
        "answer_url": reverse(question.url_name, args=[item.subject_id]) if question else "",
        "next_url": address(name),
        "next_label": label,
    }
    return render(request, "inbox/my_item.html", context)


@mobile(Role.PERSON, methods=("POST",))
def reading(request, pk):
    """Mark one item read."""
    commands.read(get_object_or_404(queries.inbox(request.actor), pk=pk), by=request.actor)
    return redirect("my-inbox")


@mobile(Role.PERSON, methods=("POST",))
def readings(request):
    """Mark all notices read."""
    commands.read_all(by=request.actor)
    messages.success(request, _("通知都看过了。"))
    return redirect("my-inbox")
