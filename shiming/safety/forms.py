"""The forms of safety trainings."""

from django import forms

from shiming.idcard.number import InvalidIdNumber, parse
from shiming.safety.models import LONGEST, Level
from shiming.web.forms import DayInput
from shiming.web.typed import DayField, NumberField, SearchField

RESULTS = [("passed", "合格"), ("failed", "不合格")]
STATES = [("", "全部"), ("expiring", "30 天内到期"), ("expired", "已过期"), ("failed", "不合格"), ("removed", "已删除")]


class TrainingFilter(forms.Form):
    who = SearchField(label="姓名")
    level = forms.ChoiceField(label="级别", required=False, choices=[("", "全部"), *Level.choices])
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)


class TrainingForm(forms.Form):
    """登记培训. On a site the project is the current one, so the field is left out."""

    number = NumberField(label="身份证号", widget=forms.TextInput({"autocomplete": "off"}))
    level = forms.ChoiceField(label="级别", choices=[("", "请选择"), *Level.choices])
    project = forms.ChoiceField(label="项目", required=False, help_text="公司级不选")
    taken_on = DayField(label="培训日期", widget=DayInput)
    hours = forms.DecimalField(label="学时", min_value=0.5, max_value=LONGEST, max_digits=4, decimal_places=1)
    result = forms.ChoiceField(label="结果", choices=RESULTS, widget=forms.RadioSelect, initial="passed")
    valid_until = DayField(
        label="有效期至", required=False, widget=DayInput, help_text="空着按准入检查的有效月数，没有设定的为 12 个月"
    )

    def __init__(self, *args, projects, current=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.offered, self.current = {str(each.pk): each for each in projects}, current
        if current:
            del self.fields["project"]
        else:
            self.fields["project"].choices = [
                ("", "（公司级）"),
                *((key, one.name) for key, one in self.offered.items()),
            ]

    def clean_number(self) -> str:
        try:
            return parse(self.cleaned_data["number"], guess=False).number
        except InvalidIdNumber as found:
            raise forms.ValidationError(found.refusal.advice) from found

    @property
    def given(self) -> dict:
        """The values of the command."""
        typed = self.cleaned_data
        project = self.offered.get(typed.get("project", "")) or self.offered.get(str(self.current))
        kept = {name: typed[name] for name in ("level", "taken_on", "hours", "valid_until")}
        here = self.current and typed["level"] == Level.COMPANY
        return kept | {"project": None if here else project, "passed": typed["result"] == "passed"}
