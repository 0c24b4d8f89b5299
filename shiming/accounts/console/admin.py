"""Pages of the system administrator for accounts."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.accounts import queries, rules
from shiming.accounts.commands import factors, users
from shiming.accounts.forms import AccountFilter, AccountForm
from shiming.accounts.links import address_of
from shiming.accounts.models import User
from shiming.core.actor import Role
from shiming.core.doors import console
from shiming.web.forms import carry_out, status_of, values_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.reauthentication import fresh_login
from shiming.web.table import Column, Empty, Table

COLUMNS = [
    Column("姓名", "name", href=lambda user: reverse("account-show", args=[user.pk])),
    Column("用户名", "username"),
    Column("企业身份", "open_posts", kind="number"),
    Column("系统管理员", "is_admin", kind="flag"),
    Column("密码", render=lambda user: "已设置" if user.has_password else "—"),
    Column("动态口令", "has_app", kind="flag"),
    Column("通行密钥", "has_passkey", kind="flag"),
    Column("启用", "is_active", kind="flag"),
    Column("最近登录", "last_login", kind="time"),
]


@console(Role.SYS_ADMIN, methods=("GET",))
def index(request):
    return render(request, "accounts/admin_list.html", {"table": _accounts(request)})


@register_list("account-list")
def _accounts(request) -> Table:
    filters = AccountFilter(request.GET or None)
    asked = values_of(filters)
    rows = queries.accounts(request.actor, name=asked.name, kind=asked.kind)
    return Table(COLUMNS, Paged(rows, request), caption="账号", empty=Empty(icon="users"), filters=filters)


@console(Role.SYS_ADMIN)
@fresh_login
def new(request):
    form = AccountForm(request.POST or None)
    if form.is_valid() and carry_out(form, lambda: form.open(by=request.actor)):
        user, token = form.result
        return render(
            request,
            "accounts/link_made.html",
            {"account": user, "link": address_of(request, token), "back": "account-list"},
        )
    return render(request, "accounts/admin_new.html", {"form": form}, status=status_of(form))


@console(Role.SYS_ADMIN, methods=("GET",))
def show(request, pk):
    user = _find(request.actor, pk)
    context = {
        "account": user,
        "posts": user.posts.select_related("company").order_by("-since"),
        "stations": user.regulator_posts.select_related("station"),
        "factors": [*(["动态口令"] if user.has_app else []), *(f"通行密钥“{key.name}”" for key in user.passkeys.all())],
        "entries": queries.own_logins(user, most=30),
        "may_link": rules.may_issue_link(request.actor, user),
        "may_disable": rules.may_disable(request.actor, user),
    }
    return render(request, "accounts/admin_show.html", context)


@console(Role.SYS_ADMIN, methods=("POST",))
@fresh_login
def link(request, pk):
    user = _find(request.actor, pk)
    token = users.issue_link(user, by=request.actor)
    return render(
        request,
        "accounts/link_made.html",
        {"account": user, "link": address_of(request, token), "back": "account-list"},
    )


@console(Role.SYS_ADMIN, methods=("POST",))
def state(request, pk):
    """Enable or disable an account."""
    user = users.set_active(_find(request.actor, pk), request.POST.get("active") == "yes", by=request.actor)
    messages.success(request, f"账号{user.name}已{'启用' if user.is_active else '停用'}。")
    return redirect("account-show", pk)


@console(Role.SYS_ADMIN, methods=("POST",))
@fresh_login
def forget_factors(request, pk):
    """Remove the second factors of an account; its next login sets up new ones."""
    user = _find(request.actor, pk)
    factors.forget_factors(user, by=request.actor)
    messages.success(request, f"{user.name}下次登录时须重新设置第二重验证。")
    return redirect("account-show", pk)


def _find(actor, pk) -> User:
    return get_object_or_404(queries.accounts(actor, kind="any"), pk=pk)
