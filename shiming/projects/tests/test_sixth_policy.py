"""A policy is data: a new `Policy(...)` gets menus, rules and answering roles without more code."""

from dataclasses import replace

import pytest
from django.utils import timezone

from shiming.assignment import rules
from shiming.assignment.models import Assignment
from shiming.core.errors import Refused
from shiming.projects import commands, policies
from shiming.projects.flows import policy_here
from shiming.projects.forms import PolicyForm
from shiming.projects.models import ProjectPolicy
from shiming.projects.policies import Confirmer, EmploymentMode, EntryTrigger
from shiming.web import menu

pytestmark = pytest.mark.django_db


@pytest.fixture
def sixth(cast, monkeypatch):
    """Direct employment, confirmation by the level above, entry by scan."""
    traits = {
        "employment_mode": EmploymentMode.DIRECT,
        "confirmer": Confirmer.PARENT,
        "entry_trigger": EntryTrigger.SCAN,
    }
    policy = replace(policies.DEFAULT, code="sixth", label="第六种", **traits)
    monkeypatch.setitem(policies.POLICIES, "sixth", policy)
    assert cast.gc_pm and cast.specialist_pm and cast.labour_pm and cast.hr
    ProjectPolicy.objects.filter(project=cast.binjiang).update(base="sixth")
    return policy


def labels(actor) -> set[str]:
    return {item.label for group in menu.groups_for(actor, "/") for item in group.items}


def test_sixth_policy_has_menus(cast, sixth):
    assert policy_here(cast.specialist_pm) == sixth
    site, office = labels(cast.specialist_pm), labels(cast.hr)
    assert {"进场人员确认", "进场登记", "进退场管理"} <= site
    assert not {"快速登记", "进场管理"} & site
    assert {"基本信息登记", "人员项目分配", "用工信息查询"} <= office


def test_sixth_policy_has_answering_role(cast, sixth):
    pending = cast.assignment(status="pending", confirmed_at=None)
    asked = {who: rules.may_confirm(getattr(cast, who), pending) for who in ("gc_pm", "specialist_pm", "labour_pm")}
    assert asked == {"gc_pm": False, "specialist_pm": True, "labour_pm": False}
    assert list(Assignment.objects.filter(rules.asked_of(cast.specialist_pm))) == [pending]


def test_unfinished_policy_is_not_offered(cast, monkeypatch):
    form = PolicyForm()
    assert [code for code, _ in form.fields["base"].choices] == ["site_direct", "two_tier", "audit_bind", "invite_scan"]
    monkeypatch.setitem(policies.POLICIES, "two_tier", replace(policies.TWO_TIER, offered=False))
    assert "two_tier" not in [code for code, _ in PolicyForm().fields["base"].choices]
    with pytest.raises(Refused) as refused:
        commands.set_policy(cast.binjiang, "two_tier", from_date=timezone.localdate(), by=cast.admin)
    assert refused.value.codes == ["R-74"]
