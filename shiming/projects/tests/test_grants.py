"""Grants: exact rights, expiry, extension and revocation."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shiming.core.actor import Right, Role, system
from shiming.core.environment import environment
from shiming.core.errors import Conflict, NotAllowed, RefusedAll
from shiming.core.privacy import blind_index
from shiming.people.models import Person
from shiming.projects import commands, queries
from shiming.projects.commands.grants import words
from shiming.projects.models import Grant
from shiming.projects.tests.asking import refused, trail
from tests.cast import invented_id

TODAY = timezone.localdate
OPERATOR = {"number": invented_id(8301), "name": "李操作", "phone": "15499008301"}


@pytest.fixture
def give(cast):
    def give(place=None, by=None, days: int = 30, **changes) -> Grant:
        given = {"rights": ["entry"], "ends_on": TODAY() + timedelta(days=days)} | OPERATOR | changes
        return commands.grant(place or cast.gc_place, by=by or cast.gc_pm, **given)

    return give


# grants


def test_grant_starts_today_with_own_phone(give):
    given = give(phone="154 9900 8301")

    assert (given.starts_on, given.person.name, given.person.phone) == (TODAY(), "李操作", None)
    assert (given.phone.plain, given.phone_digest) == ("15499008301", blind_index("phone", "15499008301"))


def test_unknown_rights_are_dropped_in_order(give):
    given = give(rights=["health", "attendance", "made_up", "identity", "exit", "preregister", "entry", "confirm"])
    assert given.rights == [right.value for right in Right]
    assert words(given.rights) == "实名登记、分配确认、进场、退场、考勤、预登记、健康处置"


def test_trail_names_rights_and_end(give):
    give(rights=["entry", "exit"], days=9)
    assert trail("grant.given") == [f"王总包授权李操作现场操作：进场、退场，至{TODAY() + timedelta(days=9)}"]


REFUSED = [
    ({"rights": []}, ["R-10"], "请填写：权限"),
    ({"number": "123"}, ["R-03"], None),
    ({"phone": "123"}, ["R-13"], "手机号应为 11 位"),
    ({"days": -1}, ["R-60"], None),
    ({"days": 10_000}, ["R-60"], None),
]


@pytest.mark.parametrize(("changes", "codes", "sentence"), REFUSED)
def test_refused_grant_leaves_nothing(give, changes, codes, sentence):
    found, words_ = refused(give, **changes)
    assert found == codes and (sentence is None or words_ == sentence)
    assert (Grant.objects.count(), Person.objects.filter(name="李操作").count()) == (0, 0)


def test_other_name_is_refused(cast, give):
    assert refused(give, number=cast.zhang.id_number.plain)[0] == ["R-07"]


def test_longest_grant_follows_the_setting(give, monkeypatch):
    monkeypatch.setattr(environment(), "grant_days", 10)
    assert give(days=10).days_left == 10
    last = TODAY() + timedelta(days=10)
    assert refused(give, days=11, number=invented_id(8302), name="赵操作") == (
        ["R-60"],
        f"授权到期日期应在 {TODAY()} 至 {last} 之间",
    )


def test_person_has_one_open_grant_per_site(cast, give):
    give()
    assert refused(give) == (["R-62"], "该人员在本项目已有授权")
    assert give(cast.labour_place, cast.labour_pm).participation == cast.labour_place


def test_grant_is_open_through_last_day(give):
    give(days=0)
    assert refused(give)[0] == ["R-62"]


def test_supervisor_grants_for_own_place_only(cast, give):
    given = give(cast.supervision_place, cast.supervision_pm, rights=["health"])
    assert given.participation == cast.supervision_place
    with pytest.raises(NotAllowed):
        give(cast.gc_place, cast.supervision_pm, rights=["health"])


def test_supervisor_hands_on_rights_on_health_only(cast, give):
    given = give(cast.supervision_place, cast.supervision_pm, rights=["entry", "health", "preregister"])
    assert given.rights == ["health"]
    with pytest.raises(RefusedAll):
        give(cast.supervision_place, cast.supervision_pm, rights=["entry"], number=cast.zhang.id_number.plain)


def test_operator_may_not_grant(cast, give):
    with pytest.raises(NotAllowed):
        give(by=cast.operator("赵操作"))


# states derived from dates


STATES = [
    (-1, False, "expired", "已到期"),
    (0, False, "expiring", "即将到期"),
    (7, False, "expiring", "即将到期"),
    (8, False, "active", "有效"),
    (180, False, "active", "有效"),
    (180, True, "revoked", "已收回"),
    (-1, True, "revoked", "已收回"),
]


@pytest.mark.parametrize(("days", "revoked", "state", "label"), STATES)
def test_state_of_grant_follows_its_dates(days, revoked, state, label):
    given = Grant(ends_on=TODAY() + timedelta(days=days), revoked_at=timezone.now() if revoked else None)
    assert (given.state, given.state.label, given.days_left) == (state, label, days)


def test_expired_grant_does_not_block_new_one(give):
    first = give()
    Grant.objects.update(starts_on=TODAY() - timedelta(days=9), ends_on=TODAY() - timedelta(days=1))
    second = give()
    first.refresh_from_db()
    assert (first.state, second.state) == ("revoked", "active")


# extension and revocation


def test_grant_is_extended_to_day_or_limit(cast, give):
    given = give(days=3)
    day = TODAY() + timedelta(days=20)
    assert commands.extend_grant(given, by=cast.gc_pm, ends_on=day).ends_on == day
    assert commands.extend_grant(given, by=cast.gc_pm).ends_on == TODAY() + timedelta(days=180)
    assert trail("grant.extended")[0] == f"王总包将李操作的授权延至{day}"


@pytest.mark.parametrize("days", [-1, 181])
def test_extension_has_bounds_of_new_grant(cast, give, days):
    given = give()
    ends_on = TODAY() + timedelta(days=days)
    assert refused(commands.extend_grant, given, by=cast.gc_pm, ends_on=ends_on)[0] == ["R-60"]


def test_grant_is_revoked_once_at_once(cast, give):
    given = commands.revoke_grant(give(), by=cast.gc_pm)
    assert (given.state, trail("grant.revoked")) == ("revoked", ["王总包收回李操作的授权"])
    with pytest.raises(Conflict, match="授权已收回"):
        commands.revoke_grant(given, by=cast.gc_pm)
    with pytest.raises(Conflict, match="授权已收回，请重新授权"):
        commands.extend_grant(given, by=cast.gc_pm)


@pytest.mark.parametrize("command", [commands.extend_grant, commands.revoke_grant])
@pytest.mark.parametrize("who", ["specialist_pm", "supervision_pm", "stranger_pm", "gc_hr", "admin"])
def test_other_roles_do_not_change_grants(cast, give, command, who):
    given = give()
    with pytest.raises(NotAllowed):
        command(given, by=getattr(cast, who))


# last use and expiry warnings


def test_use_by_other_users_is_not_saved(cast, give):
    give()
    for actor in (cast.gc_pm, cast.hr, cast.admin, system()):
        commands.note_use(actor)
    assert Grant.objects.get().last_used_at is None


def test_use_is_saved_every_ten_minutes(cast):
    operator = cast.operator()
    commands.note_use(operator)
    Grant.objects.update(last_used_at=timezone.now() - timedelta(minutes=11))
    long_ago = Grant.objects.get().last_used_at
    commands.note_use(operator)
    assert Grant.objects.get().last_used_at - long_ago > timedelta(minutes=10)


def test_revoked_grant_gets_no_warning(cast, give):
    given = give(days=7)
    assert commands.note_expiring(by=system()) == 1
    commands.revoke_grant(given, by=cast.gc_pm)
    assert commands.note_expiring(by=system(), today=given.ends_on - timedelta(days=1)) == 0
    assert trail("grant.expiring") == [f"李操作的现场操作授权将于{given.ends_on}到期"]


# visibility


def test_visible_grants_depend_on_role(cast, give):
    ours, theirs = give(), give(cast.labour_place, cast.labour_pm)
    operator = cast.himself(ours.person)
    clerk = cast.staff("安泰经办", cast.antai, Role.PARTICIPANT_CLERK)
    seen = {
        actor.name: set(queries.grants(actor))
        for actor in (cast.gc_pm, cast.labour_pm, cast.gc_hr, clerk, operator, cast.regulator(), cast.stranger_hr)
    }
    assert seen == {
        "王总包": {ours},
        "孙劳务": {theirs},
        "何人事": {ours},
        "安泰经办": {theirs},
        "李操作": {ours, theirs},
        "钱监督": {ours, theirs},
        "周人事": set(),
    }
