"""Each refusal of the default flow [001] once on a page, in the words of domain.md §6, with its code and the next step.

tests/refused.py arranges them; tests/test_api_refusals.py checks the same ones through the API.
"""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from shiming.accounts.tests.conftest import with_password
from shiming.core.refusals import REFUSALS
from shiming.people.models import Person
from shiming.presence.models import Stay
from shiming.projects.models import Grant
from tests import refused
from tests.doors import client_of
from tests.journeys.asking import MAIN, Pages, knock_at_the_site

pytestmark = pytest.mark.django_db

CASES, MESSAGES = dict(refused.CASES), {}
AT_THE_GATE = ("R-20", "R-21", "R-22", "R-30", "R-46", "R-48")  # where a refusal is an ordinary answer: 200
OF_A_WORKER = ("R-31", "R-32")  # shown to the worker, who sees no codes
# refusals of other flows, with their source
ELSEWHERE = {
    "R-26": "人脸认证在前的流程 [004]",
    "R-27": "社保缴费证明 [004]",
    "R-28": "同步来的管理人员 [004]",
    "R-29": "按报建编号新增项目 [004]",
    "M-05": "人脸考勤 [004]",
    "R-47": "限制进场名单，项目启用才有",
    "R-33": "预登记 [002]",
    "R-34": "处置 [002]",
    "R-35": "健康云 [002]",
    "R-36": "预登记里的用人单位 [002]",
    "R-37": "工地疫情防控信息 [002]",
    "R-38": "隔离与就医 [002]",
    "R-39": "每日健康 [002]",
}
LAST_OF_THE_SPECIFICATION = 48  # later codes are not from the manuals; the tests of their modules show them


def shows(code: str, sentence: str):
    """Register an arrangement of this file that has no counterpart in the API."""

    def register(arrange):
        cases = CASES if code.startswith("R") else MESSAGES
        cases[code, sentence] = arrange
        return arrange

    return register


# login


@shows("R-01", "用户名或密码错误!")
def wrong_password(cast, way):
    user = with_password(cast.hr)
    return Client().post("/login/company/", {"username": user.username, "password": "不是这一句"})


@shows("R-02", "请先插入数字证书后再输入密码")
def without_the_key(cast, way):
    return Client().post("/login/company/certificate/")


@shows("R-15", "未找到合同：请核对登录角色；请企业确认已将您报送为项目负责人；或请项目负责人授权")
def named_by_no_contract(cast, way):
    return knock_at_the_site(cast.zhang, "pm")


@shows("R-16", "授权已到期，请项目负责人重新授权")
def grant_ran_out(cast, way):
    operator, yesterday = cast.operator(), timezone.localdate() - timedelta(days=1)
    Grant.objects.update(starts_on=yesterday - timedelta(days=9), ends_on=yesterday)
    return knock_at_the_site(Person.objects.get(pk=operator.person_id), "operator")


# others


@shows("M-01", "张三：个人信息正在处理，无需重复登记，处理完成后自动继续（第 1 个工作日/共 15）")
def hired_while_processing(cast, way):
    return way.hire(cast.person(status="pending"))


@shows("M-03", "分配成功。")
def allocated(cast, way):
    cast.filing(cast.labour_place, "孙劳务")
    return way.allocate(cast.employment())


@shows("R-42", "您没有此项权限，可联系：本项目项目经理，或其授权确认分配的现场操作用户")
def operator_without_that_right(cast, way):
    operator = cast.operator(rights=("entry",))
    return client_of(operator).post("/assignments/confirmations/", {"ids": refused.waiting(cast).pk}, headers=MAIN)


def named(cases: dict) -> list:
    return [pytest.param(each, *expected, id=f"{expected[0]} {each.__name__}") for expected, each in cases.items()]


@pytest.mark.parametrize(("arrange", "code", "sentence"), named(CASES))
def test_page_refuses_in_the_words_of_the_manual(cast, arrange, code, sentence):
    answer = arrange(cast, Pages(cast))
    page = unescape(answer.content.decode())
    status = 200 if code in AT_THE_GATE else 422
    if code in OF_A_WORKER:
        assert (answer.status_code, sentence in page, code in page) == (status, True, False)
        return
    assert (answer.status_code, refusals_on(page)) == (status, [(code, sentence)])
    assert code == "R-10" or str(REFUSALS[code].next_step) in page  # R-10 itself names the missing field


@pytest.mark.parametrize(("arrange", "code", "sentence"), named(MESSAGES))
def test_next_page_shows_the_result(cast, arrange, code, sentence):
    answer = arrange(cast, Pages(cast))
    page = answer.client.get(answer["HX-Redirect"]).content.decode()
    assert (answer.status_code, sentence in page) == (204, True)


def test_every_refusal_of_the_flow_is_covered():
    of_the_manuals = {code for code in REFUSALS if code[0] in "RM" and int(code[2:]) <= LAST_OF_THE_SPECIFICATION}
    assert {code for code, _ in (*CASES, *MESSAGES)} == (of_the_manuals | {"M-03"}) - set(ELSEWHERE)


# Every page that a sentence or a next step names, with a user who is told so; a button stands on the page named.
NAMED = {
    "现场操作用户": ("gc_pm", "/site/operators/"),
    "已分配人员": ("hr", "/assignments/"),
    "人员分配": ("gc_pm", "/site/"),
    "管理人员登记": ("clerk", "/managers/"),
    "刷新": ("himself", "/m/code/"),
    "安全培训": ("hr", "/safety/trainings/"),
    "扫码": ("gc_pm", "/site/"),
    "接口密钥": ("gc_pm", "/keys/"),
    "限制进场": ("himself", "/m/restrictions/"),
    "人员证书": ("hr", "/credentials/"),
}
OF_THE_OVERLAY = {
    "无上述异常症状",
    "获取健康云信息",
    "进场预登记",
    "准入检查",
    "预登记报送",
}  # [002], on pages that health/tests walk


@pytest.mark.parametrize("name", NAMED)
def test_page_named_by_a_next_step_is_open_to_its_reader(cast, name):
    who, path = NAMED[name]
    assert cast.repair_place and cast.gc_pm and cast.assignment()
    user = cast.himself() if who == "himself" else getattr(cast, who)
    page = client_of(user).get(path)
    assert (page.status_code, name in page.content.decode()) == (200, True)


def test_every_page_named_by_a_refusal_is_walked():
    entries = [f"{entry.sentence}{entry.next_step}" for entry in REFUSALS.values()]
    named = {name for entry in entries for name in re.findall(r"“([^”{]+)”", entry)}
    assert named == set(NAMED) | OF_THE_OVERLAY


@pytest.mark.parametrize(("who", "path", "offered"), [("hr", "/no/such/page/", 404), ("hr", "/companies/new/", 403)])
def test_page_of_an_error_offers_what_its_reader_may_open(cast, who, path, offered):
    browser = client_of(getattr(cast, who))
    answer = browser.get(path)
    page = answer.content.decode()
    assert answer.status_code == offered and "切换身份" in page
    addresses = re.findall(r'<a class="btn btn-sm" href="([^"]+)"', page)
    assert len(addresses) > 3 and {browser.get(address).status_code for address in addresses} <= {200, 302}


def test_refused_command_changes_nothing(cast):
    refused.enters_tomorrow(cast, Pages(cast))
    Pages(cast).scan(cast.labour_pm, cast.zhang)
    assert not Stay.objects.exists()


def refusals_on(page: str) -> list[tuple[str, str]]:
    """(code, sentence) of every refusal a page shows: as a card of its own, or beside its field."""
    cards = re.findall(r'refusal__say" data-say>(.+?) <code>(.+?)</code>', page)
    beside = re.findall(r">([^<>]+?)（([RM]-\d\d)）", page)
    return [(code, sentence.strip()) for sentence, code in cards + beside]
