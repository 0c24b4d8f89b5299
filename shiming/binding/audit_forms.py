from django import forms
from django.utils import timezone

from shiming.binding.audits import MANAGERS, WORKERS
from shiming.projects.models import Project
from shiming.web.forms import DayInput
from shiming.web.typed import DayField, SearchField

PASS, FAIL = "pass", "fail"


class ProjectsFilter(forms.Form):
    """项目状态 stands on 在建 until another is chosen (domain.md §11.9)."""

    code = SearchField(label="报建编号")
    name = SearchField(label="项目名称")
    status = forms.ChoiceField(label="项目状态", required=False, choices=[*Project.Status.choices, ("", "全部")])

    def __init__(self, data):
        super().__init__(data if "status" in data else {**data.dict(), "status": Project.Status.OPEN})


class PeopleFilter(forms.Form):
    name = SearchField(label="姓名")
    kind = forms.ChoiceField(
        label="人员类型",
        required=False,
        choices=[("", "全部"), (MANAGERS, "管理人员"), (WORKERS, "现场作业人员")],
    )


class BoundFilter(PeopleFilter):
    """审核通过 = bound now; those whose binding has ended stand behind a filter."""

    ended = forms.ChoiceField(
        label="绑定状态", required=False, choices=[("", "已绑定"), ("only", "已结束"), ("too", "全部")]
    )


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        label="审核结果",
        choices=[(PASS, "通过"), (FAIL, "不通过")],
        widget=forms.RadioSelect({"autofocus": True}),
    )
    note = forms.CharField(
        label="不通过原因",
        max_length=200,
        required=False,  # the command says R-40
        widget=forms.Textarea({"rows": 3}),
        help_text="选“不通过”时必填；本人和单位都会看到，改正后可以再次提交。",
    )


class ReleaseForm(forms.Form):
    demanded = ("reason",)

    on = DayField(label="退场日期", widget=DayInput, initial=timezone.localdate)
    reason = forms.CharField(
        label="退场原因",
        max_length=200,
        required=False,  # the command says R-10
        widget=forms.Textarea({"rows": 3}),
        help_text="本人和单位都会看到。",
    )
