"""Filters of the authority's lists; each has the day of the list."""

from datetime import date

from django import forms
from django.utils import timezone

from shiming.oversight.queries import STATES
from shiming.web.forms import DayInput


class DayFilter(forms.Form):
    on = forms.DateField(label="截至日期", required=False, widget=DayInput)

    def __init__(self, data, **kwargs):
        """Fill in today when no day is chosen, so that the field shows the day of the list."""
        data = data.copy()
        if not data.get("on"):
            data["on"] = timezone.localdate().isoformat()
        super().__init__(data, **kwargs)

    def clean_on(self) -> date:
        """A future day becomes today."""
        return min(self.cleaned_data["on"], timezone.localdate())


class SiteFilter(DayFilter):
    number = forms.CharField(label="合同报送编号", required=False)
    project = forms.CharField(label="项目名称", required=False)
    contractor = forms.CharField(label="总包单位", required=False)
    station = forms.ChoiceField(label="所在监督站", required=False)

    field_order = ["number", "project", "contractor", "station", "on"]

    def __init__(self, stations, data, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["station"].choices = [("", "全部"), *((str(row.pk), row.name) for row in stations)]


class PeopleFilter(DayFilter):
    text = forms.CharField(label="姓名/身份证号", required=False)
    state = forms.ChoiceField(label="进场状态", required=False, choices=[("", "全部"), *STATES.items()])

    field_order = ["text", "state", "on"]
