"""Commands on companies: registration, change, closing, staff, visibility."""

import re

import pytest
from django.core.exceptions import ValidationError

from shiming.companies import commands, rules
from shiming.companies.credit_code import make
from shiming.companies.models import Company, Staff
from shiming.core.actor import Role
from shiming.core.errors import Conflict, NotAllowed
from shiming.core.models import AuditEntry
from tests.doors import client_of

CODE = make("91990000", "00990001")


def test_registered_firm_has_code_and_entry(cast):
    company = commands.register(name="新华劳务", credit_code=f" {CODE.lower()} ", kind="labour", by=cast.admin)

    assert (company.credit_code, company.status) == (CODE, "active")
    assert [str(entry) for entry in AuditEntry.objects.all()] == ["系统管理员登记企业新华劳务"]


@pytest.mark.parametrize(
    ("code", "message"), [(CODE[:-1] + ("1" if CODE[-1] != "1" else "2"), "请核对第 18 位"), ("91", "应为 18 位")]
)
def test_wrong_credit_code_is_refused_at_field(cast, code, message):
    with pytest.raises(ValidationError) as error:
        commands.register(name="新华劳务", credit_code=code, kind="labour", by=cast.admin)
    assert message in error.value.message_dict["credit_code"][0]


def test_credit_code_is_unique(cast):
    commands.register(name="新华劳务", credit_code=CODE, kind="labour", by=cast.admin)
    with pytest.raises(ValidationError):
        commands.register(name="另一家", credit_code=CODE, kind="labour", by=cast.admin)


def test_change_names_fields_else_no_entry(cast):
    company = cast.antai
    commands.change(company, by=cast.admin, name="安泰劳务", contact="")
    assert not AuditEntry.objects.exists()

    commands.change(company, by=cast.admin, address="听澜大道 2 号", contact="陆文轩")
    entry = AuditEntry.objects.get()
    assert str(entry) == "系统管理员修改企业安泰劳务：注册地址、联系人"
    assert (entry.before, entry.after["contact"]) == ({"address": "", "contact": ""}, "陆文轩")


def test_firm_on_unfinished_site_stays_open(cast):
    cast.labour_place  # noqa: B018
    with pytest.raises(Conflict, match="请先在项目页退出参建"):
        commands.close(cast.antai, reason="注销", by=cast.admin)
    closed = commands.close(cast.yuanda, reason="注销", by=cast.admin)
    assert commands.reopen(closed, by=cast.admin).status == "active"


@pytest.mark.parametrize(
    ("who", "role", "allowed"),
    [
        ("admin", Role.LEGAL_REP, True),
        ("boss", Role.HR_OFFICER, True),
        ("boss", Role.LEGAL_REP, False),  # the administrator appoints the legal representative
        ("hr", Role.HR_OFFICER, False),
        ("stranger_hr", Role.HR_OFFICER, False),
    ],
)
def test_appointment_depends_on_role(cast, who, role, allowed):
    actor = cast.staff("安法人", cast.antai, Role.LEGAL_REP) if who == "boss" else getattr(cast, who)
    user = cast.user("新人")
    if allowed:
        staff = commands.appoint(cast.antai, user, role, by=actor)
        assert commands.dismiss_staff(staff, by=actor).until is not None
    else:
        with pytest.raises(NotAllowed):
            commands.appoint(cast.antai, user, role, by=actor)


def test_staff_may_not_dismiss_own_post(cast):
    boss = cast.staff("安法人", cast.antai, Role.LEGAL_REP)
    with pytest.raises(NotAllowed):
        commands.dismiss_staff(Staff.objects.get(user=boss.user_id), by=boss)


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("admin", {"宏基总包", "恒立幕墙", "安泰劳务", "远大总包"}),
        ("hr", {"安泰劳务"}),
        ("gc_pm", {"宏基总包", "恒立幕墙", "安泰劳务"}),
        ("stranger_pm", {"远大总包"}),
        ("himself", {"安泰劳务"}),
    ],
)
def test_visible_firms_depend_on_role(cast, who, sees):
    cast.employment()
    cast.labour_place, cast.stranger_place  # noqa: B018
    actor = cast.himself() if who == "himself" else getattr(cast, who)
    assert {company.name for company in Company.objects.filter(rules.visible_to(actor))} == sees


def test_certificate_page_masks_the_holder_phone(cast):
    browser, edit = client_of(cast.admin), f"/companies/{cast.antai.pk}/edit/"
    typed = {"name": "安泰劳务", "credit_code": cast.antai.credit_code, "kind": "labour"}
    typed |= {"certificate_name": "安泰劳务法人证书", "certificate_holder": "安法人"}
    refused = browser.post(edit, typed | {"certificate_phone": "123"})
    assert refused.status_code == 422 and "R-13" in refused.content.decode()
    assert browser.post(edit, typed | {"certificate_phone": "15400006677"}).status_code == 302

    home = client_of(cast.hr).get("/company/").content.decode()
    heads = [
        "企业名称",
        "组织机构代码",
        "唯一标识码",
        "证书序列号",
        "证书有效期至",
        "证书名称",
        "证书持有人",
        "持有人手机",
        "证书状态",
    ]
    assert re.findall(r"<dt>([^<]+)</dt>", home) == heads
    assert "154*****677" in home and "安泰劳务法人证书" in home and "15400006677" not in home

    assert browser.post(edit, typed).status_code == 302
    assert Company.objects.get(pk=cast.antai.pk).certificate_phone.plain == "15400006677", "empty means unchanged"
    assert "15400006677" not in browser.get(edit).content.decode()
