"""An actor: one role over one scope, invalid without it."""

from dataclasses import FrozenInstanceError, replace
from uuid import uuid4

import pytest

from shiming.core.actor import (
    DOOR_LABELS,
    RIGHT_LABELS,
    ROLE_LABELS,
    SCOPE,
    Actor,
    Door,
    Right,
    Role,
    system,
)

# What bounds each role (domain.md §2).
BOUNDS = {
    "legal_rep": {"company_id"},
    "hr_officer": {"company_id"},
    "implementer": {"company_id"},
    "participant_clerk": {"company_id"},
    "pm": {"project_id", "participation_id", "company_id"},
    "site_operator": {"project_id", "participation_id", "company_id"},
    "supervision_pm": {"project_id", "participation_id", "company_id"},
    "regulator_user": {"station_id"},
    "person_user": {"person_id"},
    "sys_admin": {"user_id"},
    "system": set(),
}
MISSING = [(role, name) for role, names in BOUNDS.items() for name in sorted(names)]


def test_every_role_has_its_bounds():
    assert {role.value: set(names) for role, names in SCOPE.items()} == BOUNDS


@pytest.mark.parametrize("role", BOUNDS)
def test_a_role_with_its_whole_scope_exists(role):
    scope = {name: uuid4() for name in BOUNDS[role]}
    assert Actor(role=Role(role), door=Door.ADMIN, name="张三", **scope).role == role


@pytest.mark.parametrize(("role", "name"), MISSING)
def test_a_role_without_a_part_of_its_scope_does_not_exist(role, name):
    scope = {each: uuid4() for each in BOUNDS[role] if each != name}
    with pytest.raises(ValueError, match=f"role {role} needs {name}$"):
        Actor(role=Role(role), door=Door.ADMIN, name="张三", **scope)


def test_actor_is_immutable(cast):
    with pytest.raises(FrozenInstanceError):
        cast.hr.company_id = cast.yuanda.pk
    assert replace(cast.hr) == cast.hr
    assert len({cast.hr, replace(cast.hr), cast.stranger_hr}) == 2


def test_a_pm_has_every_right_and_an_operator_those_that_were_ticked(cast):
    operator = cast.operator(rights=(Right.ENTRY, Right.ATTENDANCE))

    assert [cast.gc_pm.has(right) for right in Right] == [True] * 7
    assert [right.value for right in Right if operator.has(right)] == ["entry", "attendance"]
    assert [right for right in Right if cast.hr.has(right)] == []


@pytest.mark.parametrize(
    ("who", "on_site"),
    [("gc_pm", True), ("labour_pm", True), ("supervision_pm", False), ("hr", False), ("admin", False)],
)
def test_pm_and_operators_act_for_site(cast, who, on_site):
    assert getattr(cast, who).on_site is on_site
    assert cast.operator().on_site


def test_jobs_act_for_no_person_and_no_firm():
    actor = system("夜间作业")
    assert (actor.role, actor.name, actor.user_id, actor.company_id) == ("system", "夜间作业", None, None)
    assert system().name == "系统"


@pytest.mark.parametrize(
    ("kind", "labels"),
    [(Door, DOOR_LABELS), (Role, ROLE_LABELS), (Right, RIGHT_LABELS)],
)
def test_every_door_role_and_right_has_a_word_of_its_own_on_screen(kind, labels):
    assert set(labels) == set(kind)
    assert len(set(labels.values())) == len(kind)
