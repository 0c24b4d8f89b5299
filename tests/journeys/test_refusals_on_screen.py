"""Each refusal of the flow of today [001], once on a page, in the words of domain.md §6, with its code and what to do.

tests/test_api_refusals.py hears the same ones through the API.
"""

import re
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from shiming.accounts.tests.conftest import with_password
from shiming.core.refusals import REFUSALS
from shiming.employment.models import Employment
from shiming.people.models import Person
from shiming.presence import codes, verdicts
from shiming.presence.eligibility import facts_for, judge
from shiming.presence.models import Stay
from shiming.projects.models import Grant, Project
from tests.doors import client_of
from tests.journeys.asking import (
    DIALOG,
    MAIN,
    allocate,
    complete,
    dismiss,
    enter,
    hire,
    knock_at_the_site,
    leave,
    scan,
    scan_site_code,
    waiting,
)

pytestmark = pytest.mark.django_db

CASES, MESSAGES = {}, {}
# 其他流程才会说的，各有出处。
ELSEWHERE = {
    "R-26": "人脸认证在前的流程 [004]",
    "R-27": "社保缴费证明 [004]",
    "R-28": "同步来的管理人员 [004]",
    "R-29": "按报建编号新增项目 [004]",
    "R-33": "预登记 [002]",
    "R-34": "处置 [002]",
    "R-35": "健康云 [002]",
    "R-36": "预登记里的用人单位 [002]",
    "R-37": "工地疫情防控信息 [002]",
    "R-38": "隔离与就医 [002]",
    "R-39": "每日健康 [002]",
}
LAST_OF_THE_SPECIFICATION = 48  # what follows is ours, and is shown by the tests of its own module


def shows(code: str, sentence: str, status: int = 422):
    """An arrangement that answers with a page; `status` is 200 at the gate, where a refusal is an ordinary answer."""

    def register(arrange):
        cases = CASES if code.startswith("R") else MESSAGES
        cases[code, sentence] = pytest.param(arrange, code, sentence, status, id=f"{code} {arrange.__name__}")
        return arrange

    return register


# 登录


@shows("R-01", "用户名或密码错误!")
def wrong_password(cast):
    user = with_password(cast.hr)
    return Client().post("/login/company/", {"username": user.username, "password": "不是这一句"})


@shows("R-02", "请先插入数字证书后再输入密码")
def without_the_key(cast):
    return Client().post("/login/company/certificate/")


@shows("R-15", "未找到合同：请核对登录角色；请企业确认已将您报送为项目负责人；或请项目负责人授权")
def named_by_no_contract(cast):
    return knock_at_the_site(cast.zhang, "pm")


@shows("R-16", "授权已到期，请项目负责人重新授权")
def grant_ran_out(cast):
    operator, yesterday = cast.operator(), timezone.localdate() - timedelta(days=1)
    Grant.objects.update(starts_on=yesterday - timedelta(days=9), ends_on=yesterday)
    return knock_at_the_site(Person.objects.get(pk=operator.person_id), "operator")


# 聘用


@shows("R-03", "身份证号码无效，请核对第 18 位")
def wrong_number(cast):
    number = cast.zhang.id_number.plain
    return hire(cast, cast.zhang, number=number[:17] + ("0" if number[17] != "0" else "1"))


@shows("R-04", "该人员已登记")
def employed_here(cast):
    cast.employment()
    return hire(cast, cast.zhang)


@shows("R-05", "该人员在另外一家单位未离职，请先由本人申请离职或由原单位迁出")
def employed_elsewhere(cast):
    cast.employment(company=cast.yuanda)
    return hire(cast, cast.zhang)


@shows("R-06", "该人员尚未实名登记，请先进行人员建档")
def not_registered(cast):
    return hire(cast, cast.person(status="unverified"))


@shows("R-07", "姓名与身份证号不一致")
def other_name(cast):
    return hire(cast, cast.zhang, name="张四")


@shows("R-08", "已发出聘用邀请，等待本人确认")
def invited_twice(cast):
    hire(cast, cast.zhang)
    return hire(cast, cast.zhang)


@shows("R-09", "本人已处理，不能撤回")
def withdrawn_too_late(cast):
    hire(cast, cast.zhang)
    row = Employment.objects.get()
    client_of(cast.himself()).post(f"/m/employments/{row.pk}/answer/", {"answer": "agree"})
    return client_of(cast.hr).post(f"/employments/{row.pk}/withdrawal/", headers=MAIN)


@shows("M-01", "张三：个人信息正在处理，无需重复登记，处理完成后自动继续（第 1 个工作日/共 15）", 204)
def hired_while_processing(cast):
    return hire(cast, cast.person(status="pending"))


# 完善建筑工人信息


@shows("R-10", "请填写：从事主要工种")
def without_trade(cast):
    return complete(cast, cast.employment(), trade="")


@shows("R-11", "劳动合同失效日期早于生效日期")
def contract_backwards(cast):
    return complete(cast, cast.employment(), contract_start="2026-05-01", contract_end="2026-04-01")


@shows("R-12", "劳务队长（班组长）必须填写手机号")
def leader_without_phone(cast):
    row = cast.employment()
    row.person.phone = None
    row.person.save()
    return complete(cast, row)


@shows("R-13", "手机号应为 11 位")
def short_phone(cast):
    return complete(cast, cast.employment(), contact_phone="1380013800")


@shows("R-14", "请选择班组长")
def without_leader(cast):
    return complete(cast, cast.employment(), is_leader="")


@shows("R-19", "该人员未在本单位在职")
def left_meanwhile(cast):
    return complete(cast, cast.employment(status="ended", ended_at=timezone.now()))


@shows("R-43", "内容已被他人更新，请刷新")
def changed_meanwhile(cast):
    row = cast.employment()
    complete(cast, row)
    return complete(cast, row)


# 解聘


@shows("R-24", "管理员须先在工地端退场")
def manager_on_site(cast):
    row = cast.employment(kind="manager", duty="安全员")
    cast.stay(cast.assignment(row, role="安全员"))
    return dismiss(cast, row, "合同到期")


@shows("R-41", "请输入解聘原因")
def dismissed_without_reason(cast):
    return dismiss(cast, cast.employment(), "")


# 人员分配


@shows("R-17", "合同未完成报送，不能分配人员")
def contract_not_filed(cast):
    return allocate(cast, cast.employment())


@shows("R-18", "该人员已分配到本项目")
def allocated_twice(cast):
    cast.filing(cast.labour_place, "孙劳务")
    return allocate(cast, cast.assignment().employment)


@shows("M-03", "分配成功。", 204)
def allocated(cast):
    cast.filing(cast.labour_place, "孙劳务")
    return allocate(cast, cast.employment())


@shows("R-40", "请填写不通过原因")
def rejected_without_reason(cast):
    sent = {"ids": waiting(cast).pk, "note": ""}
    return client_of(cast.gc_pm).post("/assignments/rejections/", sent, headers=DIALOG)


@shows("R-42", "您没有此项权限，可联系：本项目项目经理，或其授权确认分配的现场操作用户")
def operator_without_that_right(cast):
    operator = cast.operator(rights=("entry",))
    return client_of(operator).post("/assignments/confirmations/", {"ids": waiting(cast).pk}, headers=MAIN)


@shows("R-44", "请至少选择一人")
def nobody_ticked(cast):
    return client_of(cast.gc_pm).post("/assignments/confirmations/", headers=MAIN)


# 进退场


@shows("R-20", "该人员尚未确认分配", 200)
def not_confirmed(cast):
    waiting(cast)
    return scan(cast.gc_pm, cast.zhang)


@shows("R-21", "劳务分包人员须由施工总包项目经理扫码进场", 200)
def scanned_by_the_subcontractor(cast):
    cast.assignment()
    return scan(cast.labour_pm, cast.zhang)


@shows("R-22", "该人员已在场", 200)
def scanned_again(cast):
    cast.stay()
    return scan(cast.gc_pm, cast.zhang)


@shows("R-23", "该人员已经退场，不能重复操作")
def left_twice(cast):
    stay = cast.stay()
    leave(cast, stay)
    return leave(cast, stay)


@shows("R-25", "退场日期晚于今天")
def leaves_tomorrow(cast):
    return leave(cast, cast.stay(), days=1)


@shows("R-25", "退场日期早于进场日期")
def leaves_before_he_came(cast):
    return leave(cast, cast.stay(), days=-40)


@shows("R-30", "二维码无效", 200)
def made_up_code(cast):
    return scan(cast.gc_pm, cast.zhang, code="PMADEUP")


@shows("R-30", "二维码已过期，请刷新", 200)
def photograph_of_a_code(cast):
    cast.assignment()
    before = timezone.now().timestamp() - 600
    return scan(cast.gc_pm, cast.zhang, code=codes.personal_code(cast.zhang.pk, before))


@shows("R-45", "进场日期晚于今天")
def enters_tomorrow(cast):
    return enter(cast, cast.assignment(), days=1)


@shows("R-45", "进场日期早于分配日期")
def enters_before_he_was_allocated(cast):
    return enter(cast, cast.assignment(), days=-31)


@shows("R-46", "未满 18 周岁，不能进场", 200)
def too_young(cast):
    young = cast.person("小张", born=date(timezone.localdate().year - 17, 1, 1))
    cast.assignment(cast.employment(young))
    return scan(cast.gc_pm, young)


@shows("R-47", "在限制进场名单中，可提出申诉", 200)
def on_the_list_of_the_site(cast):
    """This flow keeps no such list yet: the gate's page is given facts that say so."""
    assignment = cast.assignment()
    facts = replace(facts_for(assignment.person_id, assignment.project_id), blocked=True)
    verdict = verdicts.refused(judge(facts, timezone.localdate()), facts)
    return HttpResponse(render_to_string("presence/verdict.html", {"verdict": verdict}))


@shows("R-48", "项目未在建，不能办理进场", 200)
def site_stands_still(cast):
    cast.assignment()
    Project.objects.update(status="suspended")
    return scan(cast.gc_pm, cast.zhang)


# 考勤


@shows("R-31", "请先办理进场")
def site_code_before_entry(cast):
    cast.assignment()
    return scan_site_code(cast)


@shows("R-32", "该人员已退场")
def site_code_after_exit(cast):
    leave(cast, cast.stay())
    return scan_site_code(cast)


@pytest.mark.parametrize(("arrange", "code", "sentence", "status"), CASES.values())
def test_the_page_refuses_in_the_words_of_the_manual(cast, arrange, code, sentence, status):
    answer = arrange(cast)
    page = unescape(answer.content.decode())
    assert (answer.status_code, refusals_on(page)) == (status, [(code, sentence)])
    assert code == "R-10" or str(REFUSALS[code].next_step) in page  # R-10 says itself what to do


@pytest.mark.parametrize(("arrange", "code", "sentence", "status"), MESSAGES.values())
def test_the_next_page_says_what_was_done(cast, arrange, code, sentence, status):
    answer = arrange(cast)
    page = answer.client.get(answer["HX-Redirect"]).content.decode()
    assert (answer.status_code, sentence in page) == (status, True)


def test_no_refusal_of_this_flow_is_left_out():
    of_the_manuals = {code for code in REFUSALS if code[0] in "RM" and int(code[2:]) <= LAST_OF_THE_SPECIFICATION}
    assert {code for code, _ in (*CASES, *MESSAGES)} == (of_the_manuals | {"M-03"}) - set(ELSEWHERE)


def test_what_is_refused_is_not_done(cast):
    enters_tomorrow(cast)
    scan(cast.labour_pm, cast.zhang)
    assert not Stay.objects.exists()


def refusals_on(page: str) -> list[tuple[str, str]]:
    """(code, sentence) of every refusal a page shows: as a card of its own, or beside the field it is about."""
    cards = re.findall(r'refusal__say" data-say>(.+?) <code>(.+?)</code>', page)
    beside = re.findall(r">([^<>]+?)（([RM]-\d\d)）", page)
    return [(code, sentence.strip()) for sentence, code in cards + beside]
