"""Forms of the employment pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shiming.dictionaries import queries as dictionaries
from shiming.employment.commands.profile import check_contract, check_day_rate, check_leader
from shiming.employment.models import Employment, Transfer
from shiming.people.commands.checks import checked_phone
from shiming.projects.models import Team
from shiming.web.forms import CheckedForm, sent
from shiming.web.typed import DayField, NameField, NumberField, PhoneField, SearchField

Kind = Employment.Kind
ANY = ("", "全部")
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
SOCIAL_INSURANCE = ["已在本单位缴纳", "在其他单位缴纳", "未缴纳"]
DISMISSAL_REASONS = ["工程完工", "合同到期", "双方协商一致", "违反安全规定", "长期未到岗"]
LEAVE_REASONS = [
    ("回家", _("回家")),
    ("身体原因", _("身体原因")),
    ("工资待遇", _("工资待遇")),
    ("换工作", _("换工作")),
    ("工程完工", _("工程完工")),
    ("其他", _("其他")),
]


def posted(request):
    """The POST data, even if empty; None for a GET."""
    return request.POST if request.method == "POST" else None


class EmploymentFilter(forms.Form):
    name = SearchField(label="姓名")
    number = SearchField(label="证件号")
    status = forms.ChoiceField(label="状态", required=False, choices=[ANY, *Employment.Status.choices])


class ProfileFilter(forms.Form):
    name = SearchField(label="姓名")
    kind = forms.ChoiceField(label="身份", required=False, choices=[ANY, *Kind.choices])
    completed = forms.ChoiceField(label="信息", required=False, choices=[ANY, ("no", "待完善"), ("yes", "已完善")])


class ChoiceFilter(forms.Form):
    """Filter by kind and name, to choose whose profile to complete."""

    kind = forms.ChoiceField(label="身份", required=False, choices=Kind.choices)
    name = SearchField(label="姓名", widget=forms.TextInput(attrs={"autofocus": True}))


class NameFilter(forms.Form):
    name = SearchField(label="姓名")


class OverdueFilter(NameFilter):
    company = SearchField(label="用人单位")


class ObjectionFilter(OverdueFilter):
    about = forms.ChoiceField(
        label="对什么有异议", required=False, choices=[ANY, ("registration", "登记在职"), ("release", "办理离职")]
    )
    since = DayField(label="提出时间自", required=False, widget=DAY)
    until = DayField(label="提出时间至", required=False, widget=DAY)


class TransferFilter(NameFilter):
    status = forms.ChoiceField(label="状态", required=False, choices=[ANY, *Transfer.Status.choices])


class HireForm(forms.Form):
    """Name and ID number of the person to invite."""

    name = NameField(label="姓名", max_length=50, widget=forms.TextInput(attrs={"autofocus": True}))
    number = NumberField(label="证件号", widget=forms.TextInput(attrs={"autocapitalize": "characters"}))


class DismissalForm(forms.Form):
    """The reason of a dismissal: a common one, or free text."""

    demanded = ("reason",)

    reason = forms.CharField(
        label="解聘原因",
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"list": "dismissal-reasons", "autofocus": True}),
        help_text="可从常用原因中选，也可自己写；本人会看到这句话。",
    )


class LeaveAnswerForm(forms.Form):
    note = forms.CharField(
        label="不同意的原因",
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="同意时可不填；不同意必须写明，本人会看到。",
    )


class LeaveForm(forms.Form):
    """The reason for leaving: a common one, or free text."""

    choice = forms.ChoiceField(label=_("离职原因"), required=False, choices=LEAVE_REASONS, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("补充说明"), max_length=150, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    @property
    def reason(self) -> str:
        return "：".join(filter(None, (self.cleaned_data["choice"], self.cleaned_data["text"].strip())))


SECTIONS = (
    ("劳动合同", ("contract_start", "contract_end", "is_temporary")),
    ("工资与联系", ("day_rate", "bank", "bank_card", "contact_phone")),
)


class ProfileForm(CheckedForm):
    """The profile fields that workers and managers share."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    certificate_type = forms.ChoiceField(label="证书类型", required=False)
    contract_start = DayField(label="劳动合同生效日期", required=False, widget=DAY)
    contract_end = DayField(label="劳动合同失效日期", required=False, widget=DAY)
    is_temporary = forms.BooleanField(label="是否临时工", required=False)
    day_rate = forms.DecimalField(label="点工日工资(元/日)", required=False, max_digits=8, decimal_places=2)
    bank = forms.CharField(label="工资卡开户行", required=False, max_length=60)
    bank_card = forms.CharField(label="工资卡号", required=False, max_length=30)
    contact_phone = PhoneField(label="联系手机号", required=False)

    kind = ""
    lead: tuple[str, ...] = ()

    def __init__(self, employment: Employment, *args, **kwargs):
        super().__init__(*args, initial=_initial(employment, self.base_fields), **kwargs)
        self.fields["certificate_type"].choices = dictionaries.choices("certificate_type", blank="请选择")
        for name in ("bank_card", "contact_phone"):
            if kept := getattr(employment, name):
                self.fields[name].help_text = f"已登记 {kept}，不改请留空。"
        self.order_fields(["version", *self.lead, *ProfileForm.base_fields])

    @property
    def sections(self) -> list[tuple[str, list]]:
        """(heading, fields) in the order of the page."""
        return [
            (title, [self[name] for name in names if name in self.fields])
            for title, names in (("岗位", (*self.lead, "certificate_type")), *SECTIONS)
        ]

    def checks(self):
        typed = self.cleaned_data
        phone = typed.get("contact_phone", "")
        return [
            *super().checks(),
            lambda: phone and checked_phone(phone, "contact_phone"),
            lambda: check_contract(typed.get("contract_start"), typed.get("contract_end")),
            lambda: check_day_rate(typed.get("day_rate")),
        ]

    @property
    def given(self) -> dict:
        """The arguments of complete_profile()."""
        cleaned = {name: value for name, value in sent(self).items() if name != "version"}
        secret = {"bank_card", "contact_phone"} & cleaned.keys()
        return cleaned | {name: "".join(cleaned[name].split()) or None for name in secret}


class WorkerForm(ProfileForm):
    demanded = ("team",)
    kind, lead = Kind.WORKER, ("trade", "is_leader", "team", "is_safety_assistant")

    trade = forms.ChoiceField(label="从事主要工种")
    is_leader = forms.BooleanField(label="是否班组长", required=False)
    team = forms.ModelChoiceField(
        label="班组长",
        queryset=Team.objects.none(),
        required=False,
        empty_label="请选择",
        help_text="本人是班组长的不用选，自成一个班组；本企业还没有班组的，可以先不选。",
    )
    is_safety_assistant = forms.BooleanField(label="是否安全协管员", required=False)

    def __init__(self, employment: Employment, *args, **kwargs):
        super().__init__(employment, *args, **kwargs)
        self.fields["trade"].choices = dictionaries.choices("trade", blank="请选择")
        self.company_id = employment.company_id
        teams = Team.objects.filter(company=employment.company_id, closed_on=None).select_related("leader")
        self.fields["team"].queryset = teams.order_by("name")
        self.fields["team"].label_from_instance = _led_by

    def checks(self):
        return [*super().checks(), self._check_leader]

    def _check_leader(self):
        if "team" not in self.errors:
            check_leader(self.cleaned_data.get("is_leader"), self.cleaned_data.get("team"), self.company_id)


class ManagerForm(ProfileForm):
    kind, lead = Kind.MANAGER, ("duty", "title", "social_insurance")

    duty = forms.ChoiceField(label="职务")
    title = forms.CharField(label="职称", required=False, max_length=30)
    social_insurance = forms.ChoiceField(
        label="社保情况", required=False, choices=[("", "请选择"), *((each, each) for each in SOCIAL_INSURANCE)]
    )

    def __init__(self, employment: Employment, *args, **kwargs):
        super().__init__(employment, *args, **kwargs)
        self.fields["duty"].choices = dictionaries.choices("position", blank="请选择")


PROFILE_FORMS = {Kind.WORKER: WorkerForm, Kind.MANAGER: ManagerForm}


def _initial(employment: Employment, names) -> dict:
    """Initial values without secrets: these fields stay empty, and empty means unchanged."""
    plain = [name for name in names if name not in ("bank_card", "contact_phone") and hasattr(employment, name)]
    return {name: getattr(employment, name) for name in plain}


def _led_by(team: Team) -> str:
    """王强（钢筋一组）: the manuals choose a team by its leader."""
    return f"{team.leader.name}（{team.name}）" if team.leader else team.name
