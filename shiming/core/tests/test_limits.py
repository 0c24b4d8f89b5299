"""Limits: at most N rows within a window of time."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from shiming.core import limits
from shiming.core.audit import caused_by, record
from shiming.core.events import Event
from shiming.core.limits import Limit, TooMany, wait_after
from shiming.core.models import AuditEntry
from shiming.people.commands.desk import LOOK_UPS
from shiming.people.commands.guessing import MISSES
from shiming.people.commands.reveal import REVEALS

THREE = Limit(3, timedelta(minutes=10), "R-71")


def look(by, person):
    with transaction.atomic():
        THREE.claim(caused_by(by, Event.PERSON_LOOKED_UP), key=by.user_id)
        record(Event.PERSON_LOOKED_UP, person, by=by, person=person.name)


@pytest.mark.parametrize(
    ("limit", "rule"),
    [
        (REVEALS, (30, timedelta(minutes=10), "R-83")),
        (LOOK_UPS, (300, timedelta(minutes=10), "R-71")),
        (MISSES, (30, timedelta(minutes=10), "R-72")),
    ],
)
def test_limits_on_personal_data_stay_as_specified(limit, rule):
    assert (limit.most, limit.within, limit.code) == rule


@pytest.mark.django_db
def test_fourth_of_three_is_refused_per_user(cast):
    for _ in range(3):
        look(cast.hr, cast.zhang)
    with pytest.raises(TooMany) as refused:
        look(cast.hr, cast.zhang)

    assert (refused.value.codes, refused.value.status) == (["R-71"], 429)
    assert str(refused.value) == "十分钟内已查找 3 次，请稍后再查"
    look(cast.stranger_hr, cast.zhang)


@pytest.mark.django_db
def test_rows_outside_window_do_not_count(cast):
    for _ in range(3):
        look(cast.hr, cast.zhang)
    rows, now = AuditEntry.objects.filter(event=Event.PERSON_LOOKED_UP), timezone.now()
    first = rows.earliest("at").at

    assert THREE.free_at(rows, now) == first + THREE.within
    assert THREE.free_at(rows, first + THREE.within) is None
    assert not Limit(3, timedelta()).is_reached(rows)


@pytest.mark.django_db(transaction=True)
def test_parallel_requests_do_not_exceed_limit(cast):
    by, person = cast.hr, cast.zhang
    answers, at_once = [], threading.Barrier(6)

    def ask():
        at_once.wait()
        try:
            look(by, person)
            answers.append("passed")
        except TooMany:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["passed"] * 3 + ["refused"] * 3


@pytest.mark.django_db
def test_lock_of_one_limit_leaves_others_free(cast, monkeypatch):
    held = []
    monkeypatch.setattr(limits, "one_at_a_time", held.append)
    REVEALS.hold(cast.hr.user_id)
    LOOK_UPS.hold(cast.hr.user_id)
    MISSES.hold(cast.hr.user_id)

    assert len(set(held)) == 3


def test_waits_double_up_to_the_longest():
    given = {"first": timedelta(minutes=10), "longest": timedelta(hours=1)}
    assert [wait_after(failures, **given).total_seconds() // 60 for failures in (1, 2, 3, 4, 99)] == [
        10,
        20,
        40,
        60,
        60,
    ]
