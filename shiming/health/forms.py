"""The forms of the epidemic gate, with the labels and the order that manual [002] prints."""

from django import forms
from django.core.validators import MaxValueValidator
from django.urls import reverse_lazy
from django.utils import timezone

from shiming.dictionaries import queries as dictionaries
from shiming.dictionaries import regions
from shiming.dictionaries.fields import RegionField
from shiming.employment.direct_forms import NUMBER
from shiming.health import readings
from shiming.health.models import PreRegistration, Proposal
from shiming.projects.models import ContractFiling, Participation
from shiming.web.forms import DayInput
from shiming.web.typed import DayField, NameField, NumberField, PhoneField, SearchField

STANDING = [("", "进行中"), ("ended", "已结束")]
WITHOUT = [("", "全部"), ("without", "尚未预登记")]
ASKS_CONTRACT = {
    "hx-get": reverse_lazy("preregistration-contract"),
    "hx-target": "next [data-contract-slot]",
    "hx-trigger": "change",
}
NEW_SUPPLIES = 3


class MomentInput(forms.DateTimeInput):
    """Calendar and clock of the browser."""

    input_type = "datetime-local"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class PreRegistrationFilter(forms.Form):
    who = SearchField(label="姓名", widget=forms.TextInput({"placeholder": "姓名或身份证号"}))
    company = SearchField(label="用人单位")
    standing = forms.ChoiceField(label="预登记", required=False, choices=STANDING)


class OnSiteFilter(forms.Form):
    who = SearchField(label="姓名", widget=forms.TextInput({"placeholder": "姓名或身份证号"}))
    without = forms.ChoiceField(label="预登记", required=False, choices=WITHOUT)


class ConfirmableForm(forms.Form):
    """A form whose warnings (W-…) the user may confirm; the confirmation holds for the values that were warned of."""

    confirmed_by: tuple[str, ...] = ()

    @property
    def unsure(self) -> bool:
        """Only warnings stand in the way."""
        found = getattr(self, "refusals", [])
        return bool(found) and all(item.code.startswith("W-") for item in found)

    @property
    def sure_value(self) -> str:
        """The value of the hidden field `sure` that stands for the typed values."""
        return "|".join(str(self.cleaned_data.get(name, "")) for name in self.confirmed_by)

    @property
    def sure(self) -> bool:
        return self.data.get("sure") == self.sure_value


class PersonForm(ConfirmableForm):
    """Number, name and origin: the block above 健康云返回信息, for a worker and for a family member alike."""

    number = NumberField(label="身份证号", widget=forms.TextInput(NUMBER))
    name = NameField(label="姓名", max_length=50)
    origin = RegionField(label="出发地", least=regions.CITY, help_text="省、市")
    phone = PhoneField(label="手机号", required=False)
    declared = None
    confirmed_by = ("number", "name")

    def keep_only_errors_of_person(self) -> None:
        """获取健康云信息 is pressed before the rest is filled."""
        for name in set(self.errors) - {"number", "name"}:
            del self.errors[name]

    def take(self, declared) -> None:
        """Show what was declared, and fill the origin where nothing was typed."""
        self.declared = declared
        if declared.origin and not self.data.get("origin"):
            self.data = self.data.copy()
            self.data["origin"] = declared.origin


class PreRegistrationForm(PersonForm):
    """预登记. A choice of 用人单位 is a filed contract; a firm without one is offered and refused (R-36)."""

    employer = forms.ChoiceField(label="用人单位", widget=forms.Select(ASKS_CONTRACT))
    field_order = ("number", "name", "origin", "employer", "phone")

    def __init__(self, *args, employers, **kwargs):
        super().__init__(*args, **kwargs)
        self.offered = {key: (place, filing) for key, _, place, filing in choices_of(employers)}
        self.fields["employer"].choices = [("", "请选择"), *((key, label) for key, label, *_ in choices_of(employers))]

    @property
    def employer_chosen(self) -> tuple[Participation, ContractFiling | None]:
        return self.offered[self.cleaned_data["employer"]]

    @property
    def filing(self) -> ContractFiling | None:
        """The contract of the chosen employer, for its number and the name of the project."""
        chosen = self.offered.get(self["employer"].value() or "")
        return chosen[1] if chosen else None


class ProposalForm(PreRegistrationForm):
    """Confirming 扫码预登记: number, name and phone are those that the worker typed."""

    confirmed_by = ("origin", "employer")

    def __init__(self, proposal: Proposal, *args, **kwargs):
        super().__init__(*args, initial={"origin": proposal.values.get("origin", "")}, **kwargs)
        for name in ("number", "name", "phone"):
            del self.fields[name]
        self.fields["origin"].present = proposal.values.get("origin", "")
        own = (key for key, (place, filing) in self.offered.items() if filing and place == proposal.participation)
        self.fields["employer"].initial = next(own, "")

    def keep_only_errors_of_person(self) -> None:
        self.errors.clear()


class ProposalFilter(forms.Form):
    q = SearchField(label="姓名或凭证号")
    status = forms.ChoiceField(
        label="状态", required=False, choices=[("", "待确认"), *Proposal.Status.choices[1:], ("every", "全部")]
    )

    @property
    def chosen(self) -> str:
        """待确认 by default; "" is every state."""
        status = self.cleaned_data.get("status") if self.is_valid() else ""
        return "" if status == "every" else status or Proposal.Status.OPEN


class CorrectionForm(forms.Form):
    """修改 of an open pre-registration; an empty phone keeps the known one."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    origin = RegionField(label="出发地", least=regions.CITY)
    employer = forms.ChoiceField(label="用人单位")
    phone = PhoneField(label="手机号", required=False)

    def __init__(self, row: PreRegistration, *args, employers, **kwargs):
        now = {"origin": row.values["origin"], "employer": str(row.filing_id), "version": row.version}
        super().__init__(*args, initial=now, **kwargs)
        self.fields["origin"].present = row.values["origin"]
        self.offered = {key: (place, filing) for key, _, place, filing in choices_of(employers)}
        self.fields["employer"].choices = [(key, label) for key, label, *_ in choices_of(employers)]
        if row.phone:
            self.fields["phone"].widget.attrs["placeholder"] = str(row.phone)

    @property
    def employer_chosen(self) -> tuple[Participation, ContractFiling | None]:
        return self.offered[self.cleaned_data["employer"]]


class DailyForm(ConfirmableForm):
    """One reading of daily health."""

    confirmed_by = ("symptoms", "temperature")

    at = forms.DateTimeField(label="日期", widget=MomentInput)
    symptoms = forms.MultipleChoiceField(
        label="健康状态",
        choices=[(each, each) for each in readings.SYMPTOMS],
        widget=forms.CheckboxSelectMultiple,
    )
    temperature = forms.CharField(label="体温", max_length=10, widget=forms.TextInput({"inputmode": "decimal"}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, initial={"at": timezone.localtime}, **kwargs)


WITH_ISOLATION = "需隔离、疑似、确诊时必填"


class DispositionForm(forms.Form):
    """A disposition, with time and way and an optional health condition form."""

    way = forms.ChoiceField(label="处置方式")
    since = DayField(label="隔离/就医时间自", required=False, widget=DayInput, help_text=WITH_ISOLATION)
    until = DayField(label="隔离/就医时间至", required=False, widget=DayInput, help_text="可以不填")
    how = forms.CharField(label="隔离/就医方式", required=False, max_length=60, help_text=WITH_ISOLATION)
    file = forms.FileField(label="健康状况信息登记表", required=False, help_text="PDF 或照片，最大 5 MB")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = dictionaries.choices("disposition", blank="请选择")


class SiteInfoForm(forms.Form):
    """Health information of the site."""

    members = forms.CharField(label="疫情防控小组成员及联系电话", max_length=1000, widget=forms.Textarea({"rows": 4}))
    hospital = forms.CharField(label="对口医院", required=False, max_length=100)
    other = forms.CharField(label="其他", required=False, max_length=1000, widget=forms.Textarea({"rows": 2}))


class SupplyForm(forms.Form):
    """One row of 防疫物资; a row without a name is left out."""

    name = forms.CharField(label="物资名称", required=False, max_length=40)
    quantity = forms.IntegerField(label="数量", required=False, min_value=0, validators=[MaxValueValidator(10_000_000)])

    def clean(self):
        typed = super().clean()
        if typed.get("name") and typed.get("quantity") is None and "quantity" not in self.errors:
            self.add_error("quantity", "请填写数量")
        if not typed.get("name") and typed.get("quantity") is not None:
            self.add_error("name", "请填写物资名称")
        return typed


SupplyRows = forms.formset_factory(SupplyForm, extra=NEW_SUPPLIES, max_num=50, absolute_max=60)


class FeedForm(forms.Form):
    """开启报送"""

    receiver = forms.CharField(
        label="接收单位", max_length=60, help_text="印在告知里：从开启的次日起，预登记时告诉本人"
    )
    basis = forms.CharField(
        label="报送依据", max_length=200, help_text="要求报送的文件名称与文号", widget=forms.Textarea({"rows": 2})
    )


class FileForm(forms.Form):
    file = forms.FileField(label="建筑工地复工检查表", help_text="扫描件或照片，PDF、JPG、PNG，最大 5 MB")


def choices_of(employers):
    """(value, label, place, filing): the firm's name, with the contract number where a firm has several."""
    for place, filings in employers:
        if not filings:
            yield str(place.pk), f"{place.company.name}（合同未报送）", place, None
        for filing in filings:
            label = place.company.name if len(filings) == 1 else f"{place.company.name}（{filing.number}）"
            yield str(filing.pk), label, place, filing
