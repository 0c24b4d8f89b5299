"""接口密钥: keys for other systems of the firm or the site."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from shiming.accounts import queries
from shiming.accounts.commands import keys
from shiming.accounts.forms import KeyForm, SiteKeyForm
from shiming.accounts.rules import KEY_MAKERS
from shiming.core.actor import RIGHT_LABELS, Role
from shiming.core.doors import console
from shiming.web.forms import carry_out, status_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.reauthentication import fresh_login
from shiming.web.table import Action, Column, Empty, Table

COLUMNS = [
    Column("名称", "name"),
    Column("开头", render=lambda key: f"{key.prefix}…"),
    Column("代表", render=lambda key: key.participation.project.name if key.participation else key.company.name),
    Column("权限", render=lambda key: "、".join(RIGHT_LABELS[right] for right in key.rights) or key.get_role_display()),
    Column("建立人", "user.name"),
    Column("有效期至", "expires_on", kind="date"),
    Column("最近使用", "last_used_at", kind="date"),
    Column("状态", render=lambda key: state_of(key)),
]


@console(*KEY_MAKERS, Role.SYS_ADMIN, methods=("GET",))
def index(request):
    context = {"table": _keys(request), "may_make": _may_make(request.actor)}
    return render(request, "accounts/keys.html", context)


@register_list("key-list")
def _keys(request) -> Table:
    if _may_make(request.actor):
        hint, label, url = "密钥让其他系统以您的身份调用接口；只在建立时显示一次。", "新建密钥", reverse("key-new")
    else:
        hint, label, url = (
            "密钥由企业法人、项目经理、参建单位经办或实施单位审核员在自己的页面建立，建立后列在这里，可以停用。",
            "",
            "",
        )
    rows = Paged(queries.api_keys(request.actor), request)
    empty = Empty("还没有接口密钥", hint, label, url, "key", "dialog")
    return Table(COLUMNS, rows, caption="接口密钥", actions=_actions, empty=empty)


@console(*KEY_MAKERS)
@fresh_login
def new(request):
    form = (SiteKeyForm if request.actor.role is Role.PM else KeyForm)(request.POST or None)
    if form.is_valid() and carry_out(form, lambda: keys.create_key(**form.cleaned_data, by=request.actor)):
        key, text = form.result
        return render(request, "accounts/key_made.html", {"key": key, "text": text})
    return render(request, "accounts/key_new.html", {"form": form}, status=status_of(form))


@console(*KEY_MAKERS, Role.SYS_ADMIN, methods=("POST",))
def removal(request, pk):
    key = keys.revoke_key(get_object_or_404(queries.api_keys(request.actor), pk=pk), by=request.actor)
    messages.success(request, f"密钥“{key.name}”已停用，即刻生效。")
    return redirect("key-list")


def _may_make(actor) -> bool:
    return actor.role is not Role.SYS_ADMIN


def state_of(key) -> str:
    if key.revoked_at:
        return "已停用"
    return "已到期" if key.expires_on < timezone.localdate() else "有效"


def _actions(key):
    if state_of(key) == "有效":
        yield Action(
            "停用",
            reverse("key-removal", args=[key.pk]),
            how="post",
            icon="ban",
            tone="danger",
            confirm=f"停用密钥“{key.name}”？用它的系统会立即被拒绝。",
        )
