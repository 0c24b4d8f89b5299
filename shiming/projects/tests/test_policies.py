"""A project follows one flow from a date on; a change adds a row and leaves earlier days unchanged."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from shiming.core.actor import Role
from shiming.projects import commands, queries
from shiming.projects.flows import employs_directly, policies_for
from shiming.projects.models import ProjectPolicy
from shiming.projects.policies import DEFAULT, POLICIES
from shiming.projects.tests.asking import refused, trail

TODAY = timezone.localdate

# The switches of each policy (domain.md §4), one line a switch.
TABLE = {
    "employment_mode": {
        "site_direct": "implicit",
        "two_tier": "direct",
        "audit_bind": "direct",
        "invite_scan": "invite",
    },
    "confirmer": {"site_direct": "none", "two_tier": "parent", "audit_bind": "implementer", "invite_scan": "site"},
    "entry_trigger": {
        "site_direct": "form",
        "two_tier": "acceptance",
        "audit_bind": "approval",
        "invite_scan": "scan",
    },
    "rating_at_exit": {"site_direct": "required", "two_tier": "optional", "audit_bind": "off", "invite_scan": "off"},
    "unverified_may_enter": {"site_direct": True, "two_tier": False, "audit_bind": False, "invite_scan": False},
    "gc_scans_labour": {"site_direct": False, "two_tier": False, "audit_bind": False, "invite_scan": True},
    "manager_exits_first": {"site_direct": False, "two_tier": False, "audit_bind": False, "invite_scan": True},
    "single_employer": {"site_direct": False, "two_tier": True, "audit_bind": True, "invite_scan": True},
    "reject_allowed": {"site_direct": False, "two_tier": True, "audit_bind": True, "invite_scan": True},
}


@pytest.mark.parametrize("switch", TABLE)
def test_policy_switches_match_the_manuals(switch):
    assert {code: getattr(policy, switch) for code, policy in POLICIES.items()} == TABLE[switch]


def test_policies_have_names_and_default():
    assert {code: policy.label for code, policy in POLICIES.items()} == {
        "site_direct": "现场直接登记",
        "two_tier": "劳务分配、专业接收",
        "audit_bind": "实施单位审核绑定",
        "invite_scan": "聘用确认、扫码进场",
    }
    assert DEFAULT is POLICIES["invite_scan"]


# the flow of a day


@pytest.fixture
def site(cast):
    """A site with three policy rows."""
    project = cast.project("三易其制")
    project.policies.all().delete()
    for base, day in (("site_direct", (2022, 1, 1)), ("two_tier", (2023, 6, 1)), ("invite_scan", (2024, 6, 1))):
        ProjectPolicy.objects.create(project=project, base=base, from_date=date(*day))
    return project


DAYS = [
    (date(2021, 12, 31), "invite_scan"),  # before the first row: the default policy
    (date(2022, 1, 1), "site_direct"),
    (date(2023, 5, 31), "site_direct"),
    (date(2023, 6, 1), "two_tier"),
    (date(2024, 5, 31), "two_tier"),
    (date(2024, 6, 1), "invite_scan"),
    (date(2099, 1, 1), "invite_scan"),
]


@pytest.mark.parametrize(("day", "code"), DAYS)
def test_day_uses_newest_policy_begun(site, day, code):
    assert queries.policy_of(site, day).code == code


def test_site_without_policy_uses_default(cast):
    cast.binjiang.policies.all().delete()
    assert queries.policy_of(cast.binjiang) is DEFAULT
    assert queries.policy_row(cast.binjiang) is None


def test_day_defaults_to_today(site, cast):
    commands.set_policy(site, "two_tier", from_date=TODAY() + timedelta(days=1), by=cast.admin)
    assert queries.policy_of(site).code == "invite_scan"
    commands.set_policy(site, "two_tier", from_date=TODAY(), by=cast.admin)
    site.refresh_from_db()
    assert queries.policy_of(site).code == "two_tier"


# change of the flow


@pytest.mark.parametrize(("days", "allowed"), [(-1, False), (0, True), (1, True), (400, True)])
def test_policy_begins_today_or_later(cast, days, allowed):
    day = TODAY() + timedelta(days=days)
    if allowed:
        assert commands.set_policy(cast.binjiang, "two_tier", from_date=day, by=cast.admin).from_date == day
    else:
        codes, sentence = refused(commands.set_policy, cast.binjiang, "two_tier", from_date=day, by=cast.admin)
        assert (codes, sentence) == (["R-63"], "用工流程的起始日期不能早于今天")


def test_one_day_has_one_policy(cast):
    commands.set_policy(cast.binjiang, "two_tier", from_date=TODAY(), by=cast.admin)
    codes, sentence = refused(commands.set_policy, cast.binjiang, "two_tier", from_date=TODAY(), by=cast.admin)
    assert (codes, sentence) == (["R-64"], "该日期已有用工流程")
    assert commands.set_policy(cast.chengdong, "two_tier", from_date=TODAY(), by=cast.admin).base == "two_tier"


def test_policy_change_keeps_old_rows(cast):
    before = list(cast.binjiang.policies.values_list("pk", "base", "from_date"))
    commands.set_policy(cast.binjiang, "site_direct", from_date=TODAY(), by=cast.admin)
    assert list(cast.binjiang.policies.order_by("from_date").values_list("pk", "base", "from_date"))[:-1] == before


def test_trail_names_policy_and_start(cast):
    commands.set_policy(cast.binjiang, "two_tier", from_date=TODAY(), by=cast.admin)
    assert trail("policy.set") == [f"系统管理员为滨江一期设定用工流程劳务分配、专业接收，{TODAY()}起"]


@pytest.mark.parametrize("code", POLICIES)
def test_unoffered_policy_is_refused(cast, code):
    def choose():
        return commands.set_policy(cast.binjiang, code, from_date=TODAY(), by=cast.admin)

    if POLICIES[code].offered:
        assert choose().base == code
    else:
        assert refused(choose) == (["R-74"], f"“{POLICIES[code].label}”尚未启用，不能选用")
        assert cast.binjiang.policies.count() == 1


# flows of each actor


def flows_of(actor) -> set[str]:
    return {policy.code for policy in policies_for(actor)}


def test_site_has_its_own_policy_only(cast):
    pm = cast.gc_pm
    assert flows_of(pm) == {"invite_scan"}
    commands.set_policy(cast.binjiang, "two_tier", from_date=TODAY(), by=cast.admin)
    assert flows_of(pm) == {"two_tier"}


def test_firm_has_policies_of_all_sites(cast):
    other = cast.participation(cast.project("直接登记处", policy="site_direct"), cast.antai, "labour")
    cast.labour_place  # noqa: B018
    assert flows_of(cast.hr) == {"invite_scan", "site_direct"}

    other.left_on = TODAY()
    other.save()
    assert flows_of(cast.hr) == {"invite_scan"}


def test_oversight_has_every_policy(cast):
    assert flows_of(cast.regulator()) == flows_of(cast.admin) == set(POLICIES)


@pytest.mark.parametrize(
    ("policy", "direct"),
    [("site_direct", False), ("two_tier", True), ("audit_bind", True), ("invite_scan", False)],
)
def test_direct_registration_depends_on_policy(cast, policy, direct):
    cast.participation(cast.project(f"{policy}工地", policy=policy), cast.antai, "labour")
    clerk = cast.staff("安泰经办", cast.antai, Role.PARTICIPANT_CLERK)
    assert [employs_directly(actor) for actor in (cast.hr, clerk)] == [direct, direct]
