"""The forms of certificates."""

from django import forms

from shiming.dictionaries import queries as dictionaries
from shiming.employment.models import Employment
from shiming.idcard.number import InvalidIdNumber, parse
from shiming.people.forms import with_present
from shiming.people.models import Credential
from shiming.web.forms import DayInput
from shiming.web.typed import NumberField, SearchField

STATES = [
    ("", "全部"),
    ("due", "90 天内与已过期"),
    ("30", "30 天内"),
    ("7", "7 天内"),
    ("expired", "已过期"),
]


class CredentialFilter(forms.Form):
    who = SearchField(label="姓名")
    name = forms.ChoiceField(label="证书名称", required=False)
    state = forms.ChoiceField(label="到期", required=False, choices=STATES)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].choices = dictionaries.choices("credential", blank="全部")


class CorrectionForm(forms.ModelForm):
    """A correction. The names are those of the dictionary, and the present one."""

    name = forms.ChoiceField(label="证书名称")
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Credential
        fields = ("name", "number", "issuer", "valid_from", "valid_until", "note")
        widgets = {"valid_from": DayInput, "valid_until": DayInput}
        help_texts = {"valid_until": "没有期限的留空"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].choices = with_present("credential", self.instance.name)
        if "version" in self.fields:
            self.initial["version"] = self.instance.person.version

    @property
    def given(self) -> dict:
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class CredentialForm(CorrectionForm):
    """A certificate of the person with this ID number, or of a chosen employee."""

    person_number = NumberField(label="身份证号", widget=forms.TextInput({"autocomplete": "off", "autofocus": True}))
    version = None
    field_order = ("person_number",)

    def __init__(self, *args, chosen: Employment | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.chosen = chosen
        if chosen:
            del self.fields["person_number"]

    def clean_person_number(self) -> str:
        try:
            return parse(self.cleaned_data["person_number"], guess=False).number
        except InvalidIdNumber as found:
            raise forms.ValidationError(found.refusal.advice) from found
