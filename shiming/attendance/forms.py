"""Filters of the attendance lists, and the forms of corrections."""

from datetime import datetime, timedelta

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shiming.attendance.days import EARLIEST, LATEST
from shiming.attendance.models import Correction, ShiftRule
from shiming.web.forms import DayInput
from shiming.web.typed import DayField, SearchField

WITHIN = [
    MinValueValidator(EARLIEST, message="日期太早，请核对年份"),
    MaxValueValidator(LATEST, message="日期太晚，请核对年份"),
]


class DayFilter(forms.Form):
    day = DayField(label="日期", required=False, widget=DayInput(), validators=WITHIN)
    name = SearchField(label="姓名")
    company = SearchField(label="单位")


class MonthFilter(forms.Form):
    month = DayField(
        label="月份",
        required=False,
        validators=WITHIN,
        input_formats=["%Y-%m"],
        widget=forms.DateInput(format="%Y-%m", attrs={"type": "month"}),
    )
    name = SearchField(label="姓名")
    company = SearchField(label="单位")


class CorrectionFilter(forms.Form):
    name = SearchField(label="姓名")
    status = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *Correction.Status.choices])


class CorrectionForm(forms.Form):
    """The times of one day according to the worker."""

    came = forms.TimeField(label=_("几点到的"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    left = forms.TimeField(label=_("几点走的"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    next_day = forms.BooleanField(label=_("第二天才走（夜班）"), required=False)
    reason = forms.CharField(label=_("为什么要更正"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))

    def times(self, day) -> dict:
        """came_at and left_at of that day, each None when empty."""
        came, left = self.cleaned_data["came"], self.cleaned_data["left"]
        later = timedelta(days=1) if self.cleaned_data["next_day"] else timedelta()
        return {
            "came_at": timezone.make_aware(datetime.combine(day, came)) if came else None,
            "left_at": timezone.make_aware(datetime.combine(day + later, left)) if left else None,
        }


class ShiftRuleForm(forms.ModelForm):
    """The shift rule from a day on; hours left empty are the usual ones of the chosen kind."""

    HOURS = ("window_hours", "longest_hours")

    class Meta:
        model = ShiftRule
        fields = ("kind", "from_date", "window_hours", "longest_hours", "break_minutes", "break_after_hours")
        fields += ("repeat_minutes",)
        widgets = {"from_date": DayInput(), "kind": forms.RadioSelect}
        help_texts = {
            "from_date": "不早于本月 1 日；以前的月份不变",
            "window_hours": "进与出相隔不超过这么久才算一班；不填：13，24 小时值守 26",
            "longest_hours": "超过的这天是“待核”；不填：13，两班 8，24 小时值守 25",
            "break_minutes": "0 为不扣",
            "repeat_minutes": "同一人再扫，答复“已打过卡”",
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.HOURS:
            self.fields[name].required, self.fields[name].initial = False, None

    @classmethod
    def beginning(cls, now: ShiftRule) -> dict:
        """The rule in force; usual hours stay empty, so that another kind brings its own."""
        kept = {name: getattr(now, name) for name in ("kind", "break_minutes", "break_after_hours", "repeat_minutes")}
        hours = zip(cls.HOURS, ShiftRule.USUAL[now.kind], strict=True)
        own = {name: getattr(now, name) for name, usual in hours if getattr(now, name) != usual}
        return {**kept, **own, "from_date": timezone.localdate()}

    def clean(self):
        given = super().clean()
        usual = ShiftRule.USUAL.get(given.get("kind"), (None, None))
        for name, hours in zip(self.HOURS, usual, strict=True):
            if name in given and given[name] is None:
                given[name] = hours
        return given


class DecisionForm(forms.Form):
    note = forms.CharField(label="不通过原因", required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
