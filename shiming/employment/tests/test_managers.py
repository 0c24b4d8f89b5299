"""管理人员登记 of manual [004]: rows 4-03 … 4-17, domain.md §11.6–11.13."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from shiming.core.actor import Role, system
from shiming.core.errors import DomainError
from shiming.core.models import AuditEntry
from shiming.employment import bindings, commands, guards
from shiming.employment.models import Employment, ManagerDraft
from shiming.inbox.models import InboxItem
from shiming.people.items import items_of
from shiming.people.models import Person
from tests.cast import invented_id, phone_number

pytestmark = pytest.mark.django_db
NUMBER = invented_id(301, date(1980, 5, 20))
WORK = {"duty": "安全员", "title": "工程师", "social_insurance": "已在本单位缴纳", "contact_phone": phone_number(301)}
ABOUT = {
    "ethnicity": "汉族",
    "household_place": "浙江省杭州市西湖区",
    "residence": "上海市黄浦区",
    "residence_detail": "滨江路 1 号",
    "native_place": "浙江省杭州市",
    "education": "本科",
}
ITEMS = {"schools": [{"school": "城东大学"}], "credentials": [{"number": "A1", "name": "安全员证"}]}


@pytest.fixture
def clerk(cast):
    return cast.clerk


def register(by, number=NUMBER, name="韩管理", **changes):
    given = {"work": WORK, "about": ABOUT, "items": ITEMS} | changes
    return commands.register_manager(number, name=name, by=by, **given)


def update(employment, by, **changes):
    return commands.update_manager(employment, by=by, **({"work": WORK, "about": ABOUT} | changes))


def codes(call, *args, **kwargs):
    with pytest.raises(DomainError) as caught:
        call(*args, **kwargs)
    return caught.value.codes


def trail():
    return [str(entry) for entry in AuditEntry.objects.order_by("id")]


def test_unknown_number_becomes_a_pending_person_and_a_manager_at_once(cast, clerk):
    employment = register(clerk)
    person = employment.person
    assert (person.identity_status, person.identity_source, person.name) == ("pending", "typed", "韩管理")
    assert (employment.status, employment.mode, employment.kind) == ("active", "direct", "manager")
    assert (employment.profile_completed, employment.duty, employment.title) == (True, "安全员", "工程师")
    person.refresh_from_db()
    assert (person.residence.plain, person.native_place, person.education) == ("上海市黄浦区", "浙江省杭州市", "本科")
    rows = items_of(person)
    assert [rows["schools"][0].school, rows["credentials"][0].name] == ["城东大学", "安全员证"]
    assert trail()[:2] == ["冯经办登记韩管理", "冯经办登记韩管理在安泰劳务在职"]
    told = InboxItem.objects.filter(person=person, asks=True).values_list("title", flat=True)
    assert list(told) == ["安泰劳务登记您在职"]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"number": "110101198503120011"}, ["R-03"]),
        ({"name": ""}, ["R-10"]),
        ({"work": WORK | {"duty": "", "title": ""}}, ["R-10", "R-10"]),
        ({"about": ABOUT | {"native_place": ""}}, ["R-10"]),
        ({"about": {}}, ["R-10"] * 6),
        ({"work": WORK | {"contact_phone": "123"}}, ["R-13"]),
    ],
)
def test_what_is_refused_registers_nobody(cast, clerk, changes, found):
    assert codes(register, clerk, **changes) == found
    assert not Employment.objects.exists() and not Person.objects.filter(name="韩管理").exists()


def test_person_of_another_company_is_refused_without_its_name(cast, clerk):
    person = cast.person("李四")
    cast.employment(person, cast.yuanda)
    with pytest.raises(DomainError) as caught:
        register(clerk, person.id_number.plain, "李四")
    assert caught.value.codes == ["R-05"] and "远大" not in str(caught.value)


def test_person_registered_here_is_refused_once_more(cast, clerk):
    register(clerk)
    assert codes(register, clerk) == ["R-04"]
    invited = cast.employment(cast.person("王五"), status="invited", started_at=None)
    assert codes(register, clerk, invited.person.id_number.plain, "王五") == ["R-08"]


def test_known_person_keeps_what_was_verified(cast, clerk):
    person = cast.zhang
    Person.objects.filter(pk=person.pk).update(ethnicity="回族", education="高中")
    assert codes(register, clerk, person.id_number.plain, "张山") == ["R-07"]

    employment = register(clerk, person.id_number.plain, "张三")
    person.refresh_from_db()
    assert employment.person == person
    assert (person.identity_status, person.ethnicity, person.education) == ("verified", "回族", "本科")
    assert person.phone.plain != WORK["contact_phone"]


def test_every_kind_of_company_on_such_a_project_registers_and_no_other(cast, clerk):
    assert cast.implementing_place and cast.supervision_place
    anju = cast.staff("安居经办", cast.anju, Role.PARTICIPANT_CLERK)
    assert register(anju).company == cast.anju
    first = cast.staff("远大经办", cast.yuanda, Role.PARTICIPANT_CLERK)  # who adds the first project afterwards
    assert register(first, invented_id(302), "新来").company == cast.yuanda
    assert codes(register, cast.stranger_hr, invented_id(303), "别人") == ["R-42"]
    assert codes(register, cast.implementer, invented_id(302), "别人") == ["R-42"]


def test_later_modules_may_refuse_a_registration(cast, clerk, monkeypatch):
    asked = []
    monkeypatch.setattr(guards, "_registration", [lambda number, by: asked.append((by.company_id, number))])
    register(clerk, NUMBER.lower())
    assert asked == [(cast.antai.pk, NUMBER)]


def test_change_keeps_secrets_that_were_left_empty(cast, clerk):
    employment = register(clerk)
    blank = {"contact_phone": ""}, {"residence": "", "residence_detail": ""}
    update(employment, clerk, work=WORK | blank[0] | {"duty": "质量员"}, about=ABOUT | blank[1], items={"schools": []})
    employment.refresh_from_db()
    person = employment.person
    assert (employment.duty, employment.contact_phone.plain) == ("质量员", WORK["contact_phone"])
    assert person.residence.plain == "上海市黄浦区"
    assert [len(rows) for rows in items_of(person).values()] == [0, 0, 0, 0, 1, 0]


def test_change_of_a_page_of_before_is_refused(cast, clerk):
    employment = register(clerk)
    employment.refresh_from_db()
    seen = employment.version, employment.person.version
    update(employment, clerk, work=WORK | {"duty": "质量员"}, seen=seen)
    assert codes(update, employment, clerk, seen=seen) == ["R-43"]


def test_change_of_the_person_alone_is_noticed(cast, clerk):
    employment = register(clerk)
    employment.refresh_from_db()
    seen = employment.version, employment.person.version
    update(employment, clerk, about=ABOUT | {"education": "硕士"}, seen=seen)
    assert codes(update, employment, clerk, seen=seen) == ["R-43"]


def test_stars_are_asked_of_a_change_as_well(cast, clerk):
    employment = register(clerk)
    assert codes(update, employment, clerk, work=WORK | {"title": ""}) == ["R-10"]
    assert codes(update, employment, cast.stranger_hr) == ["R-42"]


def test_name_typed_wrong_is_corrected_until_it_is_verified(cast, clerk):
    employment = register(clerk)
    update(employment, clerk, name="韩官理")
    assert Person.objects.get(pk=employment.person_id).name == "韩官理"
    Person.objects.filter(pk=employment.person_id).update(identity_status="verified", verified_at=timezone.now())
    assert codes(update, employment, clerk, name="韩管理") == ["R-07"]


def test_worker_of_the_company_becomes_its_manager(cast, clerk):
    employment = cast.employment(mode="direct")
    assert codes(register, clerk, cast.zhang.id_number.plain, "张三") == ["R-04"]
    update(employment, clerk)
    employment.refresh_from_db()
    assert (employment.kind, employment.status, employment.trade) == ("manager", "active", "")
    assert "冯经办修改张三的用工信息：身份、从事主要工种、联系手机号、职务、职称、社保情况" in trail()


def test_moved_out_manager_can_be_registered_by_another_company(cast, clerk):
    employment = register(clerk)
    binding = cast.assignment(employment, cast.repair_place, role="安全员")
    cast.stay(binding)
    assert bindings.what_ends(employment) == [f"沿河修缮（{cast.yanhe.filing_code}）：审核通过"]

    commands.release(employment, reason="合同到期", by=clerk)
    binding.refresh_from_db()
    assert (binding.status, binding.stays.get().exited_on) == ("ended", timezone.localdate())
    assert codes(update, employment, clerk) == ["R-19"]

    hongji = cast.staff("宏基经办", cast.hongji, Role.PARTICIPANT_CLERK)
    again = register(hongji)
    assert (again.company, again.person) == (cast.hongji, employment.person)
    assert len(items_of(again.person)["schools"]) == 1


def test_strictest_project_decides_about_moving_out(cast, clerk):
    """On 滨江一期 managers exit first (R-24), whatever 沿河修缮 says."""
    employment = register(clerk)
    cast.stay(cast.assignment(employment, cast.labour_place, role="安全员"))
    binding = cast.assignment(employment, cast.repair_place, role="安全员")
    assert codes(commands.release, employment, by=clerk) == ["R-24"]
    binding.refresh_from_db()
    assert binding.status == "accepted"


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (None, "未提交"),
        ("draft", "待提交"),
        ("pending", "待审核"),
        ("accepted", "审核通过"),
        ("rejected", "审核不通过"),
        ("ended", "已结束"),
        ("removed", "未提交"),
    ],
)
def test_audit_state_is_that_of_the_newest_binding(cast, clerk, status, state):
    employment = register(clerk)
    cast.assignment(employment, cast.labour_place)  # another flow is audited by no 实施单位
    if status:
        cast.assignment(employment, cast.repair_place, status=status)
    (row,) = bindings.with_audit_state([employment])
    assert row.audit_state.label == state


def test_audit_states_of_a_page_are_one_query(cast, clerk, django_assert_num_queries):
    rows = [register(clerk, invented_id(310 + number), f"管理员{'甲乙丙'[number]}") for number in range(3)]
    for row in rows:
        cast.assignment(row, cast.repair_place)
    with django_assert_num_queries(1):
        assert {row.audit_state.label for row in bindings.with_audit_state(rows)} == {"审核通过"}


def test_draft_begins_with_the_number_and_is_one_for_the_company(cast, clerk):
    draft = commands.start_manager_draft(f" {NUMBER[:6]} {NUMBER[6:]}", by=clerk)
    assert (draft.number.plain, draft.user_id) == (NUMBER, clerk.user_id)
    assert commands.start_manager_draft(NUMBER, by=cast.hr) == draft
    hongji = cast.staff("宏基经办", cast.hongji, Role.PARTICIPANT_CLERK)
    assert cast.repair_gc_place and commands.start_manager_draft(NUMBER, by=hongji) != draft


def test_draft_is_refused_as_the_registration_would_be(cast, clerk):
    assert codes(commands.start_manager_draft, "110101198503120011", by=clerk) == ["R-03"]
    cast.employment(cast.person("李四"), cast.yuanda)
    assert codes(commands.start_manager_draft, cast.person("李四").id_number.plain, by=clerk) == ["R-05"]
    register(clerk)
    assert codes(commands.start_manager_draft, NUMBER, by=clerk) == ["R-04"]
    assert not ManagerDraft.objects.exists()


def test_person_sees_that_the_number_was_looked_up(cast, clerk):
    commands.start_manager_draft(cast.zhang.id_number.plain, by=clerk)
    assert trail()[-1] == "冯经办凭身份证号查询张三能否登记"


def test_draft_keeps_what_was_typed_sealed_and_leaves_after_seven_days(cast, clerk):
    draft = commands.start_manager_draft(NUMBER, by=clerk)
    draft = commands.keep_typed(draft, {"name": ["韩"], "residence_detail": ["滨江路 1 号"]}, by=clerk)
    assert (draft.name, ManagerDraft.objects.get().typed["residence_detail"]) == ("韩", ["滨江路 1 号"])
    assert codes(commands.keep_typed, draft, {}, by=cast.stranger_hr) == ["R-42"]

    ManagerDraft.objects.update(updated_at=timezone.now() - timedelta(days=6, hours=23))
    assert commands.discard_old_drafts(by=system()) == 0
    ManagerDraft.objects.update(updated_at=timezone.now() - timedelta(days=7, minutes=1))
    assert commands.discard_old_drafts(by=system()) == 1
    assert not ManagerDraft.objects.exists()
