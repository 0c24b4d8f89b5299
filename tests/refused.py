"""The refusals of the default flow [001], each arranged once, in the words of domain.md §6.

An arrangement gets the cast and a set of verbs: `Pages` (tests/journeys/asking.py) or `Keys`
(tests/test_api_refusals.py). Both have the same verbs, and each returns the response.
"""

from datetime import date

from django.utils import timezone

from shiming.employment import commands as employment
from shiming.employment.models import Employment
from shiming.presence import codes
from shiming.projects.models import Project

CASES = {}  # (code, sentence) → arrangement


def refused(code: str, sentence: str):
    def register(arrange):
        assert (code, sentence) not in CASES
        CASES[code, sentence] = arrange
        return arrange

    return register


def waiting(cast):
    return cast.assignment(status="pending", confirmed_at=None)


# employment


@refused("R-03", "身份证号码无效，请核对第 18 位")
def wrong_number(cast, way):
    number = cast.zhang.id_number.plain
    return way.hire(cast.zhang, number=number[:17] + ("0" if number[17] != "0" else "1"))


@refused("R-04", "该人员已登记")
def employed_here(cast, way):
    cast.employment()
    return way.hire(cast.zhang)


@refused("R-05", "该人员在另外一家单位未离职，请先由本人申请离职或由原单位迁出")
def employed_elsewhere(cast, way):
    cast.employment(company=cast.yuanda)
    return way.hire(cast.zhang)


@refused("R-06", "该人员尚未实名登记，请先进行人员建档")
def not_registered(cast, way):
    return way.hire(cast.person(status="unverified"))


@refused("R-07", "姓名与身份证号不一致")
def other_name(cast, way):
    return way.hire(cast.zhang, name="张四")


@refused("R-08", "已发出聘用邀请，等待本人确认")
def invited_twice(cast, way):
    way.hire(cast.zhang)
    return way.hire(cast.zhang)


@refused("R-09", "本人已处理，不能撤回")
def withdrawn_too_late(cast, way):
    way.hire(cast.zhang)
    row = employment.confirm(Employment.objects.get(), by=cast.himself())
    return way.withdraw(row)


# complete the worker's information


@refused("R-10", "请填写：从事主要工种")
def without_trade(cast, way):
    return way.complete(cast.employment(), trade="")


@refused("R-11", "劳动合同失效日期早于生效日期")
def contract_backwards(cast, way):
    return way.complete(cast.employment(), contract_start="2026-05-01", contract_end="2026-04-01")


@refused("R-12", "劳务队长（班组长）必须填写手机号")
def leader_without_phone(cast, way):
    row = cast.employment()
    row.person.phone = None
    row.person.save()
    return way.complete(row)


@refused("R-13", "手机号应为 11 位")
def short_phone(cast, way):
    return way.complete(cast.employment(), contact_phone="1380013800")


@refused("R-14", "请选择班组长")
def without_leader(cast, way):
    cast.team()  # the first workers of a firm without a team need no leader
    return way.complete(cast.employment(), is_leader=False)


@refused("R-19", "该人员未在本单位在职")
def left_meanwhile(cast, way):
    return way.complete(cast.employment(status="ended", ended_at=timezone.now()))


@refused("R-43", "内容已被他人更新，请刷新")
def changed_meanwhile(cast, way):
    row = cast.employment()
    way.complete(row)
    return way.complete(row)


# dismissal


@refused("R-24", "管理员须先在工地端退场：滨江一期")
def manager_on_site(cast, way):
    row = cast.employment(kind="manager", duty="安全员")
    cast.stay(cast.assignment(row, role="安全员"))
    return way.dismiss(row, "合同到期")


@refused("R-41", "请输入解聘原因")
def dismissed_without_reason(cast, way):
    return way.dismiss(cast.employment(), " ")


# allocation


@refused("R-17", "合同未完成报送，不能分配人员")
def contract_not_filed(cast, way):
    return way.allocate(cast.employment())


@refused("R-18", "该人员已分配到本项目")
def allocated_twice(cast, way):
    cast.filing(cast.labour_place, "孙劳务")
    return way.allocate(cast.assignment().employment)


@refused("R-40", "请填写不通过原因")
def rejected_without_reason(cast, way):
    return way.reject(waiting(cast), note="")


@refused("R-44", "请至少选择一人")
def nobody_ticked(cast, way):
    return way.accept_nobody()


# stays


@refused("R-20", "该人员尚未确认分配")
def not_confirmed(cast, way):
    waiting(cast)
    return way.scan(cast.gc_pm, cast.zhang)


@refused("R-21", "劳务分包人员须由施工总包项目经理扫码进场")
def scanned_by_the_subcontractor(cast, way):
    cast.assignment()
    return way.scan(cast.labour_pm, cast.zhang)


@refused("R-22", "该人员已在场")
def scanned_again(cast, way):
    cast.stay()
    return way.scan(cast.gc_pm, cast.zhang)


@refused("R-23", "该人员已经退场，不能重复操作")
def left_twice(cast, way):
    stay = cast.stay()
    way.leave(stay)
    return way.leave(stay)


@refused("R-25", "退场日期晚于今天")
def leaves_tomorrow(cast, way):
    return way.leave(cast.stay(), days=1)


@refused("R-25", "退场日期早于进场日期")
def leaves_before_he_came(cast, way):
    return way.leave(cast.stay(), days=-40)


@refused("R-30", "二维码无效")
def made_up_code(cast, way):
    return way.scan(cast.gc_pm, cast.zhang, code="PMADEUP")


@refused("R-30", "二维码已过期，请刷新")
def photograph_of_a_code(cast, way):
    cast.assignment()
    before = timezone.now().timestamp() - 600
    return way.scan(cast.gc_pm, cast.zhang, code=codes.personal_code(cast.zhang.pk, before))


@refused("R-45", "进场日期晚于今天")
def enters_tomorrow(cast, way):
    return way.enter(cast.assignment(), days=1)


@refused("R-45", "进场日期早于分配日期")
def enters_before_he_was_allocated(cast, way):
    return way.enter(cast.assignment(), days=-31)


@refused("R-46", "未满 18 周岁，不能进场")
def too_young(cast, way):
    young = cast.person("小张", born=date(timezone.localdate().year - 17, 1, 1))
    cast.assignment(cast.employment(young))
    return way.scan(cast.gc_pm, young)


@refused("R-48", "项目未在建，不能办理进场")
def site_stands_still(cast, way):
    cast.assignment()
    Project.objects.update(status="suspended")
    return way.scan(cast.gc_pm, cast.zhang)


# attendance


@refused("R-31", "请先办理进场")
def punch_before_entry(cast, way):
    return way.punch(cast.assignment().person)


@refused("R-32", "该人员已退场")
def punch_after_exit(cast, way):
    stay = cast.stay()
    way.leave(stay)
    return way.punch(stay.person)
