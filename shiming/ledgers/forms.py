"""The forms of the three ledgers."""

from datetime import date

from django import forms
from django.utils import timezone

from shiming.core.actor import Actor
from shiming.ledgers import queries
from shiming.presence.queries import STATES
from shiming.web.forms import DayInput
from shiming.web.typed import DayField


class MonthInput(forms.DateInput):
    input_type = "month"

    def __init__(self):
        super().__init__(format="%Y-%m")


class SiteForm(forms.Form):
    """On a site the project is fixed; a firm chooses one."""

    whole_firm = "本单位全部"

    def __init__(self, *args, actor: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        sites = queries.sites(actor)
        self.fields["project"] = forms.ModelChoiceField(
            sites, label="项目", required=self.whole_firm is None, empty_label=self.whole_firm or "请选择"
        )
        self.order_fields(["project"])
        if actor.project_id:
            del self.fields["project"]
            self.site = sites.get(pk=actor.project_id)

    def clean(self):
        if hasattr(self, "site"):
            self.cleaned_data["project"] = self.site
        return self.cleaned_data


class RosterForm(SiteForm):
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *STATES.items()])


class EntriesForm(SiteForm):
    first = DayField(label="自", widget=DayInput, initial=lambda: timezone.localdate().replace(day=1))
    last = DayField(label="至", widget=DayInput, initial=timezone.localdate)

    def clean(self):
        asked = super().clean()
        if asked.get("first") and asked.get("last") and asked["last"] < asked["first"]:
            self.add_error("last", "“至”早于“自”，请核对两个日期")
        return asked


class AttendanceForm(SiteForm):
    whole_firm = None
    month = forms.DateField(label="月份", widget=MonthInput, input_formats=["%Y-%m"], initial=lambda: _this_month())


def _this_month() -> date:
    return timezone.localdate().replace(day=1)
