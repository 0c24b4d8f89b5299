"""Forms of the pages about people."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shiming.dictionaries import queries as dictionaries
from shiming.people.commands import PROFILE, REVEALABLE
from shiming.people.models import Person
from shiming.web.forms import sent
from shiming.web.typed import DayField, NameField, NumberField, PhoneField, SearchField


class NoticeForm(forms.Form):
    agreed = forms.BooleanField(label=_("已阅读填报须知"))


class PhotoForm(forms.Form):
    """Without a new photo the previous one is kept."""

    photo = forms.FileField(label=_("照片"), widget=forms.FileInput(attrs={"accept": "image/*"}))

    def __init__(self, *args, label, taken: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["photo"].label = label
        self.fields["photo"].required = not taken


class IdentityForm(forms.Form):
    name = NameField(label=_("姓名"), max_length=50, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    number = NumberField(
        label=_("身份证号"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "id-typed"}
        ),
    )


class CardForm(forms.Form):
    """The other fields of the card, all optional."""

    ethnicity = forms.ChoiceField(label=_("民族"), required=False)
    register_address = forms.CharField(
        label=_("户籍地址"), max_length=100, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    issuer = forms.CharField(label=_("签发机关"), max_length=60, required=False)
    valid_from = DayField(
        label=_("有效期自"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_to = DayField(
        label=_("有效期至"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("长期有效的，空着不填"),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ethnicity"].choices = dictionaries.choices("ethnicity", blank=_("请选择"))

    def clean(self):
        typed = super().clean()
        first, last = typed.get("valid_from"), typed.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", _("有效期至早于有效期自"))
        return typed


class PeopleFilter(forms.Form):
    q = SearchField(label="姓名或证件号", widget=forms.TextInput(attrs={"placeholder": "任一字或拼音"}))
    status = forms.ChoiceField(label="实名状态", required=False, choices=[("", "全部"), *Person.Status.choices])


class FirmsPeopleFilter(PeopleFilter):
    """The list of a company: its own people first, those of companies below on request."""

    scope = forms.ChoiceField(
        label="范围", required=False, choices=[("own", "本单位聘用"), ("below", "本单位项目上已确认的")]
    )


class PendingFilter(forms.Form):
    q = SearchField(label="姓名或证件号")
    unclear = forms.ChoiceField(label="范围", required=False, choices=[("", "全部待核验"), ("1", "只看待人工")])


class RevealForm(forms.Form):
    """A purpose from the list; 其他 requires a text."""

    PURPOSES = ("核对劳动合同", "发放工资", "办理保险", "配合执法检查", "核对身份", "其他")

    field = forms.ChoiceField(label="查看", choices=list(REVEALABLE.items()), widget=forms.RadioSelect)
    purpose = forms.ChoiceField(label="用途", choices=[(text, text) for text in PURPOSES], widget=forms.RadioSelect)
    detail = forms.CharField(label="说明", max_length=150, required=False, help_text="选“其他”时必须写明")

    def clean(self):
        typed = super().clean()
        if typed.get("purpose") == "其他" and not typed.get("detail", "").strip():
            self.add_error("detail", "请写明用途")
        return typed

    @property
    def reason(self) -> str:
        chosen, detail = self.cleaned_data["purpose"], self.cleaned_data["detail"].strip()
        return detail if chosen == "其他" else f"{chosen}：{detail}" if detail else chosen


class NewPhoneForm(forms.Form):
    phone = PhoneField(label=_("新手机号"), widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}))


class LostPhoneForm(NewPhoneForm):
    reason = forms.CharField(label="原因", max_length=200, help_text="怎样核实了本人，例如持身份证原件到场")


class NewPhoneCodeForm(forms.Form):
    code = forms.CharField(
        label=_("验证码"),
        max_length=6,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class FailForm(forms.Form):
    """The reason of a failed check: a common one or a text."""

    REASONS = (
        "照片看不清，请重新拍照",
        "照片与填写的号码不一致",
        "照片与填写的姓名不一致",
        "证件已过有效期",
        "不是本人证件",
    )

    reason = forms.CharField(label="不通过原因", max_length=200, widget=forms.TextInput(attrs={"list": "fail-reasons"}))


class ProfileForm(forms.ModelForm):
    """Personal data without the identity fields. Addresses are not shown; an empty field keeps the present one."""

    SECRET = {"register_address", "residence", "residence_detail"}
    TABLES = {
        *("ethnicity", "household_type", "marital_status", "political_status"),
        *("education", "education_type", "degree"),
    }

    register_address = forms.CharField(label="户籍地址", max_length=100, required=False)
    residence = forms.CharField(label="现居住地", max_length=100, required=False)
    residence_detail = forms.CharField(label="现居住地详细地址", max_length=100, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = Person
        fields = tuple(name for name in PROFILE if name not in ("register_address", "residence", "residence_detail"))
        widgets = {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d") for name in ("valid_from", "valid_to")
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.SECRET & self.fields.keys():
            present = getattr(self.instance, name)
            self.fields[name].help_text = f"现为 {present}，空着就不改" if present else "尚未填写"
        for name in self.TABLES & self.fields.keys():
            label = self.fields[name].label
            self.fields[name] = forms.ChoiceField(
                label=label, required=False, choices=with_present(name, getattr(self.instance, name))
            )
        self.initial["version"] = self.instance.version
        self.order_fields(["version", *PROFILE])

    @property
    def values(self) -> dict:
        """Only the inputs that were sent: a missing input does not empty its field."""
        typed = {name: value for name, value in sent(self).items() if name in PROFILE}
        return {name: value for name, value in typed.items() if value or name not in self.SECRET}


class OwnProfileForm(ProfileForm):
    """The fields a person edits: those that do not come from the card."""

    class Meta(ProfileForm.Meta):
        fields = (
            "native_place",
            "household_type",
            "household_place",
            "marital_status",
            "political_status",
            "education",
            "education_type",
            "degree",
        )

    register_address = None


def with_present(table: str, present: str) -> list[tuple[str, str]]:
    """The choices, with the present label even if it is no longer offered."""
    offered = dictionaries.choices(table, blank="请选择")
    known = {code for code, _ in offered}
    return offered if present in known else [*offered, (present, dictionaries.label(table, present))]
