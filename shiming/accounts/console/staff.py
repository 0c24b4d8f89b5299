"""Pages of 企业端 › 企业账号, where the legal representative opens the accounts of the firm."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from shiming.accounts import queries, rules
from shiming.accounts.commands import users
from shiming.accounts.forms import PostForm
from shiming.accounts.links import address_of
from shiming.companies import commands as companies
from shiming.companies.models import Company
from shiming.companies.rules import implements
from shiming.core.actor import Role
from shiming.core.doors import console
from shiming.web.forms import carry_out, status_of
from shiming.web.lists import register_list
from shiming.web.paging import Paged
from shiming.web.reauthentication import fresh_login
from shiming.web.table import Action, Column, Empty, Table

COLUMNS = [
    Column("姓名", "user.name"),
    Column("用户名", "user.username"),
    Column("身份", "get_role_display"),
    Column("自", "since", kind="date"),
    Column("密码", render=lambda post: "已设置" if post.user.has_password else "未设置"),
    Column("第二重验证", render=lambda post: _factors(post)),
    Column("最近登录", "user.last_login", kind="time"),
]


@console(Role.LEGAL_REP, methods=("GET",))
def index(request):
    return render(request, "accounts/staff.html", {"table": _staff(request)})


@register_list("staff-list")
def _staff(request) -> Table:
    actor, hint = request.actor, "新建人事聘用管理员或参建单位经办，由其办理聘用、登记和分配。"
    return Table(
        COLUMNS,
        Paged(queries.posts_of_company(actor), request, order=("since", "pk")),
        caption="企业账号",
        actions=lambda post: _actions(actor, post),
        empty=Empty("还没有企业账号", hint, "新建账号", reverse("staff-new"), how="dialog"),
    )


@console(Role.LEGAL_REP)
@fresh_login
def new(request):
    form = PostForm(request.POST or None, roles=_offered(_company(request.actor)))
    if form.is_valid() and carry_out(form, lambda: _open(request.actor, form.cleaned_data)):
        staff, token = form.result
        return render(
            request,
            "accounts/link_made.html",
            {"account": staff.user, "link": address_of(request, token), "back": "staff-list"},
        )
    return render(request, "accounts/staff_new.html", {"form": form}, status=status_of(form))


@console(Role.LEGAL_REP, methods=("POST",))
@fresh_login
def link(request, pk):
    """Make a new invite link for the account."""
    post = _find(request.actor, pk)
    token = users.issue_link(post.user, by=request.actor)
    return render(
        request,
        "accounts/link_made.html",
        {"account": post.user, "link": address_of(request, token), "back": "staff-list"},
    )


@console(Role.LEGAL_REP, methods=("POST",))
def removal(request, pk):
    """End the role of an account."""
    post = companies.dismiss_staff(_find(request.actor, pk), by=request.actor)
    messages.success(request, f"已撤销{post.user.name}的{post.get_role_display()}，即刻生效。")
    return redirect("staff-list")


def _company(actor) -> Company:
    return Company.objects.get(pk=actor.company_id)


def _offered(company) -> list[Role]:
    """The roles of the form; an auditor exists only in an implementing unit. Source: manual [004]."""
    return [role for role in PostForm.ROLES if role is not Role.IMPLEMENTER or implements(company)]


def _open(actor, typed):
    return users.open_post(
        _company(actor), username=typed["username"], name=typed["name"], role=Role(typed["role"]), by=actor
    )


def _find(actor, pk):
    return get_object_or_404(queries.posts_of_company(actor), pk=pk)


def _actions(actor, post):
    if rules.may_issue_link(actor, post.user):
        yield Action("发链接", reverse("staff-link", args=[post.pk]), how="post", icon="link")
    if post.user_id != actor.user_id and post.role != Role.LEGAL_REP:
        yield Action(
            "撤销",
            reverse("staff-removal", args=[post.pk]),
            how="post",
            icon="user-minus",
            tone="danger",
            confirm=f"撤销{post.user.name}的{post.get_role_display()}？他的登录会立即结束。",
        )


def _factors(post) -> str:
    ways = [label for label, has in (("动态口令", post.has_app), ("通行密钥", post.has_passkey)) if has]
    return "、".join(ways) or "未设置"
