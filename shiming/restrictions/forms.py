"""The forms of 限制进场."""

from django import forms
from django.utils import timezone

from shiming.attachments.forms import PapersField
from shiming.dictionaries import queries as dictionaries
from shiming.idcard.number import InvalidIdNumber, parse
from shiming.restrictions.models import ALONE, LONGEST, STATES
from shiming.web.forms import DayInput
from shiming.web.typed import DayField, NumberField, SearchField

LONGEST_TEXT = 1000


def words(label: str, *, help_text: str = "", rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=LONGEST_TEXT, help_text=help_text, widget=forms.Textarea({"rows": rows})
    )


class RestrictionFilter(forms.Form):
    who = SearchField(label="姓名")
    category = forms.ChoiceField(label="类别", required=False)
    state = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *STATES.items(), ("appealed", "申诉待答复")]
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = dictionaries.choices("restriction_category", blank="全部")


class RestrictionForm(forms.Form):
    """新增. On a site the project is the current one, so the field is left out; only a company names all its sites."""

    number = NumberField(label="身份证号", widget=forms.TextInput({"autocomplete": "off"}))
    project = forms.ChoiceField(label="范围", required=False)
    category = forms.ChoiceField(label="类别")
    from_date = DayField(label="自", widget=DayInput)
    until = DayField(label="至", widget=DayInput, help_text=f"必填，最长 {LONGEST} 天")
    text = words("事实与依据", help_text="写明时间、地点和经过。本人看得到，也可以申诉", rows=5)
    papers = PapersField(label="证据材料", required=False)
    second = forms.ChoiceField(
        label="请哪家单位同意",
        required=False,
        help_text=f"超过 {ALONE} 天的部分，同一项目的另一家单位同意后才生效；也可以以后再提请",
    )

    def __init__(self, *args, sites, places, current=None, whole_company=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.offered, self.current = {str(each.pk): each for each in sites}, current
        self.places = {str(each.pk): each for each in places}
        self.fields["from_date"].initial = timezone.localdate
        self.fields["category"].choices = dictionaries.choices("restriction_category", blank="请选择")
        self.fields["second"].choices = [("", "暂不提请"), *((key, named(one)) for key, one in self.places.items())]
        if current:
            del self.fields["project"]
        else:
            first = [("", "本企业所有项目")] if whole_company else [("", "请选择")]
            self.fields["project"].required = not whole_company
            self.fields["project"].choices = first + [(key, one.name) for key, one in self.offered.items()]

    def clean_number(self) -> str:
        try:
            return parse(self.cleaned_data["number"], guess=False).number
        except InvalidIdNumber as found:
            raise forms.ValidationError(found.refusal.advice) from found

    @property
    def site(self):
        """None for every site of the company."""
        return self.offered.get(self.cleaned_data.get("project") or str(self.current))

    @property
    def given(self) -> dict:
        """The values of the command, without papers."""
        typed = self.cleaned_data
        kept = {name: typed[name] for name in ("category", "from_date", "until", "text")}
        return kept | {"project": self.site, "second": self.places.get(typed["second"])}


class SecondForm(forms.Form):
    second = forms.ChoiceField(label="请哪家单位同意")

    def __init__(self, *args, places, **kwargs):
        super().__init__(*args, **kwargs)
        self.places = {str(each.pk): each for each in places}
        self.fields["second"].choices = [("", "请选择"), *((key, named(one)) for key, one in self.places.items())]


class ReasonForm(forms.Form):
    """A decision or an opinion with its reason; the pressed button names which."""

    text = words("理由", help_text="本人看得到")


class AppealForm(forms.Form):
    text = words("您的说明", rows=5)
    papers = PapersField(label="照片或材料（可不传）", required=False)


def named(place) -> str:
    return f"{place.project} · {place.company}（{place.get_kind_display()}）"
