"""The phone form of a poster [004] 4-25: the labels and their order are those of the manual."""

from collections.abc import Callable

from django import forms
from django.utils.translation import gettext_lazy as _

from shiming.core.errors import DomainError
from shiming.dictionaries import queries as dictionaries
from shiming.dictionaries import regions
from shiming.dictionaries.fields import RegionField
from shiming.idcard import number as id_number
from shiming.idcard.number import age_on
from shiming.people.commands.checks import checked_name, checked_number, checked_phone
from shiming.people.models import Person
from shiming.web.forms import DayInput
from shiming.web.typed import DayField, NameField, NumberField, PhoneField

NATURE = "现场作业人员"
OFF = {"autocomplete": "off"}


class SelfRegistrationForm(forms.Form):
    name = NameField(label=_("姓名"), max_length=50)
    id_number = NumberField(
        label=_("身份证号码"),
        widget=forms.TextInput({**OFF, "autocapitalize": "characters", "spellcheck": "false", "class": "id-typed"}),
    )
    birth_date = DayField(label=_("出生年月日"), widget=DayInput)
    sex = forms.ChoiceField(label=_("性别"), choices=Person.Sex.choices, widget=forms.RadioSelect)
    ethnicity = forms.ChoiceField(label=_("民族"))
    native_place = RegionField(label=_("籍贯"), least=regions.CITY)
    phone = PhoneField(label=_("手机号"))
    residence = RegionField(label=_("现居地址"))
    residence_detail = forms.CharField(
        label=_("详细地址"), max_length=100, widget=forms.TextInput({**OFF, "placeholder": _("路、号、楼、室")})
    )
    nature = forms.ChoiceField(label=_("人员性质"), choices=[(NATURE, NATURE)])
    trade = forms.ChoiceField(label=_("工种"))
    household_type = forms.ChoiceField(label=_("户口类型"))
    household_place = RegionField(label=_("户口所在地"))
    political_status = forms.ChoiceField(label=_("政治面貌"), required=False)
    agreed = forms.BooleanField(label=_("我看过须知，同意登记"))

    def __init__(self, data=None, *, today, **kwargs):
        super().__init__(_with_derived(data), **kwargs)
        self.today = today
        for name in ("ethnicity", "trade", "household_type", "political_status"):
            self.fields[name].choices = dictionaries.choices(name, blank=_("请选择"))

    @property
    def sections(self) -> list[tuple[str, list]]:
        return [
            (
                _("您是谁"),
                [self[name] for name in ("name", "id_number", "birth_date", "sex", "ethnicity", "native_place")],
            ),
            (_("怎样找到您"), [self[name] for name in ("phone", "residence", "residence_detail")]),
            (_("做什么工作"), [self[name] for name in ("nature", "trade")]),
            (_("户口"), [self[name] for name in ("household_type", "household_place", "political_status")]),
        ]

    @property
    def age(self) -> int | None:
        """年龄, computed from the number as typed so far."""
        try:
            return age_on(id_number.parse(self["id_number"].value() or "", guess=False).birth_date, self.today)
        except id_number.InvalidIdNumber:
            return None

    def clean_name(self):
        return _checked(checked_name, self.cleaned_data["name"])

    def clean_phone(self):
        return _checked(checked_phone, self.cleaned_data["phone"])

    def clean(self):
        typed = super().clean()
        for name, value in typed.items():
            if isinstance(value, str):
                typed[name] = _printable(value)
        if typed.get("id_number"):
            self._check_number(typed)
        return typed

    def _check_number(self, typed: dict) -> None:
        agreeing = {"birth_date": typed.get("birth_date"), "sex": typed.get("sex")}
        try:
            _checked(lambda number: checked_number(number, **agreeing), typed["id_number"])
        except forms.ValidationError as wrong:
            self.add_error("id_number", wrong)

    @property
    def given(self) -> dict:
        """What `self_forms.commands.send` takes; day of birth and sex stand in the number."""
        left_out = ("birth_date", "sex", "nature", "agreed")
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}


class PhotoForm(forms.Form):
    photo = forms.FileField(label=_("照片"), widget=forms.FileInput(attrs={"accept": "image/*"}))

    def __init__(self, *args, label, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["photo"].label = label


def _with_derived(data):
    """Without a script in the browser the number still says birthday and sex, where they were left empty."""
    if data is None:
        return None
    try:
        number = id_number.parse(data.get("id_number", "")[:60], guess=False)
    except id_number.InvalidIdNumber:
        return data
    data = data.copy()
    for name, value in (("birth_date", number.birth_date.isoformat()), ("sex", str(number.sex))):
        if not data.get(name):
            data[name] = value
    return data


def _checked(check: Callable, value):
    """The value as the check gives it back; its refusal becomes an error of the field."""
    try:
        return check(value)
    except DomainError as refused:
        raise forms.ValidationError([item.advice for item in refused.refusals]) from refused


def _printable(text: str) -> str:
    """One line without control and direction characters, which would print over their neighbours."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())
