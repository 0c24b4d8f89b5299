"""Forms of the pages about projects, contracts, grants and teams."""

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone

from shiming.companies.models import Company
from shiming.core.actor import RIGHT_LABELS, Actor
from shiming.core.refusals import refusal
from shiming.dictionaries import queries as dictionaries
from shiming.projects import policies
from shiming.projects.models import ContractFiling, Participation, Project, Station, Team
from shiming.projects.queries import MOST_FOUND, called, leaders_of
from shiming.web.forms import DayInput, sent
from shiming.web.typed import DayField, NameField, NumberField, PhoneField, SearchField

PROJECT_FIELDS = ("filing_code", "name", "station", "address", "region", "started_on", "finished_on")
FILING_FIELDS = ("section_no", "name", "category")
ALL = [("", "全部")]


class ProjectForm(forms.ModelForm):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    policy = forms.ChoiceField(label="用工流程", choices=policies.offered_choices, initial=policies.DEFAULT.code)

    class Meta:
        model = Project
        fields = PROJECT_FIELDS
        widgets = {"started_on": DayInput, "finished_on": DayInput}
        help_texts = {"region": "6 位行政区划代码，可空"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.instance.version if self.instance.pk and not self.instance._state.adding else None
        del self.fields["finished_on" if self.instance._state.adding else "policy"]

    @property
    def values(self) -> dict:
        kept = (*PROJECT_FIELDS, "policy")
        return {name: value for name, value in sent(self).items() if name in kept}


class ProjectFilter(forms.Form):
    name = SearchField(label="项目名称")
    code = SearchField(label="报建编号")
    status = forms.ChoiceField(label="项目状态", required=False, choices=[*ALL, *Project.Status.choices])
    station = forms.ChoiceField(label="所在监督站", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        stations = Station.objects.order_by("name").values_list("pk", "name")
        self.fields["station"].choices = [*ALL, *((str(pk), name) for pk, name in stations)]


class StatusForm(forms.Form):
    status = forms.ChoiceField(label="改为", widget=forms.RadioSelect)

    def __init__(self, *args, project: Project, **kwargs):
        super().__init__(*args, **kwargs)
        ways = [status for status in Project.Status if project.can_become(status)]
        self.fields["status"].choices = [(status.value, status.label) for status in ways]


class PolicyForm(forms.Form):
    base = forms.ChoiceField(label="用工流程", choices=policies.offered_choices, widget=forms.RadioSelect)
    portrait_for = forms.CharField(
        label="登记人脸时留存一张照片，用于",
        max_length=60,
        required=False,
        help_text="不填就不留存。本人看到用途，另行同意才留；撤回、离职或退场期满时与模板一起删除",
    )
    from_date = DayField(label="自", widget=DayInput, help_text="不能早于今天；在此之前仍按原来的流程")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["from_date"].initial = timezone.localdate


class CompanyNamed(forms.CharField):
    """A firm typed by full name or credit code; the page suggests names."""

    def __init__(self, **kwargs):
        attrs = {"list": "company-names", "autocomplete": "off"}
        super().__init__(label="企业", help_text="企业全称或统一社会信用代码", widget=forms.TextInput(attrs), **kwargs)

    def clean(self, value):
        typed = super().clean(value)
        code = typed.upper().replace(" ", "")
        found = Company.objects.filter(Q(name=typed) | Q(credit_code=code)).first()
        if found is None:
            raise forms.ValidationError("没有登记过这家企业：核对名称或代码，或先在“企业”里登记")
        return found


class ParticipationForm(forms.Form):
    company = CompanyNamed()
    kind = forms.ChoiceField(label="参建类型", choices=Company.Kind.choices)
    parent = forms.ModelChoiceField(Participation.objects.none(), label="上级单位", required=False, empty_label="无")

    def __init__(self, *args, project: Project, **kwargs):
        super().__init__(*args, **kwargs)
        open_places = project.participations.filter(left_on=None, kind__in=["general", "specialist"])
        self.fields["parent"].queryset = open_places.select_related("company")


class FilingForm(forms.ModelForm):
    """A contract filed for one place in a chain."""

    filing_code = forms.CharField(label="报建编号")
    company = CompanyNamed()
    pm_name = NameField(label="项目负责人姓名", max_length=50)
    pm_number = NumberField(label="项目负责人身份证号")
    pm_phone = PhoneField(label="项目负责人手机号", help_text="登录工地端时核对")
    file = forms.BooleanField(
        label="完成报送", required=False, initial=True, help_text="未完成报送的合同不能分配人员，项目负责人也不能登录"
    )

    class Meta:
        model = ContractFiling
        fields = ("number", *FILING_FIELDS)

    field_order = ("filing_code", "company", "number", "section_no", "name", "category")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"] = forms.ChoiceField(
            label="合同类别", required=False, choices=dictionaries.choices("contract_category", blank="未填写")
        )
        self.order_fields(self.field_order)

    def clean(self):
        asked = super().clean()
        if asked.get("filing_code") and asked.get("company"):
            self.place = self._place(asked)
        return asked

    def _place(self, asked):
        project = Project.objects.filter(filing_code=asked["filing_code"].strip()).first()
        if project is None:
            self.add_error("filing_code", refusal("R-29"))
            return None
        place = project.participations.filter(company=asked["company"], left_on=None).first()
        if place is None:
            self.add_error("company", f"该企业没有参建{project}，请先在项目页登记参建关系")
        return place


class FilingChangeForm(FilingForm):
    """Place and number are fixed; the three PM inputs are filled only to name another PM."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("filing_code", "company", "number"):
            del self.fields[name]
        if self.instance.status == ContractFiling.Status.FILED:
            del self.fields["file"]
        for name in ("pm_name", "pm_number", "pm_phone"):
            self.fields[name].required = False
        self.fields["pm_name"].help_text = f"现为 {self.instance.pm.name}；不换人就留空"
        self.initial["seen"] = self.instance.version

    def clean(self):
        asked = forms.ModelForm.clean(self)
        typed = [name for name in ("pm_name", "pm_number", "pm_phone") if asked.get(name)]
        if typed and len(typed) < 3:
            self.add_error(None, "更换项目负责人须同时填写姓名、身份证号与手机号")
        return asked


class FilingFilter(forms.Form):
    number = SearchField(label="合同信息报送编号")
    project = SearchField(label="项目名称或报建编号")
    company = SearchField(label="企业名称")
    status = forms.ChoiceField(label="合同状态", required=False, choices=[*ALL, *ContractFiling.Status.choices])


class StationForm(forms.ModelForm):
    class Meta:
        model = Station
        fields = ("name", "region")
        help_texts = {"region": "6 位行政区划代码"}


class RegulatorForm(forms.Form):
    username = forms.CharField(label="用户名", help_text="先在“账号”里开通监督人员的账号，再在这里任命到监督站")

    def clean_username(self):
        user = get_user_model().objects.filter(username=self.cleaned_data["username"].strip(), is_active=True).first()
        if user is None or user.person_id:
            raise forms.ValidationError("没有这个可用的账号，请先在“账号”里开通")
        return user


class GrantForm(forms.Form):
    name = NameField(label="姓名", max_length=50)
    number = NumberField(label="身份证号")
    phone = PhoneField(label="手机号", help_text="他登录工地端时核对")
    rights = forms.MultipleChoiceField(
        label="权限",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    ends_on = DayField(label="到期日期", widget=DayInput)

    def __init__(self, *args, offered, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rights"].choices = [(right.value, RIGHT_LABELS[right]) for right in offered]


class ExtensionForm(forms.Form):
    ends_on = DayField(label="到期日期", widget=DayInput)


class FoundPerson(forms.Widget):
    """A person found by typing, where a list would be too long: shows the choice and the matches."""

    template_name = "projects/leader.html"

    def __init__(self, people):
        super().__init__()
        self.people, self.found, self.typed = people, (), ""

    def get_context(self, name, value, attrs):
        try:
            chosen = self.people.filter(pk=value).first() if value else None
        except forms.ValidationError:  # not a valid id
            chosen = None
        found = [person for person in self.found if person != chosen]
        values = {"chosen": chosen, "found": found, "typed": self.typed, "most": MOST_FOUND}
        return super().get_context(name, value, attrs) | values


class TeamForm(forms.ModelForm):
    class Meta:
        model = Team
        fields = ("name", "trade", "leader", "off_site_leader")
        help_texts = {
            "leader": "须已填手机号；从本单位在职人员中找",
            "off_site_leader": "班组长不在现场作业，不必进场",
        }

    def __init__(self, *args, company: Company, by: Actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["trade"] = forms.ChoiceField(
            label="工种", required=False, choices=dictionaries.choices("trade", blank="不限")
        )
        people = leaders_of(company)
        self.fields["leader"] = forms.ModelChoiceField(
            people,
            label="班组长",
            required=False,
            widget=FoundPerson(people),
            help_text=self.Meta.help_texts["leader"],
        )

    def clean_leader(self):
        """For a typed name without a choice: take a single match, else ask for a choice."""
        chosen, typed = self.cleaned_data["leader"], self.data.get("leader_text", "").strip()
        if chosen or not typed:
            return chosen
        widget = self.fields["leader"].widget
        widget.typed, widget.found = typed, called(widget.people, typed, self.by)
        if len(widget.found) == 1:
            return widget.found[0]
        raise forms.ValidationError(
            "找到的不止一人：请选择一人，或清空表示暂不指定"
            if widget.found
            else "本单位在职人员中没有找到，请核对姓名或身份证号"
        )


class TeamFilter(forms.Form):
    name = SearchField(label="班组或班组长")
    trade = forms.ChoiceField(label="工种", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["trade"].choices = dictionaries.choices("trade", blank="全部")
