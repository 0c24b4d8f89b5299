"""Forms of manual [000]: registration, registration without a card, release."""

from django import forms
from django.urls import reverse_lazy

from shiming.dictionaries import queries as dictionaries
from shiming.employment.forms import ANY, WorkerForm
from shiming.employment.models import Employment
from shiming.idcard.documents import CHOICES
from shiming.people.commands.desk import card_checks
from shiming.people.models import Person
from shiming.projects.models import Team
from shiming.web.forms import CheckedForm, DayInput
from shiming.web.typed import DayField, NameField, NumberField, SearchField

NUMBER = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "autofocus": True}


DAYS = ("birth_date", "valid_from", "valid_to")


class RegistrationFilter(forms.Form):
    name = SearchField(label="姓名")
    number = SearchField(label="身份证号")
    status = forms.ChoiceField(label="状态", required=False, choices=[ANY, ("active", "在职"), ("ended", "离职")])
    team = forms.ChoiceField(label="班组", required=False)

    def __init__(self, *args, company_id, **kwargs):
        super().__init__(*args, **kwargs)
        teams = Team.objects.filter(company=company_id).order_by("name").values_list("pk", "name")
        self.fields["team"].choices = [ANY, *((str(pk), name) for pk, name in teams)]


class NumberForm(forms.Form):
    """The number alone, looked up while the rest is typed."""

    number = NumberField(label="身份证号", required=False)


class DirectForm(WorkerForm):
    """登记: the ID number and all fields of the employment."""

    lead = ("number", "person", "education", "political_status", *WorkerForm.lead)

    number = NumberField(
        label="身份证号",
        required=False,
        widget=forms.TextInput(
            NUMBER
            | {
                "hx-post": reverse_lazy("employment-registration-person"),
                "hx-target": "#who",
                "hx-trigger": "change",
                "hx-swap": "innerHTML",
            }
        ),
    )
    person = forms.UUIDField(required=False, widget=forms.HiddenInput)
    education = forms.ChoiceField(label="文化程度", required=False)
    political_status = forms.ChoiceField(label="政治面貌", required=False)

    def __init__(self, company_id, *args, person=None, typed=None, **kwargs):
        super().__init__(Employment(company_id=company_id), *args, **kwargs)
        self.initial |= typed or {}
        for name in ("education", "political_status"):
            self.fields[name].choices = dictionaries.choices(name, blank="请选择")
        self.fields["contact_phone"].label, self.fields["contract_start"].required = "手机号", True
        self.fields["number"].required = person is None
        if person:
            self.initial |= {"person": person.pk, "number": ""}

    @property
    def sections(self):
        grouped = dict(super().sections)
        first = [self[name] for name in ("contact_phone", "education", "political_status")]
        wages = [bound for bound in grouped["工资与联系"] if bound.name != "contact_phone"]
        posts = [
            bound
            for bound in grouped["岗位"]
            if bound.name not in ("number", "person", "education", "political_status")
        ]
        return [("基本信息", first), ("岗位", posts), ("劳动合同", grouped["劳动合同"]), ("工资", wages)]

    @property
    def given(self):
        return {name: value for name, value in super().given.items() if name not in ("number", "person")}


class UnreadForm(CheckedForm):
    """The data of a card, typed by hand; also used by the irregular registration of the desk."""

    document_kind = forms.ChoiceField(
        label="证件类型",
        required=False,
        choices=[("", "按证件号判断"), *CHOICES],
        help_text="护照号全是数字的，请选护照",
    )
    number = NumberField(label="身份证号", widget=forms.TextInput(NUMBER))
    name = NameField(label="姓名", max_length=50)
    sex = forms.ChoiceField(label="性别", required=False, choices=[("", "按身份证号"), *Person.Sex.choices])
    birth_date = DayField(
        label="出生日期", required=False, widget=DayInput, help_text="有身份证号的可空；护照等证件必填"
    )
    ethnicity = forms.ChoiceField(label="民族", required=False)
    register_address = forms.CharField(label="户籍地址", max_length=100, required=False)
    issuer = forms.CharField(label="签发机关", max_length=60, required=False)
    valid_from = DayField(label="有效期限自", required=False, widget=DayInput)
    valid_to = DayField(label="有效期限至", required=False, widget=DayInput, help_text="长期有效的，空着不填")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ethnicity"].choices = dictionaries.choices("ethnicity", blank="请选择")

    def checks(self):
        card = {name: self.cleaned_data.get(name) or "" for name in UnreadForm.base_fields if name not in DAYS}
        card |= {name: self.cleaned_data.get(name) for name in DAYS}
        return [*super().checks(), *card_checks(**card)]


class ReleaseForm(forms.Form):
    reason = forms.CharField(
        label="离职原因",
        max_length=200,
        required=False,
        widget=forms.TextInput({"list": "dismissal-reasons", "autofocus": True}),
        help_text="本人会看到，并可以提出异议。",
    )
