"""The entry desk: registration (S1, A9), editing, undo, exit; acceptance as entry (S2, A4)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone

from shiming.assignment import commands as assignment_commands
from shiming.assignment.models import Assignment
from shiming.core.errors import Conflict, DomainError, NotAllowed
from shiming.core.models import AuditEntry
from shiming.desk import commands
from shiming.desk.commands import Work
from shiming.desk.queries import roster
from shiming.employment.models import Employment
from shiming.inbox.models import InboxItem
from shiming.people.models import Person
from shiming.presence import commands as presence_commands
from shiming.presence.models import Stay
from shiming.projects import policies
from shiming.projects.models import ProjectPolicy
from tests.cast import invented_id

WORK = {"trade": "钢筋工", "education": "高中"}
CARD = {"birth_date": date(1985, 3, 12), "sex": "1"}


def under(cast, policy):
    ProjectPolicy.objects.filter(project=cast.binjiang).update(base=policy)


@pytest.fixture
def desk(cast):
    """滨江一期 with the flow of the entry desk; 王总包 is its clerk."""
    assert cast.labour_place and cast.gc_pm
    under(cast, "site_direct")
    return cast


def enter(cast, person=None, *, by=None, number=None, name="", card=None, place=None, **work):
    given = Work(**(WORK | work))
    number = number or (person or cast.zhang).id_number.plain
    return commands.register(
        place or cast.labour_place, given, by=by or cast.gc_pm, number=number, name=name, card=card
    )


def refused(*args, **kwargs):
    with pytest.raises(DomainError) as caught:
        enter(*args, **kwargs)
    return caught.value.codes


def test_entry_creates_employment_and_allocation_silently(desk):
    done = enter(desk)
    stay = Stay.objects.get(pk=done.stay.pk)
    employment = stay.assignment.employment
    assert (stay.method, stay.entered_on, done.warnings) == ("form", timezone.localdate(), [])
    assert (stay.assignment.status, stay.assignment.origin, stay.assignment.trade) == (
        "accepted",
        "direct_entry",
        "钢筋工",
    )
    assert (employment.mode, employment.status, employment.company) == ("implicit", "active", desk.antai)
    assert Person.objects.get(pk=desk.zhang.pk).education == "高中"
    notices = InboxItem.objects.filter(person=desk.zhang, asks=True).values_list("title", flat=True)
    assert list(notices) == ["安泰劳务登记您在职"]


def test_unverified_worker_enters_only_irregularly(desk):
    number = invented_id(400)
    assert refused(desk, number=number) == ["R-06"]
    done = enter(desk, number=number, name="新来的", card=CARD)
    assert (done.person.identity_status, done.person.identity_source) == ("unverified", "irregular")
    assert done.stay.on_site
    assert refused(desk, desk.person("待核验的", status="pending")) == ["R-06"]


@pytest.mark.parametrize(
    ("work", "codes"),
    [
        ({"is_leader": True}, ["R-12"]),
        ({"is_leader": True, "phone": "1381234567890"}, ["R-13"]),
        ({"trade": ""}, ["R-10"]),
        ({"education": ""}, ["R-10"]),
        ({"on": timezone.localdate() + timedelta(days=2)}, ["R-45"]),
        ({"on": date(2003, 3, 11)}, ["R-46"]),
    ],
)
def test_refused_registration_leaves_no_rows(desk, work, codes):
    assert refused(desk, **work) == codes
    assert (Stay.objects.count(), Assignment.objects.count(), Employment.objects.count()) == (0, 0, 0)


def test_irregular_number_must_match_the_birthday(desk):
    assert refused(desk, number="110101850312001", name="新来的", card=CARD) == ["V-01"]
    assert refused(desk, number=invented_id(401), name="新来的", card={"birth_date": date(1990, 1, 1)}) == ["R-03"]
    assert refused(desk, desk.zhang, name="李四", card=CARD) == ["R-07"]


def test_leader_brings_team_and_members_join(desk):
    leader = enter(desk, desk.person("王强"), is_leader=True, phone="15499000001").stay.assignment
    worker = enter(desk, team=leader.team).stay.assignment
    assert (leader.team.leader, leader.employment.is_leader, worker.team) == (leader.person, True, leader.team)
    outside = enter(desk, desk.person("赵六"), off_site_leader="钱外").stay.assignment.team
    assert (outside.name, outside.off_site_leader, outside.leader) == ("钱外", True, None)


def test_leader_of_another_firm_is_refused(desk):
    assert refused(desk, team=desk.team("恒立班组", desk.hengli)) == ["V-01"]


def test_other_employer_is_saved_and_flagged(desk):
    desk.employment(desk.zhang, desk.yuanda)
    done = enter(desk)
    assert [item.code for item in done.warnings] == ["W-02"]
    assert done.stay.on_site


def test_policy_of_one_employer_refuses_another(desk, monkeypatch):
    strict = replace(policies.POLICIES["site_direct"], single_employer=True)
    monkeypatch.setitem(policies.POLICIES, "site_direct", strict)
    desk.employment(desk.zhang, desk.yuanda)
    assert refused(desk) == ["R-05"]


def test_worker_on_site_does_not_enter_twice(desk):
    enter(desk)
    assert refused(desk) == ["R-22"]
    assert not AuditEntry.objects.filter(event="entry.refused").exists()


def test_refusal_of_known_worker_is_recorded(desk):
    refused(desk, on=timezone.localdate() + timedelta(days=1))
    assert AuditEntry.objects.get(event="entry.refused").params["codes"] == "R-45"


def test_other_flows_have_no_entry_desk(desk):
    under(desk, "invite_scan")
    assert refused(desk) == ["V-01"]


@pytest.mark.parametrize(("who", "may"), [("gc_pm", True), ("labour_pm", True), ("stranger_pm", False), ("hr", False)])
def test_registration_needs_its_role(desk, who, may):
    if may:
        assert enter(desk, by=getattr(desk, who)).stay.on_site
    else:
        assert refused(desk, by=getattr(desk, who)) == ["R-42"]


def test_operator_needs_the_right_of_entry(desk):
    assert refused(desk, by=desk.operator("只管考勤", rights=("attendance",))) == ["R-42"]
    assert enter(desk, by=desk.operator("管进场", rights=("entry", "identity"))).stay.on_site


def test_corrected_row_keeps_old_values_in_trail(desk):
    stay = enter(desk).stay
    yesterday = timezone.localdate() - timedelta(days=1)
    commands.change(stay, Work(trade="木工", education="本科", on=yesterday), by=desk.gc_pm)
    stay = Stay.objects.get(pk=stay.pk)
    assert (stay.entered_on, stay.assignment.trade, stay.assignment.employment.trade) == (yesterday, "木工", "木工")
    entry = AuditEntry.objects.get(event="stay.changed")
    assert (entry.params["fields"], entry.before["从事主要工种"]) == ("从事主要工种、文化程度、进场日期", "钢筋工")


def test_corrected_day_before_the_18th_birthday_is_refused(desk):
    today = timezone.localdate()
    birthday = today - timedelta(days=20)
    young = desk.person("孙年轻", born=date(birthday.year - 18, birthday.month, min(birthday.day, 28)))
    stay = enter(desk, young).stay
    with pytest.raises(DomainError) as caught:
        commands.change(stay, Work(**WORK, on=birthday - timedelta(days=4)), by=desk.gc_pm)

    assert (caught.value.codes, caught.value.field) == (["R-46"], "on")
    assert Stay.objects.get().entered_on == today
    commands.change(stay, Work(**WORK, on=birthday), by=desk.gc_pm)
    assert Stay.objects.get().entered_on == birthday


def test_query_finds_row_by_corrected_values(desk):
    stay = enter(desk, off_site_leader="钱外").stay
    commands.change(stay, Work(trade="木工", education="高中", off_site_leader="孙外"), by=desk.gc_pm)
    for now, before in (({"trade": "木工"}, {"trade": "钢筋工"}), ({"leader": "孙外"}, {"leader": "钱外"})):
        assert (list(roster(desk.gc_pm, **now)), list(roster(desk.gc_pm, **before))) == ([stay], [])


def test_row_changed_elsewhere_is_not_overwritten(desk):
    stay = enter(desk).stay
    seen = stay.assignment.version
    commands.change(stay, Work(trade="木工", education="高中"), by=desk.gc_pm, seen=seen)
    with pytest.raises(DomainError) as caught:
        commands.change(stay, Work(trade="架子工", education="高中"), by=desk.gc_pm, seen=seen)
    assert caught.value.codes == ["R-43"]


def test_undone_entry_removes_all_it_created(desk):
    stay = enter(desk).stay
    commands.undo(stay, by=desk.gc_pm)
    assert Stay.objects.count() == 0
    assert Assignment.objects.get().status == "ended"
    assert Employment.objects.get().status == "ended"
    assert enter(desk).stay.on_site


@pytest.mark.parametrize("late", [timedelta(minutes=4), timedelta(minutes=6)])
def test_gate_and_desk_undo_by_one_rule_in_their_own_words(desk, late):
    ways = {"登记": commands.undo, "进场": presence_commands.undo_entry}
    for what, undo in ways.items():
        stay = enter(desk).stay
        with pytest.raises(NotAllowed):
            undo(stay, by=desk.operator())
        Stay.objects.update(created_at=timezone.now() - late)
        stay.refresh_from_db()
        if late > presence_commands.UNDO_WITHIN:
            with pytest.raises(Conflict) as refused:
                undo(stay, by=desk.gc_pm)
            assert refused.value.refusals[0].sentence == f"{what}已超过五分钟，不能撤销；需要时请办理退场"
            presence_commands.leave_site([stay], by=desk.gc_pm, rating="good")
        else:
            undo(stay, by=desk.gc_pm)
            assert not Stay.objects.filter(pk=stay.pk).exists()
            assert AuditEntry.objects.filter(event="stay.undone").latest("id").object_id == str(stay.pk)


def test_exit_needs_rating_and_ends_implicit_rows(desk):
    stay = enter(desk).stay
    result = presence_commands.leave_site([stay], by=desk.gc_pm)
    assert result.refused[0][1].codes == ["R-10"]
    presence_commands.leave_site([stay], by=desk.gc_pm, rating="good", rating_note="手快")
    stay = Stay.objects.get()
    assert (stay.rating, stay.assignment.status, stay.assignment.employment.status) == ("good", "ended", "ended")


def test_existing_employment_survives_the_exit(desk):
    own = desk.employment()
    stay = enter(desk, trade="木工").stay
    assert (stay.assignment.employment, stay.assignment.trade) == (own, "木工")
    presence_commands.leave_site([stay], by=desk.gc_pm, rating="good")
    own.refresh_from_db()
    assert (own.status, own.trade) == ("active", "钢筋工")


# acceptance is the entry [000]


@pytest.fixture
def tiers(cast):
    assert cast.specialist_pm and cast.labour_pm and cast.gc_pm
    under(cast, "two_tier")
    return cast


def test_acceptance_by_parent_is_entry_that_day(tiers):
    pending = tiers.assignment(status="pending", confirmed_at=None)
    result = assignment_commands.accept([pending], by=tiers.specialist_pm, lodges_on_site=True)
    assert result.refused == []
    stay = Stay.objects.get()
    assert (stay.method, stay.entered_on) == ("acceptance", timezone.localdate())
    assert (stay.assignment.status, stay.assignment.lodges_on_site) == ("accepted", True)
    notices = InboxItem.objects.filter(person=tiers.zhang).values_list("title", flat=True)
    assert list(notices) == ["您已进场：滨江一期"]


@pytest.mark.parametrize(("who", "may"), [("specialist_pm", True), ("gc_pm", False), ("labour_pm", False)])
def test_only_the_parent_place_confirms(tiers, who, may):
    pending = tiers.assignment(status="pending", confirmed_at=None)
    result = assignment_commands.accept([pending], by=getattr(tiers, who))
    assert bool(result.done) is may


def test_refused_entry_refuses_the_acceptance(tiers):
    young = tiers.person("未成年", born=timezone.localdate() - timedelta(days=17 * 365))
    pending = tiers.assignment(tiers.employment(young), status="pending", confirmed_at=None)
    result = assignment_commands.accept([pending], by=tiers.specialist_pm)
    assert [error.codes for _, error in result.refused] == [["R-46"]]
    pending.refresh_from_db()
    assert (pending.status, Stay.objects.count()) == ("pending", 0)


def test_manager_enters_with_a_position_in_place_of_the_trade(cast):
    ProjectPolicy.objects.filter(project=cast.binjiang).update(base="site_direct")
    work = Work(trade="", education="本科", position="安全员")
    done = commands.register(cast.labour_place, work, by=cast.gc_pm, number=cast.zhang.id_number.plain)
    row = done.stay.assignment
    assert (row.role, row.employment.kind, row.employment.duty, done.stay.trade) == ("安全员", "manager", "安全员", "")


def test_position_held_by_another_is_refused(cast):
    ProjectPolicy.objects.filter(project=cast.binjiang).update(base="site_direct")
    cast.assignment(cast.employment(cast.person("李四"), kind="manager"), role="项目经理")
    work = Work(trade="", education="本科", position="项目经理")
    with pytest.raises(DomainError):
        commands.register(cast.labour_place, work, by=cast.gc_pm, number=cast.zhang.id_number.plain)
