"""社保缴费证明, R-27 (manual [004] 4-15; domain.md §11.6): calendar days of Shanghai, the newest proof counts."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from shiming.attachments import commands, queries
from shiming.attachments.holders import Holder
from shiming.core.actor import Role
from shiming.core.errors import RefusedAll
from shiming.employment import guards

SHANGHAI = ZoneInfo("Asia/Shanghai")


def code(holder, days=60, on=None) -> str | None:
    refusal = queries.proof_refusal(holder.company_id, holder.id_digest, days, on)
    return refusal and refusal.code


@pytest.mark.parametrize(("days", "expected"), [(0, None), (59, None), (60, None), (61, "R-27"), (-1, "V-01")])
def test_sixty_days_pass_and_sixty_one_do_not(holder, aged, days, expected):
    aged(days)
    assert code(holder) == expected


def test_missing_proof_is_refused_with_the_next_step(holder):
    refusal = queries.proof_refusal(holder.company_id, holder.id_digest, 60)
    assert (refusal.code, refusal.sentence) == ("R-27", "社保缴费证明须在 60 天有效期内，还没有上传")
    assert refusal.next_step == "上传新的社保缴费证明"


def test_newest_proof_counts_whatever_came_last(holder, aged):
    aged(10)
    aged(90)
    assert code(holder) is None


def test_removed_unfinished_and_foreign_proofs_do_not_count(cast, holder, aged):
    commands.remove(aged(1), by=cast.clerk)
    given = {"kind": "社保记录", "name": "a.pdf", "size": 900, "issued_on": date.today()}
    commands.begin(holder, **given, by=cast.clerk)
    aged(1, of=Holder(cast.yuanda.pk, holder.id_digest), by=cast.stranger_hr)
    assert code(holder) == "R-27"


def test_day_is_that_of_shanghai(holder, aged, monkeypatch):
    """At 23:30 in London it is the next day here: the sixty-first."""
    proof = aged(0)
    proof.issued_on = date(2026, 3, 1)
    proof.save()
    for hour, expected in (("15:59", None), ("16:01", "R-27")):
        now = datetime.fromisoformat(f"2026-04-30T{hour}:00+00:00")
        monkeypatch.setattr("django.utils.timezone.now", lambda now=now: now)
        assert code(holder) == expected


@pytest.mark.parametrize(("days", "passes"), [(60, True), (61, False), (-1, False)])
def test_registration_refuses_an_attached_proof_that_is_old_or_of_the_future(cast, holder, aged, days, passes):
    aged(days)
    number = cast.zhang.id_number.plain
    if passes:
        guards.check_registration(number, by=cast.clerk)
    else:
        with pytest.raises(RefusedAll):
            guards.check_registration(number, by=cast.clerk)


def test_registration_passes_without_a_proof_and_without_the_trait(cast, holder, aged):
    guards.check_registration(cast.zhang.id_number.plain, by=cast.clerk)
    aged(300, of=Holder(cast.yuanda.pk, holder.id_digest), by=cast.stranger_hr)
    assert cast.stranger_place
    guards.check_registration(cast.zhang.id_number.plain, by=cast.stranger_hr)


def test_registration_before_the_first_project_asks_as_well(cast, holder, aged):
    clerk = cast.staff("远大经办", cast.yuanda, Role.PARTICIPANT_CLERK)
    aged(61, of=Holder(cast.yuanda.pk, holder.id_digest), by=clerk)
    with pytest.raises(RefusedAll):
        guards.check_registration(cast.zhang.id_number.plain, by=clerk)


def test_warnings_of_many_people_cost_one_query(cast, keep, aged, django_assert_num_queries):
    ages = {"A": 44, "B": 45, "C": 60, "D": 61}
    for letter, days in ages.items():
        aged(days, of=Holder(cast.antai.pk, letter * 26))
    aged(100, of=Holder(cast.antai.pk, "A" * 26))
    with django_assert_num_queries(1):
        warned = queries.proof_warnings(cast.antai.pk, [letter * 26 for letter in "ABCDE"])
    assert warned == {
        "B" * 26: "社保缴费证明已 45 天，还有 15 天",
        "C" * 26: "社保缴费证明已 60 天，还有 0 天",
        "D" * 26: "社保缴费证明已 61 天，超过 60 天",
    }
