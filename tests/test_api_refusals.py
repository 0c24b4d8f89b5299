"""Each refusal of the flow of today [001], once through the API, in the words of domain.md §6. Nothing is changed by it."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from shiming.assignment.models import Assignment
from shiming.core.models import AuditEntry
from shiming.employment import commands as employment
from shiming.employment.models import Employment
from shiming.presence import codes
from shiming.presence.models import Stay
from shiming.projects.models import Project
from tests.callers import firm, site

pytestmark = pytest.mark.django_db

CASES = {}


def refuses(code: str, sentence: str, status: int = 422):
    """An arrangement that makes the request; `status` is 200 where each row, or the gate, has its own answer."""

    def register(arrange):
        assert code not in CASES
        CASES[code] = pytest.param(arrange, sentence, status, id=code)
        return arrange

    return register


def days(number: int) -> str:
    return (timezone.localdate() + timedelta(days=number)).isoformat()


def hire(cast, person, **more):
    return firm(cast, cast.antai).post(
        "/employments", **({"name": person.name, "number": person.id_number.plain} | more)
    )


def profile(cast, row, **given):
    given = {"kind": "worker", "trade": "钢筋工", "is_leader": True} | given
    return firm(cast, cast.antai).put(f"/employments/{row.pk}/profile", **given)


def propose(cast, row):
    given = {"participation_id": str(cast.labour_place.pk), "employment_ids": [str(row.pk)]}
    return firm(cast, cast.antai).post("/assignments", **given)


def enter(cast, assignment, **more):
    return site(cast.gc_pm).post("/entries", assignment_ids=[str(assignment.pk)], **more)


def leave(cast, stay, **more):
    return site(cast.gc_pm).post("/stays/exit", stay_ids=[str(stay.pk)], **more)


def punch(cast, person):
    return site(cast.gc_pm).post("/attendance/punches", person_id=str(person.pk), event_id=str(uuid4()))


# 聘用


@refuses("R-03", "身份证号码无效，请核对第 18 位")
def wrong_number(cast):
    number = cast.zhang.id_number.plain
    return hire(cast, cast.zhang, number=number[:17] + ("0" if number[17] != "0" else "1"))


@refuses("R-04", "该人员已登记")
def employed_here(cast):
    cast.employment()
    return hire(cast, cast.zhang)


@refuses("R-05", "该人员在另外一家单位未离职，请先由本人申请离职或由原单位迁出")
def employed_elsewhere(cast):
    cast.employment(company=cast.hengli)
    return hire(cast, cast.zhang)


@refuses("R-06", "该人员尚未实名登记，请先进行人员建档")
def unknown_person(cast):
    return hire(cast, cast.person(status="unverified"))


@refuses("R-07", "姓名与身份证号不一致")
def other_name(cast):
    return hire(cast, cast.zhang, name="张四")


@refuses("R-08", "已发出聘用邀请，等待本人确认")
def invited_twice(cast):
    hire(cast, cast.zhang)
    return hire(cast, cast.zhang)


@refuses("R-09", "本人已处理，不能撤回")
def withdrawn_too_late(cast):
    row = Employment.objects.get(pk=hire(cast, cast.zhang).json()["id"])
    employment.confirm(row, by=cast.himself())
    return firm(cast, cast.antai).post(f"/employments/{row.pk}/withdrawal")


@refuses("R-10", "请填写：从事主要工种")
def without_trade(cast):
    return profile(cast, cast.employment(), trade="")


@refuses("R-11", "劳动合同失效日期早于生效日期")
def contract_backwards(cast):
    return profile(cast, cast.employment(), contract_start="2026-05-01", contract_end="2026-04-01")


@refuses("R-12", "劳务队长（班组长）必须填写手机号")
def leader_without_phone(cast):
    row = cast.employment()
    row.person.phone = None
    row.person.save()
    return profile(cast, row)


@refuses("R-13", "手机号应为 11 位")
def short_phone(cast):
    return profile(cast, cast.employment(), contact_phone="1380013800")


@refuses("R-14", "请选择班组长")
def without_leader(cast):
    return profile(cast, cast.employment(), is_leader=False)


@refuses("R-24", "管理员须先在工地端退场")
def manager_on_site(cast):
    row = cast.employment(kind="manager", duty="安全员")
    cast.stay(cast.assignment(row, role="安全员"))
    return firm(cast, cast.antai).post(f"/employments/{row.pk}/dismissal", reason="合同到期")


@refuses("R-41", "请输入解聘原因")
def dismissed_without_reason(cast):
    return firm(cast, cast.antai).post(f"/employments/{cast.employment().pk}/dismissal", reason=" ")


@refuses("R-43", "内容已被他人更新，请刷新", 409)
def changed_meanwhile(cast):
    row = cast.employment()
    profile(cast, row, version=row.version)
    return profile(cast, row, version=row.version)


# 分配


@refuses("R-17", "合同未完成报送，不能分配人员")
def contract_not_filed(cast):
    return propose(cast, cast.employment())


@refuses("R-18", "该人员已分配到本项目", 200)
def allocated_twice(cast):
    cast.filing(cast.labour_place, "孙劳务")
    return propose(cast, cast.assignment().employment)


@refuses("R-19", "该人员未在本单位在职", 200)
def not_employed(cast):
    cast.filing(cast.labour_place, "孙劳务")
    return propose(cast, cast.employment(status="ended", ended_at=timezone.now()))


@refuses("R-40", "请填写不通过原因")
def rejected_without_reason(cast):
    row = cast.assignment(status="pending", confirmed_at=None)
    return site(cast.gc_pm).post("/assignments/rejection", assignment_ids=[str(row.pk)], note="")


@refuses("R-44", "请至少选择一人")
def nobody_ticked(cast):
    return site(cast.gc_pm).post("/assignments/acceptance", assignment_ids=[])


# 进退场


@refuses("R-20", "该人员尚未确认分配", 200)
def not_confirmed(cast):
    return enter(cast, cast.assignment(status="pending", confirmed_at=None))


@refuses("R-21", "劳务分包人员须由施工总包项目经理扫码进场", 200)
def scanned_by_another(cast):
    cast.assignment()
    code = codes.personal_code(cast.zhang.pk)
    return site(cast.labour_pm).post("/entries/scan", code=code, event_id=str(uuid4()))


@refuses("R-22", "该人员已在场", 200)
def entered_twice(cast):
    return enter(cast, cast.stay().assignment)


@refuses("R-23", "该人员已经退场，不能重复操作", 200)
def left_twice(cast):
    stay = cast.stay()
    leave(cast, stay)
    return leave(cast, stay)


@refuses("R-25", "退场日期晚于今天", 200)
def leaves_tomorrow(cast):
    return leave(cast, cast.stay(), on=days(1))


@refuses("R-30", "二维码无效", 200)
def made_up_code(cast):
    return site(cast.gc_pm).post("/entries/scan", code="PMADEUP", event_id=str(uuid4()))


@refuses("R-45", "进场日期晚于今天", 200)
def enters_tomorrow(cast):
    return enter(cast, cast.assignment(), on=days(1))


@refuses("R-46", "未满 18 周岁，不能进场", 200)
def too_young(cast):
    today = timezone.localdate()
    young = cast.person("小张", born=date(today.year - 17, 1, 1))
    return enter(cast, cast.assignment(cast.employment(young)))


@refuses("R-48", "项目未在建，不能办理进场", 200)
def site_stands_still(cast):
    row = cast.assignment()
    Project.objects.filter(pk=row.project_id).update(status="suspended")
    return enter(cast, row)


@refuses("R-42", "您没有此项权限，可联系：现场操作用户", 403)
def firm_at_the_gate(cast):
    return firm(cast, cast.antai).post("/entries", assignment_ids=[str(cast.assignment().pk)])


# 考勤


@refuses("R-31", "请先办理进场")
def punch_before_entry(cast):
    return punch(cast, cast.assignment().person)


@refuses("R-32", "该人员已退场")
def punch_after_exit(cast):
    stay = cast.stay()
    leave(cast, stay)
    return punch(cast, stay.person)


@pytest.mark.parametrize(("arrange", "sentence", "status"), CASES.values())
def test_the_api_refuses_in_the_same_words(cast, request, arrange, sentence, status):
    code = request.node.callspec.id
    answer = arrange(cast)
    told = list(_refusals(answer.json()))
    assert (answer.status_code, [(item["code"], item["sentence"]) for item in told]) == (status, [(code, sentence)])
    assert told[0]["who"] and told[0]["next_step"]


def test_an_expired_code_says_so_and_not_that_it_is_false(cast, monkeypatch):
    cast.assignment()
    old = codes.personal_code(cast.zhang.pk, timezone.now().timestamp() - 600)
    verdict = site(cast.gc_pm).post("/entries/scan", code=old, event_id=str(uuid4())).json()
    assert [item["sentence"] for item in verdict["refusals"]] == ["二维码已过期，请刷新"]


def test_leaving_before_entering_is_refused(cast):
    answer = leave(cast, cast.stay(), on=days(-40)).json()
    assert [item["sentence"] for item in _refusals(answer)] == ["退场日期早于进场日期"]


def test_m_01_is_no_refusal_the_hiring_waits_and_says_so(cast):
    hired = hire(cast, cast.person(status="pending")).json()
    assert hired["status"] == "awaiting_identity"
    assert hired["waits"] == "个人信息正在处理，无需重复登记，处理完成后自动继续（第 1 个工作日/共 15）"


def test_all_reasons_come_together(cast):
    row = cast.assignment(cast.employment(cast.person(status="failed")), status="pending", confirmed_at=None)
    Project.objects.filter(pk=row.project_id).update(status="suspended")
    answer = site(cast.gc_pm).get("/eligibility", person=row.person_id, project=row.project_id).json()
    assert [item["code"] for item in answer["refusals"]] == ["R-48", "R-20", "R-06"]


def test_what_is_refused_changes_nothing(cast):
    row = cast.assignment(status="pending", confirmed_at=None)
    enter(cast, row)
    assert not Stay.objects.exists()
    assert Assignment.objects.get().status == "pending"
    assert "被拒绝进场" in str(AuditEntry.objects.filter(event="entry.refused").get())


def _refusals(body: dict):
    yield from body.get("refusals", ())
    for row in body.get("refused", ()):
        yield from row["refusals"]
