"""为什么进不去: the exact list of reasons for every combination of missing steps."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from shiming.core.actor import Actor, Door, Role
from shiming.presence.eligibility import EntryFacts, eligibility, judge
from shiming.projects.policies import INVITE_SCAN, SITE_DIRECT, TWO_TIER

TODAY = date(2026, 6, 1)
FINE = EntryFacts(
    person_id=uuid4(),
    name="张三",
    birth_date=date(1985, 3, 12),
    verified=True,
    portrait_id=None,
    project_id=uuid4(),
    project_open=True,
    policy=INVITE_SCAN,
    assignment_id=uuid4(),
    assignment_status="accepted",
    allocated_on=date(2026, 5, 1),
    kind="labour",
    employed=True,
)
# Missing link → changed facts, in the order of domain.md §5.4, which the answer keeps.
LINKS = {
    "R-48": {"project_open": False},
    "R-20": {"assignment_status": "pending"},
    "R-19": {"employed": False},
    "R-06": {"verified": False},
    "R-26": {"face_missing": True},
    "R-45": {"allocated_on": TODAY + timedelta(days=1)},
    "R-46": {"birth_date": date(2010, 1, 1)},
    "R-22": {"stay_id": uuid4()},
}


def pm(kind):
    ids = {name: uuid4() for name in ("project_id", "participation_id", "company_id", "user_id")}
    return Actor(role=Role.PM, door=Door.SITE, name="王总包", participation_kind=kind, **ids)


def codes(reasons):
    return [item.code for item in reasons]


def test_missing_links_give_exactly_their_reasons():
    for missing in product([False, True], repeat=len(LINKS)):
        wrong = [code for code, absent in zip(LINKS, missing, strict=True) if absent]
        facts = FINE
        for code in wrong:
            facts = replace(facts, **LINKS[code])

        assert codes(judge(facts, TODAY, today=TODAY)) == wrong


def test_complete_worker_may_enter():
    assert judge(FINE, TODAY, today=TODAY, scanner=pm("general")) == []


@pytest.mark.parametrize(
    ("kind", "scanner", "policy", "refused"),
    [
        ("labour", "general", INVITE_SCAN, []),
        ("labour", "labour", INVITE_SCAN, ["R-21"]),
        ("labour", "specialist", INVITE_SCAN, ["R-21"]),
        ("specialist", "specialist", INVITE_SCAN, []),
        ("general", "general", INVITE_SCAN, []),
        ("labour", "labour", TWO_TIER, []),
        ("labour", None, INVITE_SCAN, []),  # without a scanner, as on 为什么进不去
    ],
)
def test_general_contractor_scans_labour_people(kind, scanner, policy, refused):
    facts = replace(FINE, kind=kind, policy=policy)
    assert codes(judge(facts, TODAY, today=TODAY, scanner=scanner and pm(scanner))) == refused


@pytest.mark.parametrize(
    ("change", "on", "sentences"),
    [
        ({}, TODAY + timedelta(days=1), "进场日期晚于今天"),
        ({}, date(2026, 4, 30), "进场日期早于分配日期"),
        ({"assignment_status": "pending"}, TODAY, "该人员尚未确认分配"),
        ({"employed": False}, TODAY, "该人员未在本单位在职"),
        ({"verified": False}, TODAY, "该人员尚未实名登记，请先进行人员建档"),
        ({"birth_date": date(2008, 6, 2)}, TODAY, "未满 18 周岁，不能进场"),
        ({"project_open": False}, TODAY, "项目未在建，不能办理进场"),
        ({"stay_id": uuid4()}, TODAY, "该人员已在场"),
    ],
)
def test_each_reason_has_its_own_sentence(change, on, sentences):
    (reason,) = judge(replace(FINE, **change), on, today=TODAY)
    assert reason.sentence == sentences
    assert reason.who and reason.next_step and reason.icon


def test_worker_enters_on_eighteenth_birthday():
    assert judge(replace(FINE, birth_date=date(2008, 6, 1)), TODAY, today=TODAY) == []


@pytest.mark.parametrize(
    ("status", "who"),
    [
        (None, "用人单位"),
        ("pending", "项目经理"),
        ("rejected", "用人单位"),
        ("removed", "用人单位"),
        ("ended", "用人单位"),
    ],
)
def test_missing_confirmation_names_its_answerer(status, who):
    (reason,) = judge(replace(FINE, assignment_status=status), TODAY, today=TODAY)
    assert (reason.code, reason.who) == ("R-20", who)


def test_place_above_is_sent_to_its_page():
    (reason,) = judge(replace(FINE, assignment_status="pending", policy=TWO_TIER), TODAY, today=TODAY)
    assert (reason.code, reason.who) == ("R-20", "上一级单位的项目经理")
    assert reason.next_step == "请在工地端“进场人员确认”接收，接收当天即进场"


def test_project_may_let_unverified_people_in():
    assert judge(replace(FINE, verified=False, policy=SITE_DIRECT), TODAY, today=TODAY) == []


@given(born=st.dates(date(1940, 1, 1), date(2026, 1, 1)), on=st.dates(date(2020, 1, 1), TODAY))
def test_birthday_decides_under_age(born, on):
    facts = replace(FINE, birth_date=born, allocated_on=None)
    try:
        adult = born.replace(year=born.year + 18)
    except ValueError:  # 29 February: of age on 1 March
        adult = date(born.year + 18, 3, 1)
    assert ("R-46" in codes(judge(facts, on, today=TODAY))) is (on < adult)


# The same function on rows of the database.


def test_allowed_worker_has_complete_facts(cast):
    cast.assignment()
    assert eligibility(cast.zhang, cast.binjiang, timezone.now(), scanner=cast.gc_pm) == []


def test_stranger_gets_all_five_reasons(cast):
    li = cast.person("李四", status="pending")
    assert codes(eligibility(li, cast.binjiang)) == ["R-20", "R-19", "R-06"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda cast: cast.assignment(status="pending", confirmed_at=None), ["R-20"]),
        (lambda cast: cast.assignment(status="rejected", confirmed_at=None), ["R-20"]),
        (lambda cast: cast.employment(), ["R-20"]),
        (lambda cast: cast.assignment(cast.employment(status="leave_requested")), []),
        (lambda cast: cast.assignment(cast.employment(status="dismissal_pending")), []),
        (lambda cast: cast.stay(), ["R-22"]),
        (lambda cast: cast.stay(exited_on=date(2026, 1, 1), entered_on=date(2026, 1, 1), exited_at=timezone.now()), []),
        (lambda cast: _suspend(cast), ["R-48"]),
    ],
)
def test_database_rows_give_the_reasons(cast, change, expected):
    change(cast)
    assert codes(eligibility(cast.zhang, cast.binjiang)) == expected


def _suspend(cast):
    cast.assignment()
    cast.binjiang.become("suspended")
    cast.binjiang.save()


def test_policy_of_the_day_decides(cast):
    from shiming.projects.models import ProjectPolicy

    cast.assignment()
    tomorrow = timezone.localdate() + timedelta(days=1)
    ProjectPolicy.objects.create(project=cast.binjiang, base="two_tier", from_date=tomorrow)
    cast.filing(cast.labour_place, "孙劳务")

    assert codes(eligibility(cast.zhang, cast.binjiang, scanner=cast.labour_pm)) == ["R-21"]
    ProjectPolicy.objects.filter(from_date=tomorrow).update(from_date=timezone.localdate())
    assert codes(eligibility(cast.zhang, cast.binjiang, scanner=cast.labour_pm)) == []


def test_one_question_is_one_query(cast):
    cast.assignment()
    person, project, asked = cast.zhang, cast.binjiang, []

    def counting(execute, sql, *rest):
        asked.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(counting):
        eligibility(person, project)
    assert len(asked) == 1


def test_former_employer_learns_no_new_allocation(cast):
    old = cast.employment(cast.zhang, cast.yuanda, status="ended", ended_at=timezone.now())
    place = cast.participation(cast.binjiang, cast.yuanda, "specialist", cast.gc_place)
    cast.assignment(old, place, status="ended")
    cast.stay()
    sentences = [
        [reason.code for reason in eligibility(cast.zhang, cast.binjiang, asked_by=actor)]
        for actor in (cast.stranger_hr, cast.hr, cast.himself(), cast.gc_pm)
    ]
    assert sentences == [["R-20", "R-19"], ["R-22"], ["R-22"], ["R-22"]]
