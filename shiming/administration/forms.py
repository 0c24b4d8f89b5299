"""The filter of the trail."""

from django import forms

from shiming.administration.queries import KINDS
from shiming.web.forms import DayInput


class TrailFilter(forms.Form):
    kind = forms.ChoiceField(label="事件", required=False, choices=[("", "全部"), *KINDS.items()])
    by = forms.CharField(label="操作人", required=False)
    person = forms.CharField(label="人员（姓名或证件号）", required=False)
    company = forms.CharField(label="企业", required=False)
    since = forms.DateField(label="自", required=False, widget=DayInput)
    until = forms.DateField(label="至", required=False, widget=DayInput)
