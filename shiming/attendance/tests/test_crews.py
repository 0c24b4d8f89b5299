"""我的班组: a leader sees the present workers of the own team only."""

from datetime import datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from shiming.attendance import crews
from shiming.attendance.models import AttendanceEvent, Correction
from tests.doors import client_of

pytestmark = pytest.mark.django_db
NOON = timezone.make_aware(datetime.combine(timezone.localdate(), time(12)))


@pytest.fixture
def at_noon(monkeypatch):
    """The clock is fixed, because the state of a day depends on the hour."""
    monkeypatch.setattr(timezone, "now", lambda: NOON)


@pytest.fixture
def leader(cast):
    """The actor of 王班长, the leader of 王班组, employed by 安泰劳务."""
    person, team = cast.person("王班长"), cast.team("王班组")
    cast.employment(person, is_leader=True, team=team)
    team.leader = person
    team.save()
    return cast.himself(person)


def at_work(cast, name, *punches, team="王班组", **fields):
    """A worker long on site, with punches given as (hours from now, direction)."""
    crew = cast.team(team)
    stay = cast.stay(cast.assignment(cast.employment(cast.person(name), team=crew), team=crew), **fields)
    for hours, direction in punches:
        AttendanceEvent.objects.create(
            project_id=stay.project_id,
            event_id=uuid4(),
            person_id=stay.person_id,
            occurred_at=timezone.now() + timedelta(hours=hours),
            received_at=timezone.now(),
            direction=direction,
            method="worker_code",
        )
    return stay


def seen(actor) -> dict[str, list[str]]:
    return {
        crew.team.name: [f"{member.stay.person.name} {member.state}" for member in crew.members]
        for crew in crews.crews_today(actor)
    }


def test_crew_is_sorted_missing_in_out(cast, leader, at_noon):
    at_work(cast, "甲在岗", (-5, "in"))
    at_work(cast, "乙已出", (-5, "in"), (-1, "out"))
    at_work(cast, "丙午后回来", (-5, "in"), (-2, "out"), (-1, "in"))
    at_work(cast, "丁未到")
    at_work(cast, "戊缺进", (-1, "out"))
    at_work(cast, "己夜班", (-12.5, "in"))
    correcting = at_work(cast, "庚更正", (-5, "in"))
    Correction.objects.create(
        person=correcting.person,
        project=correcting.project,
        day=NOON.date(),
        left_at=NOON,
        reason="忘了",
        requested_by_id=leader.user_id,
    )
    assert seen(leader) == {
        "王班组": [
            *("丁未到 not_punched", "戊缺进 missing_in", "庚更正 correcting"),
            *("丙午后回来 in", "己夜班 in", "甲在岗 in", "乙已出 out"),
        ]
    }


def test_other_crews_and_leavers_are_not_listed(cast, leader, at_noon):
    yesterday = NOON - timedelta(days=1)
    at_work(cast, "别班", (-5, "in"), team="李班组")
    at_work(cast, "退场", exited_on=yesterday.date(), exited_at=yesterday)
    at_work(cast, "今天退场", (-5, "in"), exited_on=NOON.date(), exited_at=NOON)
    at_work(cast, "本班", (-5, "in"))
    assert seen(leader) == {"王班组": ["本班 in"]}


def test_stay_without_team_uses_team_of_firm(cast, leader):
    cast.stay(cast.assignment(cast.employment(cast.person("未编班"), team=cast.team())))
    assert seen(leader) == {"王班组": ["未编班 not_punched"]}


@pytest.mark.parametrize("loss", ["left", "closed", "replaced"])
def test_former_leader_sees_no_crew(cast, leader, loss):
    at_work(cast, "本班", (-5, "in"))
    team = cast.team("王班组")
    if loss == "left":
        cast.person("王班长").employments.update(status="ended", ended_at=NOON)
    elif loss == "closed":
        team.closed_on = NOON.date()
    else:
        team.leader = cast.person("新班长")
    team.save()
    assert seen(leader) == {}


def test_leader_has_page_and_link(cast, leader):
    at_work(cast, "本班", (-0.01, "in"))
    browser, address = client_of(leader), reverse("my-team")
    assert f'href="{address}"' in browser.get(reverse("home-person")).content.decode()
    page = browser.get(address).content.decode()
    assert [text in page for text in ("王班组：在场 1 人，在岗 1 人", "本班", "滨江一期", "在岗</span>")] == [True] * 4


def test_worker_has_no_link_and_no_crew(cast, leader):
    worker = at_work(cast, "本班", (-5, "in")).person
    browser, address = client_of(cast.himself(worker)), reverse("my-team")
    assert f'href="{address}"' not in browser.get(reverse("home-person")).content.decode()
    page = browser.get(address).content.decode()
    assert ("您没有带班组" in page, "本班" in page) == (True, False)


def test_empty_crew_shows_a_message(cast, leader):
    assert "今天没有人在场" in client_of(leader).get(reverse("my-team")).content.decode()


def test_three_members_cost_the_queries_of_one(cast, leader):
    counts = []
    for name in ("甲", "乙", "丙"):
        at_work(cast, name, (-5, "in"))
        with CaptureQueriesContext(connection) as asked:
            crews.crews_today(leader)
        counts.append(len(asked))
    assert counts == [6, 6, 6]
