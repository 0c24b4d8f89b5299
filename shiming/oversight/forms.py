"""Filters of the authority's lists, each with the moment of the list, and the forms of 督办."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone

from shiming.attachments.forms import PapersField
from shiming.health.announced import KINDS as ANNOUNCED
from shiming.oversight.models import Inquiry
from shiming.oversight.moments import Moment, moment
from shiming.oversight.queries import KINDS, STATES
from shiming.oversight.troubles import KINDS as KINDS_OF_TROUBLE
from shiming.oversight.troubles import MOST_DAYS, Kind
from shiming.web.forms import DayInput, values_of
from shiming.web.typed import DayField, SearchField

ANSWER_DAYS = 7


class HourInput(forms.TimeInput):
    """The clock of the browser."""

    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%H:%M")


class MomentFilter(forms.Form):
    on = DayField(label="截至日期", required=False, widget=DayInput)
    hour = forms.TimeField(label="时刻（可不填）", required=False, widget=HourInput)

    def __init__(self, data, **kwargs):
        """Fill in today when no day is chosen, so that the field shows the day of the list."""
        data = data.copy()
        if not data.get("on"):
            data["on"] = timezone.localdate().isoformat()
        super().__init__(data, **kwargs)

    def clean_on(self) -> date:
        """A future day becomes today."""
        return min(self.cleaned_data["on"], timezone.localdate())

    @property
    def later(self) -> str:
        """What was asked for, when it has not come yet: the list is that of now then."""
        asked = {name: self.fields[name].widget.value_from_datadict(self.data, {}, name) for name in ("on", "hour")}
        try:
            day, hour = self.fields["on"].to_python(asked["on"]), self.fields["hour"].to_python(asked["hour"])
        except forms.ValidationError:
            return ""
        now = timezone.localtime()
        if day > now.date():
            return f"{day} 还没有到"
        return f"今天 {hour:%H:%M} 还没有到" if day == now.date() and hour and hour > now.time() else ""

    @property
    def moment(self) -> Moment:
        """Now when the form is not valid."""
        asked = values_of(self)
        return moment(asked.on, asked.hour)


class SiteFilter(MomentFilter):
    number = SearchField(label="合同报送编号")
    project = SearchField(label="项目名称")
    contractor = SearchField(label="总包单位")
    station = forms.ChoiceField(label="所在监督站", required=False)

    field_order = ["number", "project", "contractor", "station", "on", "hour"]

    def __init__(self, stations, data, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["station"].choices = [("", "全部"), *((str(row.pk), row.name) for row in stations)]


class PeopleFilter(MomentFilter):
    text = SearchField(label="姓名/身份证号")
    kind = forms.ChoiceField(label="人员类别", required=False, choices=[("", "全部"), *KINDS.items()])
    state = forms.ChoiceField(label="进场状态", required=False, choices=[("", "全部"), *STATES.items()])

    field_order = ["text", "kind", "state", "on", "hour"]


class AnnouncedFilter(MomentFilter):
    text = SearchField(label="姓名/身份证号")
    kind = forms.ChoiceField(label="人员类别", required=False, choices=[("", "全部"), *ANNOUNCED.items()])

    field_order = ["text", "kind", "on", "hour"]


class SendForm(forms.Form):
    due_on = DayField(label="答复期限", widget=DayInput)
    text = forms.CharField(label="要求", max_length=500, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args, kind: Kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["due_on"].initial = timezone.localdate() + timedelta(days=ANSWER_DAYS)
        self.fields["text"].initial = f"请核实“{kind.label}”的人员，逐人说明原因并整改，附材料答复。"


class GiveBackForm(forms.Form):
    due_on = DayField(label="再答复期限", widget=DayInput)
    text = forms.CharField(label="退回原因", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    prefix = "back"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["due_on"].initial = timezone.localdate() + timedelta(days=ANSWER_DAYS)


class CloseForm(forms.Form):
    text = forms.CharField(label="办结意见", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    prefix = "close"


class AnswerForm(forms.Form):
    text = forms.CharField(label="答复", max_length=500, widget=forms.Textarea(attrs={"rows": 4}))
    papers = PapersField(label="材料", required=False)


class InquiryFilter(forms.Form):
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *Inquiry.Status.choices, ("overdue", "逾期未答复")]
    )


class ThresholdForm(forms.Form):
    """One number for each kind of trouble."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for code, kind in KINDS_OF_TROUBLE.items():
            self.fields[code] = forms.IntegerField(
                label=f"{kind.label}（天）", min_value=0, max_value=MOST_DAYS, help_text=kind.sentence("N")
            )


class StartForm(forms.Form):
    place = forms.ChoiceField(label="用人单位", required=False)

    def __init__(self, *args, firms: list[tuple[str, str]], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [("", "全部单位"), *firms]


class FindingsForm(forms.Form):
    strangers = forms.CharField(
        label="名单以外的人",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="每人一行：姓名或特征、单位、在做什么",
    )
    note = forms.CharField(label="检查意见", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
