"""One rule per role decides visibility of person, employment, allocation, stay and attendance (domain.md §7.9).

Every role × every state of one person × every module: an actor who sees one row about the person sees the person, an
actor who does not see the person sees no row about them, and pages answer as the rules do.
"""

from datetime import timedelta

import pytest
from django.utils import timezone

from shiming.assignment import rules as assignment_rules
from shiming.assignment.models import Assignment
from shiming.attendance import rules as attendance_rules
from shiming.attendance.models import Correction
from shiming.core.actor import Role
from shiming.employment import rules as employment_rules
from shiming.employment.models import Employment
from shiming.people import rules as people_rules
from shiming.people.models import Person
from shiming.people.sight import sources
from shiming.presence import rules as presence_rules
from shiming.presence.models import Stay
from shiming.projects.models import ProjectPolicy
from tests.doors import client_of

pytestmark = pytest.mark.django_db

EVERYONE = (
    *("himself", "another", "hr", "clerk", "gc_hr", "specialist_hr", "stranger_hr"),
    *("implementer", "implementing_legal", "implementing_hr"),
    *("gc_pm", "specialist_pm", "labour_pm", "gc_operator", "supervision_pm", "stranger_pm"),
    *("regulator", "other_regulator", "admin"),
)
FLOWS = ("invite_scan", "two_tier", "site_direct", "audit_bind")
OWN = {"himself", "admin", "hr", "clerk"}
ABOVE = {"gc_hr", "specialist_hr", "gc_pm", "gc_operator", "specialist_pm", "labour_pm", "supervision_pm"}
# The own company, its site manager and the answerer see a pending allocation.
ANSWERS = {
    "invite_scan": {"labour_pm", "specialist_pm", "gc_pm", "gc_operator"},
    "two_tier": {"labour_pm", "specialist_pm"},
    "site_direct": {"labour_pm"},
    "audit_bind": {"labour_pm", "implementer", "implementing_legal"},
}
# Beside the chain of companies: the 实施单位 sees all that it audited, and nothing on sites of other flows.
AUDITS = {"audit_bind": {"implementer", "implementing_legal"}}
STATES = {
    "unknown": lambda flow: {"himself", "admin"},
    "invited": lambda flow: {"himself", "admin"},
    "employed": lambda flow: OWN,
    "draft": lambda flow: OWN,
    "pending": lambda flow: OWN | ANSWERS[flow],
    "rejected": lambda flow: OWN | ANSWERS[flow],
    "removed": lambda flow: OWN,
    "accepted": lambda flow: OWN | ABOVE | {"regulator"} | AUDITS.get(flow, set()),
    "on_site": lambda flow: OWN | ABOVE | {"regulator"} | AUDITS.get(flow, set()),
    "left": lambda flow: OWN | ABOVE | {"regulator"} | AUDITS.get(flow, set()),
    "employment_ended": lambda flow: OWN | ABOVE | {"regulator"} | AUDITS.get(flow, set()),
}


# The flow matters while an allocation waits; a page answers by the rules that the first test compares in every flow.
PAGES = [(state, "invite_scan") for state in STATES] + [("pending", "two_tier"), ("pending", "site_direct")]


def actor(cast, who):
    match who:
        case "himself":
            return cast.himself()
        case "another":
            return cast.himself(cast.person("李四"))
        case "specialist_hr":
            return cast.staff("恒立人事", cast.hengli)
        case "clerk":
            return cast.staff("冯经办", cast.antai, Role.PARTICIPANT_CLERK)
        case "implementer":
            return cast.staff("沈审核", cast.anju, Role.IMPLEMENTER)
        case "implementing_legal":
            return cast.staff("安居法人", cast.anju, Role.LEGAL_REP)
        case "implementing_hr":
            return cast.staff("安居人事", cast.anju)
        case "gc_operator":
            return cast.operator()
        case "regulator":
            return cast.regulator()
        case "other_regulator":
            return cast.regulator("外监督", "西区监督站")
        case _:
            return getattr(cast, who)


@pytest.fixture
def actors(cast):
    """The whole chain, and a second site of the same company in the other district."""
    assert cast.gc_place and cast.specialist_place and cast.labour_place and cast.supervision_place
    assert cast.participation(cast.binjiang, cast.anju, "implementing")
    assert cast.participation(cast.chengdong, cast.antai, "labour", cast.stranger_place)
    return {who: actor(cast, who) for who in EVERYONE}


def make(cast, state, flow, place=None, company=None):
    ProjectPolicy.objects.update_or_create(
        project=cast.binjiang, from_date=timezone.localdate() - timedelta(days=300), defaults={"base": flow}
    )
    ProjectPolicy.objects.filter(project=cast.binjiang).update(base=flow)
    if state == "unknown":
        return cast.zhang and []
    if state == "invited":
        return [cast.employment(company=company, status="invited", started_at=None)]
    ended = {"status": "ended", "ended_at": timezone.now()} if state == "employment_ended" else {}
    employment = cast.employment(company=company, **ended)
    if state == "employed":
        return [employment]
    status = {"on_site": "accepted", "left": "ended", "employment_ended": "ended"}.get(state, state)
    assignment = cast.assignment(employment, place, status=status)
    if state not in ("on_site", "left", "employment_ended"):
        return [employment, assignment]
    gone = {} if state == "on_site" else {"exited_on": timezone.localdate(), "exited_at": timezone.now()}
    correction = Correction.objects.create(
        person=cast.zhang,
        project=cast.binjiang,
        day=timezone.localdate() - timedelta(days=1),
        came_at=timezone.now() - timedelta(days=1),
        reason="忘记打卡",
        requested_by=cast.user("张三", cast.zhang),
    )
    return [employment, assignment, cast.stay(assignment, **gone), correction]


RULES = {
    Employment: employment_rules.visible_to,
    Assignment: assignment_rules.visible_to,
    Stay: presence_rules.visible_to,
    Correction: attendance_rules.visible_to,
}


# A company sees its own invitation, but not the person. Attendance has no page for the administrator.
ALSO = {("invited", "Employment"): {"hr", "clerk"}}
LESS = {"Correction": {"admin"}}


def sees(actor, row) -> bool:
    return type(row).objects.filter(RULES[type(row)](actor), pk=row.pk).exists()


def sees_person(actor, person) -> bool:
    return Person.objects.filter(people_rules.visible_to(actor), pk=person.pk).exists()


@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize("state", STATES)
def test_modules_agree_about_one_person(cast, actors, state, flow):
    rows = make(cast, state, flow)
    expected = STATES[state](flow)

    assert {who for who in EVERYONE if sees_person(actors[who], cast.zhang)} == expected
    seen = {type(row).__name__: {who for who in EVERYONE if sees(actors[who], row)} for row in rows}
    assert seen == {name: (expected | ALSO.get((state, name), set())) - LESS.get(name, set()) for name in seen}


@pytest.mark.parametrize(("state", "flow"), PAGES)
def test_pages_answer_as_the_rules_do(cast, actors, state, flow):
    rows = make(cast, state, flow)
    pages = {f"/people/{cast.zhang.pk}/": cast.zhang}
    addresses = {Employment: "/employments/{}/", Assignment: "/assignments/{}/", Stay: "/stays/{}/"}
    pages |= {addresses[type(row)].format(row.pk): row for row in rows if type(row) in addresses}
    for who, browser in {who: client_of(actors[who]) for who in EVERYONE if who not in ("himself", "another")}.items():
        for page, row in pages.items():
            shown = sees_person(actors[who], row) if isinstance(row, Person) else sees(actors[who], row)
            assert browser.get(page).status_code in ((200, 403) if shown else (404, 403)), (who, page)


def test_general_contractor_reads_confirmed_people_of_supervision(cast, actors):
    """总包 sees confirmed people of its whole project, 监理 beside the chain included."""
    rows = make(cast, "on_site", "two_tier", place=cast.supervision_place, company=cast.mingcheng)
    for who in ("gc_hr", "gc_pm", "supervision_pm", "regulator"):
        assert sees_person(actors[who], cast.zhang) and all(sees(actors[who], row) for row in rows), who
    for who in ("hr", "labour_pm", "specialist_pm", "specialist_hr", "stranger_hr"):
        assert not sees_person(actors[who], cast.zhang) and not any(sees(actors[who], row) for row in rows), who


def test_supervision_sees_its_pending_person(cast, actors):
    rows = make(cast, "pending", "two_tier", place=cast.supervision_place, company=cast.mingcheng)
    assert {who for who in EVERYONE if sees(actors[who], rows[1])} == {"himself", "admin", "supervision_pm"}


def test_regulator_sees_employment_that_brought_person(cast, actors):
    """Another job of the same person is hidden, even when that company works in the district."""
    make(cast, "employment_ended", "invite_scan")
    other = cast.employment(company=cast.hengli)
    assert sees_person(actors["regulator"], cast.zhang) and not sees(actors["regulator"], other)


def test_own_office_finds_pending_allocation(cast, actors):
    make(cast, "pending", "two_tier")
    page = client_of(actors["hr"]).get(f"/people/{cast.zhang.pk}/").content.decode()
    assert "滨江一期" in page and "待确认" in page


def test_only_own_company_and_authority_see_pay(cast, actors):
    employment = make(cast, "on_site", "invite_scan")[0]
    employment.day_rate = 388
    employment.save()
    shown = {
        who
        for who in ("hr", "gc_pm", "labour_pm", "specialist_pm", "regulator")
        if "388" in client_of(actors[who]).get(f"/employments/{employment.pk}/").content.decode()
    }
    assert shown == {"hr", "labour_pm", "regulator"}


def test_every_source_has_a_person():
    assert {source.label for source in sources()} == {"聘用", "转出", "分配", "进退场", "考勤更正"}
    assert [source.label for source in sources() if not hasattr(source.model, "person")] == []
