"""Form fields as the templates print them."""

import pytest
from django import forms

from shiming.companies.models import Company
from shiming.projects.models import Station
from shiming.web.fields import describe, sentences


class Asked(forms.ModelForm):
    station = forms.ModelChoiceField(Station.objects.none())

    class Meta:
        model = Company
        fields = ("kind",)


def test_select_field_starts_with_prompt(db):
    widgets = [str(describe(bound)["widget"]) for bound in Asked()]
    assert [("请选择" in widget, "---" in widget) for widget in widgets] == [(True, False)] * 2


class Typed(forms.Form):
    days = forms.IntegerField(label="健康申报有效天数", min_value=1, max_value=90, required=False)
    on = forms.DateField(label="截至日期", required=False)
    hour = forms.TimeField(label="时刻（可不填）", required=False)
    state = forms.ChoiceField(label="进场状态", choices=[("on", "在场")], required=False)
    word = forms.CharField(label="备注", max_length=3, required=False)
    count = forms.DecimalField(label="数量", min_value=0, required=False)
    own = forms.DateField(label="开具日期", required=False, error_messages={"invalid": "请照样子填写"})


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("days", "0", "健康申报有效天数应在 1 到 90 之间，请改成其中的数"),
        ("days", "七", "健康申报有效天数应是整数，请改成数字，如 7"),
        ("on", "2026-13-01", "截至日期不是日期，请按 年-月-日 填写，如 2026-12-01"),
        ("hour", "25:99", "时刻填得不对，请按 时:分 填写，如 08:30"),
        ("state", "off", "进场状态里没有这一项，请从列表里重新选择"),
        ("word", "欧阳修文", "备注最多 3 个字，现有 4 个，请删减"),
        ("count", "-1", "数量不能小于 0，请改大"),
        ("own", "昨天", "请照样子填写"),
    ],
)
def test_wrong_value_names_field_and_what_is_expected(name, value, said):
    assert sentences(Typed({name: value})[name]) == [said]
