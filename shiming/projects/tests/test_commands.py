"""Commands on projects, participations, contracts, grants and teams, and their visibility."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from shiming.companies.models import Company
from shiming.core.actor import Right, system
from shiming.core.audit import record
from shiming.core.errors import Conflict, DomainError, NotAllowed
from shiming.core.events import Event
from shiming.core.models import AuditEntry
from shiming.projects import commands, queries, rules
from shiming.projects.models import ContractFiling, Grant, Participation, Project, Team
from tests.cast import invented_id

TODAY = timezone.localdate


def refusal_of(call, *args, **kwargs) -> list[str]:
    with pytest.raises(DomainError) as error:
        call(*args, **kwargs)
    return error.value.codes


# flows


def test_policy_change_adds_a_dated_row(cast):
    project = cast.binjiang
    later = TODAY() + timedelta(days=30)
    commands.set_policy(project, "two_tier", from_date=later, by=cast.admin)

    days = (date(2024, 1, 1), TODAY(), later - timedelta(days=1), later, later + timedelta(days=400))
    codes = [queries.policy_of(project, day).code for day in days]
    assert codes == ["invite_scan", "invite_scan", "invite_scan", "two_tier", "two_tier"]
    assert project.policies.count() == 2


def test_past_days_keep_their_policy(cast):
    yesterday = TODAY() - timedelta(days=1)
    assert refusal_of(commands.set_policy, cast.binjiang, "two_tier", from_date=yesterday, by=cast.admin) == ["R-63"]
    commands.set_policy(cast.binjiang, "two_tier", from_date=TODAY(), by=cast.admin)
    assert refusal_of(commands.set_policy, cast.binjiang, "site_direct", from_date=TODAY(), by=cast.admin) == ["R-64"]


def test_imported_project_starts_at_first_day(cast):
    project = commands.register_project(
        filing_code="2301", name="老项目", station=cast.station(), started_on=date(2021, 5, 1), by=cast.admin
    )
    assert queries.policy_row(project, date(2021, 5, 1)).base == "invite_scan"
    assert queries.policy_row(project, date(2021, 4, 30)) is None


# the chain

CHAIN = [
    ("general", None, True),
    ("specialist", "general", True),
    ("labour", "general", True),
    ("labour", "specialist", True),
    ("supervision", None, True),
    ("specialist", None, False),  # a specialist always has a company above
    ("labour", None, False),
    ("general", "specialist", False),
    ("labour", "labour", False),
    ("supervision", "general", False),
]


@pytest.mark.parametrize(("kind", "parent", "allowed"), CHAIN)
def test_parent_kind_must_fit_the_chain(cast, kind, parent, allowed):
    cast.supervision_place  # noqa: B018
    above = {None: None, "specialist": cast.specialist_place, "labour": cast.labour_place, "general": cast.gc_place}[
        parent
    ]
    project = above.project if above else cast.project("空地")
    if kind == "general" and parent:
        Participation.objects.filter(pk=cast.gc_place.pk).update(left_on=TODAY())
    company = cast.company("新来的企业", kind)

    if allowed:
        assert commands.add_participation(project, company, kind, parent=above, by=cast.admin).parent == above
    else:
        assert refusal_of(commands.add_participation, project, company, kind, parent=above, by=cast.admin) == ["R-65"]


def test_parent_from_other_site_is_refused(cast):
    codes = refusal_of(
        commands.add_participation, cast.binjiang, cast.antai, "labour", parent=cast.stranger_place, by=cast.admin
    )
    assert codes == ["R-65"]


def test_site_has_one_general_contractor(cast):
    cast.gc_place  # noqa: B018
    with pytest.raises(ValidationError, match="本项目已有施工总包"):
        commands.add_participation(cast.binjiang, cast.yuanda, "general", by=cast.admin)
    with pytest.raises(ValidationError, match="该企业已参建本项目"):
        commands.add_participation(cast.binjiang, cast.hongji, "specialist", parent=cast.gc_place, by=cast.admin)


def test_firm_leaves_after_children_and_people(cast):
    assignment = cast.assignment()
    assert refusal_of(commands.leave, cast.specialist_place, by=cast.admin) == ["R-66"]
    assert refusal_of(commands.leave, cast.labour_place, by=cast.admin) == ["R-66"]

    assignment.status = "ended"
    assignment.save()
    assert commands.leave(cast.labour_place, by=cast.admin).left_on == TODAY()
    assert commands.leave(cast.specialist_place, by=cast.admin).left_on == TODAY()
    with pytest.raises(Conflict):
        commands.leave(cast.labour_place, by=cast.admin)


def test_tree_puts_firms_under_parents(cast):
    labour = cast.labour_place
    cast.supervision_place  # noqa: B018
    nodes = queries.chain_of(cast.admin, queries.places(labour.project))

    def names(branch):
        return [(node["label"], names(node["children"])) for node in branch]

    assert names(nodes) == [("宏基总包", [("恒立幕墙", [("安泰劳务", [])])]), ("明诚监理", [])]


# project states


@pytest.mark.parametrize("now", Project.Status)
@pytest.mark.parametrize("then", Project.Status)
def test_project_status_follows_the_arrows(cast, now, then):
    Project.objects.filter(pk=cast.binjiang.pk).update(status=now)
    drawn = {("open", "suspended"), ("open", "finished"), ("suspended", "open"), ("suspended", "finished")}
    if (now, then) in drawn:
        assert commands.set_status(cast.binjiang, then, by=cast.admin).status == then
    else:
        with pytest.raises(Conflict):
            commands.set_status(cast.binjiang, then, by=cast.admin)


# contracts


def filed(cast, **changes):
    asked = {
        "number": "HT-1",
        "name": "总承包合同",
        "pm_number": invented_id(8001),
        "pm_name": "周启明",
        "pm_phone": "15499008001",
    }
    return commands.file_contract(cast.gc_place, by=cast.admin, **(asked | changes))


def test_filed_contract_keeps_pm_own_phone(cast):
    filing = filed(cast)

    assert (filing.status, filing.pm.name, filing.pm.phone) == ("filed", "周启明", None)
    assert str(filing.pm_phone) == "154*****001"
    entries = AuditEntry.objects.filter(event=Event.CONTRACT_FILED)
    assert [str(entry) for entry in entries] == ["系统管理员报送合同HT-1，项目负责人周启明"]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"pm_number": invented_id(8001)[:-1] + "Q"}, "R-03", "pm_number"),
        ({"pm_phone": "1549900"}, "R-13", "pm_phone"),
    ],
)
def test_wrong_pm_is_refused_at_input(cast, changes, code, field):
    with pytest.raises(DomainError) as error:
        filed(cast, **changes)
    assert (error.value.codes, error.value.field) == ([code], field)
    assert not ContractFiling.objects.exists()


def test_known_person_needs_the_same_name(cast):
    number = cast.zhang.id_number.plain
    with pytest.raises(DomainError) as error:
        filed(cast, pm_number=number, pm_name="李四")
    assert (error.value.codes, error.value.field) == (["R-07"], "pm_name")


def test_pm_change_masks_phone_in_trail(cast):
    filing = filed(cast)
    new = {"pm_number": invented_id(8002), "pm_name": "何新", "pm_phone": "15499008002"}
    filing = commands.change_contract(filing, by=cast.admin, seen=filing.version, name="总承包合同（补）", **new)

    assert (filing.pm.name, str(filing.pm_phone)) == ("何新", "154*****002")
    entry = AuditEntry.objects.get(event=Event.CONTRACT_CHANGED)
    assert str(entry) == "系统管理员修改合同HT-1：合同标段名称、项目负责人、项目负责人手机号"
    assert entry.after == {"name": "总承包合同（补）", "pm": "何新", "pm_phone": "154*****002"}


def test_parallel_changes_do_not_overwrite(cast):
    filing = filed(cast)
    commands.change_contract(filing, by=cast.admin, seen=filing.version, name="甲")
    assert refusal_of(commands.change_contract, filing, by=cast.admin, seen=filing.version, name="乙") == ["R-43"]


def test_draft_is_filed_and_closed_stays(cast):
    asked = {"number": "HT-2", "name": "草稿", "pm_number": invented_id(8003), "pm_name": "田喜"}
    draft = commands.save_draft_contract(cast.gc_place, pm_phone="15499008003", by=cast.admin, **asked)
    assert draft.status == "draft"
    assert commands.change_contract(draft, by=cast.admin, file=True).status == "filed"
    assert commands.close_contract(draft, by=cast.admin).status == "closed"
    with pytest.raises(Conflict):
        commands.change_contract(draft, by=cast.admin, name="再改")


# grants


def given(cast, **changes):
    asked = {"number": invented_id(8100), "name": "李操作", "phone": "15499008100", "rights": ["entry"]}
    asked |= {"ends_on": TODAY() + timedelta(days=30)}
    return commands.grant(cast.gc_place, by=cast.gc_pm, **(asked | changes))


@pytest.mark.parametrize(("days", "allowed"), [(-1, False), (0, True), (180, True), (181, False)])
def test_grant_lasts_up_to_180_days(cast, days, allowed):
    ends_on = TODAY() + timedelta(days=days)
    if allowed:
        assert given(cast, ends_on=ends_on).ends_on == ends_on
    else:
        assert refusal_of(given, cast, ends_on=ends_on) == ["R-60"]


def test_pm_may_not_grant_self_or_twice(cast):
    me = cast.filing(cast.gc_place, "王总包").pm
    assert refusal_of(given, cast, number=me.id_number.plain, name="王总包") == ["R-61"]
    given(cast)
    assert refusal_of(given, cast) == ["R-62"]


def test_expired_or_revoked_grant_is_replaced(cast):
    first = given(cast)
    commands.revoke_grant(first, by=cast.gc_pm)
    second = given(cast)
    Grant.objects.filter(pk=second.pk).update(starts_on=TODAY() - timedelta(9), ends_on=TODAY() - timedelta(days=1))
    third = given(cast, rights=["exit", "entry"])

    second.refresh_from_db()
    assert (first.person, second.state, third.rights) == (third.person, Grant.State.REVOKED, ["entry", "exit"])
    with pytest.raises(Conflict):
        commands.extend_grant(first, by=cast.gc_pm)


@pytest.mark.parametrize("who", ["specialist_pm", "stranger_pm", "hr", "admin"])
def test_only_pm_of_contract_grants(cast, who):
    with pytest.raises(NotAllowed):
        commands.grant(
            cast.gc_place,
            number=invented_id(8101),
            name="某人",
            phone="15499008101",
            rights=[Right.ENTRY],
            ends_on=TODAY(),
            by=getattr(cast, who),
        )


def test_operator_sees_grant_and_use_saved(cast):
    operator = cast.operator()
    mine = Grant.objects.get(rules.grants_visible_to(operator))
    assert mine.last_used_at is None

    commands.note_use(operator)
    mine.refresh_from_db()
    first = mine.last_used_at
    commands.note_use(operator)
    mine.refresh_from_db()
    assert first is not None and mine.last_used_at == first


def test_acting_as_operator_counts_as_use(cast, django_capture_on_commit_callbacks):
    operator = cast.operator()
    record(Event.HAT_CHANGED, cast.binjiang, by=operator, hat="现场操作用户")
    assert Grant.objects.get(person=operator.person_id).last_used_at is not None


def test_grant_end_is_warned_twice_once_each(cast):
    ends_on = TODAY() + timedelta(days=30)
    given(cast, ends_on=ends_on)
    days = [ends_on - timedelta(days=days) for days in (8, 7, 7, 6, 1, 0)]
    assert [commands.note_expiring(by=system(), today=day) for day in days] == [0, 1, 0, 0, 1, 0]


# teams


def test_leader_without_phone_is_refused(cast):
    zhang = cast.zhang
    zhang.phone, zhang.phone_digest = None, ""
    zhang.save()
    with pytest.raises(DomainError) as error:
        commands.create_team(cast.antai, name="钢筋一组", leader=zhang, by=cast.hr)
    assert (error.value.codes, str(error.value)) == (["R-12"], "劳务队长（班组长）必须填写手机号")


def test_team_names_differ_empty_team_closes(cast):
    first = commands.create_team(cast.antai, name="钢筋一组", leader=cast.zhang, off_site_leader=True, by=cast.hr)
    with pytest.raises(ValidationError):
        commands.create_team(cast.antai, name="钢筋一组", by=cast.hr)

    employment = cast.employment(team=first)
    assert refusal_of(commands.close_team, first, by=cast.hr) == ["R-68"]
    employment.status, employment.ended_at = "ended", timezone.now()
    employment.save()
    commands.close_team(first, by=cast.hr)
    assert commands.create_team(cast.antai, name="钢筋一组", by=cast.hr).pk != first.pk


@pytest.mark.parametrize("who", ["stranger_hr", "gc_pm", "admin", "labour_pm"])
def test_firm_creates_its_own_teams(cast, who):
    with pytest.raises(NotAllowed):
        commands.create_team(cast.antai, name="外人组", by=getattr(cast, who))


# visibility

SEES = [
    # (actor, project, contract of the labour company, team, grant of the general contractor)
    ("admin", True, True, True, True),
    ("hr", True, True, True, False),
    ("gc_hr", True, True, False, True),
    ("gc_pm", True, True, True, True),
    ("specialist_pm", True, False, True, False),
    ("labour_pm", True, True, True, False),
    ("supervision_pm", True, False, True, False),
    ("stranger_pm", False, False, False, False),
    ("stranger_hr", False, False, False, False),
]


@pytest.mark.parametrize(("who", "project", "filing", "team", "grant"), SEES)
def test_visibility_depends_on_role(cast, who, project, filing, team, grant):
    given(cast)
    kept = {
        "project": (Project, rules.visible_to, cast.binjiang),
        "filing": (ContractFiling, rules.filings_visible_to, cast.filing(cast.labour_place, "孙劳务")),
        "team": (Team, rules.teams_visible_to, cast.team()),
        "grant": (Grant, rules.grants_visible_to, Grant.objects.get(participation=cast.gc_place)),
    }
    actor = getattr(cast, who)
    seen = {name: model.objects.filter(rule(actor), pk=row.pk).exists() for name, (model, rule, row) in kept.items()}
    assert seen == {"project": project, "filing": filing, "team": team, "grant": grant}


def test_regulator_sees_sites_of_station(cast):
    cast.gc_place, cast.stranger_place  # noqa: B018
    east, west = cast.regulator(), cast.regulator("赵监督", "西区监督站")
    assert [p.name for p in Project.objects.filter(rules.visible_to(east))] == ["滨江一期"]
    assert [p.name for p in Project.objects.filter(rules.visible_to(west))] == ["城东二期"]


def test_person_sees_assigned_sites(cast):
    cast.assignment()
    cast.stranger_place  # noqa: B018
    himself = cast.himself()
    assert [p.name for p in Project.objects.filter(rules.visible_to(himself))] == ["滨江一期"]
    assert Company.objects.count() > 1


@pytest.mark.parametrize(
    "command",
    [
        lambda cast, by: commands.register_project(filing_code="1", name="甲", station=cast.station(), by=by),
        lambda cast, by: commands.change_project(cast.binjiang, name="乙", by=by),
        lambda cast, by: commands.set_status(cast.binjiang, "finished", by=by),
        lambda cast, by: commands.set_policy(cast.binjiang, "two_tier", from_date=TODAY(), by=by),
        lambda cast, by: commands.add_participation(cast.binjiang, cast.yuanda, "supervision", by=by),
        lambda cast, by: commands.leave(cast.labour_place, by=by),
        lambda cast, by: commands.close_contract(cast.filing(cast.gc_place, "王总包"), by=by),
        lambda cast, by: commands.add_station(name="新站", region="310000", by=by),
        lambda cast, by: (
            filed(cast)
            if by is None
            else commands.file_contract(
                cast.gc_place, number="1", name="1", pm_number="1", pm_name="1", pm_phone="1", by=by
            )
        ),
    ],
)
@pytest.mark.parametrize("who", ["hr", "gc_pm"])
def test_registration_is_for_administrator_only(cast, command, who):
    with pytest.raises(NotAllowed):
        command(cast, getattr(cast, who))
