"""Menus by role and door, current entry, badges."""

import pytest
from django.urls import reverse

from shiming.companies.models import Company
from shiming.core.actor import Actor, Door, Role
from shiming.web import menu

WHO = {
    "company_id": "00000000-0000-7000-8000-000000000001",
    "person_id": "00000000-0000-7000-8000-000000000002",
}


def actor(role=Role.HR_OFFICER, door=Door.COMPANY):
    return Actor(role=role, door=door, name="王人事", **WHO)


@pytest.fixture
def entries(monkeypatch):
    monkeypatch.setattr(menu, "_ENTRIES", [])
    offer = {"door": Door.COMPANY, "group": "人员"}
    menu.add(**offer, roles=[Role.HR_OFFICER], label="组件", url_name="web-gallery", icon="home", order=2)
    menu.add(**offer, roles=[Role.HR_OFFICER], label="手机", url_name="web-gallery-phone", icon="phone", order=1)
    menu.add(**offer, roles=[Role.LEGAL_REP], label="证书", url_name="web-gallery-paper", icon="key")
    menu.add(**offer, roles=[Role.HR_OFFICER], label="不存在", url_name="no-such-page", icon="key")


def labels(groups):
    return [(group.label, [item.label for item in group.items]) for group in groups]


def test_role_sees_its_entries_in_order(entries):
    assert labels(menu.groups_for(actor(), "/")) == [("人员", ["手机", "组件"])]
    assert labels(menu.groups_for(actor(Role.LEGAL_REP), "/")) == [("人员", ["证书"])]


def test_other_door_has_other_menu(entries):
    assert menu.groups_for(actor(Role.PERSON, Door.PERSON), "/") == []


def test_anonymous_visitor_has_no_menu(entries):
    assert menu.groups_for(None, "/") == []


def test_longest_matching_address_is_current(entries):
    (group,) = menu.groups_for(actor(), reverse("web-gallery-phone") + "42/")
    assert [(item.label, item.current) for item in group.items] == [("手机", True), ("组件", False)]


def test_page_beside_the_only_entry_of_its_module_marks_it(monkeypatch):
    monkeypatch.setattr(menu, "_ENTRIES", [])
    offer = {"door": Door.COMPANY, "group": "人员", "roles": [Role.HR_OFFICER], "icon": "link"}
    menu.add(**offer, label="项目人员绑定", url_name="binding-projects")
    menu.add(**offer, label="聘用管理", url_name="employment-list")
    menu.add(**offer, label="完善信息", url_name="employment-profiles")
    menu.add(**offer, label="我的聘用", url_name="my-employments")
    place = "/binding/places/00000000-0000-7000-8000-000000000001/workers/"
    current = {
        path: [item.label for group in menu.groups_for(actor(), path) for item in group.items if item.current]
        for path in (place, "/employments/profiles/new/", "/m/faces/", "/home/", "")
    }
    assert current == {
        place: ["项目人员绑定"],
        "/employments/profiles/new/": ["完善信息"],
        "/m/faces/": [],
        "/home/": [],
        "": [],
    }


def test_badge_counts_up_to_its_limit(entries, cast, monkeypatch):
    menu.add(
        door=Door.COMPANY,
        group="人员",
        roles=[Role.HR_OFFICER],
        label="待办",
        url_name="web-gallery-scan",
        icon="inbox",
        order=3,
        badge=lambda who: Company.objects.filter(pk__in=[cast.antai.pk, cast.hengli.pk, cast.hongji.pk]),
    )
    (group,) = menu.groups_for(actor(), "/")
    assert group.items[-1].badge == "3"

    monkeypatch.setattr(menu, "MOST", 2)
    (group,) = menu.groups_for(actor(), "/")
    assert group.items[-1].badge == "2+"


def test_same_page_is_added_once(entries):
    menu.add(door=Door.COMPANY, roles=[], group="x", label="又一次", url_name="web-gallery", icon="home")
    assert len(menu._ENTRIES) == 4
