"""Differences between a row and typed values use the labels on screen; personal values are masked."""

import pytest

from shiming.core.privacy import Secret
from shiming.people.changes import Changes, apply

pytestmark = pytest.mark.django_db


def test_difference_is_set_and_named_by_label(cast):
    project = cast.binjiang
    changes = apply(project, {"name": "滨江二期", "address": "滨江路 1 号", "region": "119901"})

    assert (project.name, project.address, project.region) == ("滨江二期", "滨江路 1 号", "119901")
    assert str(changes) == "项目名称、行政区划"
    assert changes.before == {"name": "滨江一期", "region": ""}
    assert changes.after == {"name": "滨江二期", "region": "119901"}


def test_equal_value_is_no_change(cast):
    changes = apply(cast.binjiang, {"name": "滨江一期", "started_on": None})
    assert (bool(changes), str(changes), changes.before) == (False, "", {})


def test_apply_saves_nothing(cast):
    apply(cast.binjiang, {"name": "滨江二期"})
    cast.binjiang.refresh_from_db()
    assert cast.binjiang.name == "滨江一期"


def test_a_personal_value_stays_masked_before_and_after(cast):
    person, phone = cast.zhang, str(cast.zhang.phone)
    changes = apply(person, {"phone": Secret("15499000001")})

    assert person.phone.plain == "15499000001"
    assert (changes.before, changes.after) == ({"phone": phone}, {"phone": "154*****001"})


def test_empty_value_prints_as_nothing():
    changes = Changes()
    changes.note("pm", "项目负责人", None, "张三")
    changes.note("left_on", "退出日期", "2026-01-01", None)

    assert (changes.before, changes.after) == ({"pm": "", "left_on": "2026-01-01"}, {"pm": "张三", "left_on": ""})
    assert str(changes) == "项目负责人、退出日期"
