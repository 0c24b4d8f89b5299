"""防疫准入 [002] over the flows of [000], [001] and [004]: refused, pre-registered on the page, entered.

`test_002_health_gate.py` plays it over the flow of [003].
"""

from dataclasses import dataclass
from functools import cached_property

import pytest
from playwright.sync_api import expect

from shiming.assignment.models import Assignment
from shiming.health.tests.cases import contract, declared, gate
from shiming.presence.models import Stay
from shiming.projects.models import ProjectPolicy
from tests.journeys.steps import code_on_the_screen_of, go, row, scan, told

NOT_PREREGISTERED = "该人员未预登记，不能进场登记"


@dataclass
class Site:
    """One worker, 张三 of 安泰劳务, who asks for entry to a site of the flow."""

    window: object
    cast: object
    camera: object
    place: object
    general_place: object

    @cached_property
    def office(self):
        return self.window("desk", self.cast.pm("王总包", self.general_place))

    def enter(self):
        """Ask for entry as the flow does, and return the part of the page that answers."""
        raise NotImplementedError

    def pre_register(self):
        page = self.office
        declared(self.cast.zhang)
        page.goto("/health/pre-registrations/new/")
        page.get_by_label("身份证号").fill(self.cast.zhang.id_number.plain)
        page.get_by_label("姓名").fill("张三")
        page.get_by_role("button", name="获取健康云信息").click()
        expect(page.locator("[data-declared]")).to_be_visible()
        page.get_by_label("用人单位").select_option(label="安泰劳务")
        page.get_by_role("button", name="添加").click()
        told(page, "已为张三办理进场预登记。")


class Scanned(Site):
    @cached_property
    def gate_phone(self):
        return self.window("phone", self.cast.pm("王总包", self.general_place))

    @cached_property
    def worker(self):
        return self.window("phone", self.cast.himself(self.cast.zhang))

    def enter(self):
        return scan(self.camera, self.gate_phone, code_on_the_screen_of(self.worker))


class Accepted(Site):
    @cached_property
    def specialist(self):
        return self.window("desk", self.cast.specialist_pm)

    def enter(self):
        page = self.specialist
        page.goto("/site/")
        go(page, "进场人员确认")
        row(page, "张三").get_by_role("link", name="接收").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("否", exact=True).check()
        dialog.get_by_role("button", name="保存").click()
        return page.locator("body")


class Audited(Site):
    @cached_property
    def auditor(self):
        return self.window("desk", self.cast.implementer)

    def enter(self):
        page = self.auditor
        page.goto("/home/")
        go(page, "项目人员登记绑定审核")
        row(page, "沿河修缮").locator("[data-label=实施单位待审核人员]").get_by_role("link").click()
        page.get_by_label("全选").check()
        page.locator("[data-ticked]").get_by_role("button", name="确认").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("通过", exact=True).check()
        dialog.get_by_role("button", name="确认").click()
        return page.locator("body")


def scanned(cast):
    ProjectPolicy.objects.filter(project=cast.binjiang).update(base="invite_scan")
    cast.assignment(cast.employment(cast.zhang))
    return cast.labour_place, cast.gc_place


def accepted(cast):
    ProjectPolicy.objects.filter(project=cast.binjiang).update(base="two_tier")
    assert cast.specialist_place
    cast.assignment(cast.employment(cast.zhang), status="pending", confirmed_at=None)
    return cast.labour_place, cast.gc_place


def audited(cast):
    place, employment = cast.repair_place, cast.employment(cast.zhang)
    origin = Assignment.Origin.IMPORTED  # no face is asked for
    cast.assignment(employment, place, status="pending", confirmed_at=None, origin=origin)
    return place, cast.repair_gc_place


FLOWS = {
    "invite_scan": (Scanned, scanned, "已进场"),
    "two_tier": (Accepted, accepted, "已接收"),
    "audit_bind": (Audited, audited, "审核通过。"),
}


@pytest.mark.parametrize("flow", FLOWS)
def test_overlay_works_over_every_flow(live, window, camera, flow):
    kind, prepare, entered = FLOWS[flow]
    place, general_place = prepare(live.cast)
    contract(live.cast, place)
    gate(live.cast, place.project)
    site = kind(window, live.cast, camera, place, general_place)

    answer = site.enter()
    expect(answer).to_contain_text(NOT_PREREGISTERED)
    expect(answer).to_contain_text("R-33")
    assert not Stay.objects.exists()

    site.pre_register()

    expect(site.enter()).to_contain_text(entered)
    assert Stay.objects.get().project == place.project
