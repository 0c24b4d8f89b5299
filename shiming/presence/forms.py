"""Filters of the gate lists, and the forms of entry and exit."""

from django import forms
from django.utils import timezone

from shiming.presence.models import Stay
from shiming.presence.queries import STATES
from shiming.projects.policies import Rating
from shiming.web.typed import DayField, SearchField


class GateFilter(forms.Form):
    name = SearchField(label="姓名")
    company = SearchField(label="单位")


class ConfirmedFilter(GateFilter):
    state = forms.ChoiceField(label="进场状态", required=False, choices=[("", "全部"), *STATES.items()])


class DayForm(forms.Form):
    """One day of entry or exit for all ticked rows."""

    on = DayField(label="日期", widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))

    def __init__(self, *args, label: str, **kwargs):
        super().__init__(*args, initial={"on": timezone.localdate()}, **kwargs)
        self.fields["on"].label = label


WORDS = {Rating.REQUIRED: ("退工日期", "保存")}  # the labels of [003]; the other flows use those of [001]


class ExitForm(DayForm):
    """退场登记, with 用工评价 where the project's flow asks for it."""

    rating = forms.ChoiceField(label="用工评价", required=False, widget=forms.RadioSelect, choices=Stay.Rating.choices)
    rating_note = forms.CharField(label="评价内容", required=False, max_length=200)

    def __init__(self, *args, rating: Rating, **kwargs):
        label, self.button = WORDS.get(rating, ("退场日期", "确认退场"))
        super().__init__(*args, label=label, **kwargs)
        self.fields["rating"].required = rating == Rating.REQUIRED
        if rating == Rating.OFF:
            del self.fields["rating"], self.fields["rating_note"]
