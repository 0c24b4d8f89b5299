"""Divisions of GB/T 2260: chosen level by level, typed in short, kept as the whole label."""

import json

import pytest
from django import forms
from django.test import Client

from scripts.vendor_regions import digest
from shiming.dictionaries import regions
from shiming.dictionaries.fields import RegionField


def labels(found):
    return [region.label for region in found]


def test_vendored_list_is_the_one_its_source_names():
    kept = json.loads(regions.FILE.read_text())
    assert kept["source"]["sha256"] == digest(kept["names"])
    assert (kept["source"]["package"], kept["source"]["licence"]) == ("@vant/area-data", "MIT")
    assert regions.FILE.stat().st_size < 200_000


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("330106", "浙江省杭州市西湖区"),
        ("310101", "上海市黄浦区"),
        ("500229", "重庆市城口县"),
        ("429021", "湖北省神农架林区"),
        ("110000", "北京市"),
    ],
)
def test_label_names_every_level_once(code, label):
    assert regions.of_code(code).label == label


def test_levels_below_pass_over_those_without_a_name():
    assert labels(regions.children())[:2] == ["北京市", "天津市"]
    assert "浙江省杭州市" in labels(regions.children("330000"))
    assert labels(regions.children("110000"))[0] == "北京市东城区"
    assert {"湖北省武汉市", "湖北省仙桃市"} <= set(labels(regions.children("420000")))


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("浙江省杭州市西湖区", "浙江省杭州市西湖区"),
        ("浙江 杭州 西湖", "浙江省杭州市西湖区"),
        ("杭州西湖区", "浙江省杭州市西湖区"),
        ("安徽六安", "安徽省六安市"),
        ("３３０１０６", "浙江省杭州市西湖区"),
        ("西湖", None),  # 南昌 has one too
        ("鼓楼区", None),
        ("月球", None),
        ("", None),
    ],
)
def test_what_was_typed_is_one_division_or_none(typed, label):
    found = regions.find(typed)
    assert (found and found.label) == label


@pytest.mark.parametrize(
    ("typed", "first"),
    [("西湖", "浙江省杭州市西湖区"), ("六安", "安徽省六安市"), ("cq", "重庆市"), ("hzxh", "浙江省杭州市西湖区")],
)
def test_search_answers_the_closest_first(typed, first):
    assert first in labels(regions.search(typed))[:3]


class Form(forms.Form):
    place = RegionField(label="户口所在地")
    native = RegionField(label="籍贯", required=False, least=regions.CITY, present="上海市闸北区")


@pytest.mark.parametrize(
    ("place", "native", "errors"),
    [
        ("浙江杭州西湖", "浙江杭州", {}),
        ("上海市黄浦区", "上海市", {}),
        ("上海市黄浦区", "上海市闸北区", {}),
        ("浙江省杭州市", "", {"place": ["请选到区县：浙江省杭州市下面还有一级"]}),
        ("上海市黄浦区", "浙江省", {"native": ["请选到市：浙江省下面还有一级"]}),
        ("火星", "", {"place": ["没有找到“火星”，请从列表中选择"]}),
    ],
)
def test_field_takes_a_division_deep_enough(place, native, errors):
    form = Form({"place": place, "native": native})
    assert {name: list(found) for name, found in form.errors.items()} == errors


@pytest.mark.django_db
def test_divisions_are_asked_by_text_or_level_by_level():
    browser = Client()
    found = browser.get("/regions/", {"q": "西湖区"}).json()["found"]
    assert {"code": "330106", "name": "西湖区", "label": "浙江省杭州市西湖区", "level": 3, "more": False} in found
    below = browser.get("/regions/", {"in": "330000"}).json()
    assert (below["in"], below["found"][0]["label"], below["found"][0]["more"]) == ("浙江省", "浙江省杭州市", True)
    assert browser.get("/regions/", {"in": "999999"}).json() == {"found": [], "in": "", "level": 0}
