"""The filter of the trail."""

from django import forms

from shiming.administration.queries import KINDS
from shiming.web.forms import DayInput
from shiming.web.typed import DayField, SearchField


class TrailFilter(forms.Form):
    kind = forms.ChoiceField(label="事件", required=False, choices=[("", "全部"), *KINDS.items()])
    by = SearchField(label="操作人")
    person = SearchField(label="人员（姓名或证件号）")
    company = SearchField(label="企业")
    since = DayField(label="自", required=False, widget=DayInput)
    until = DayField(label="至", required=False, widget=DayInput)
