"""Forms of the company pages."""

from django import forms

from shiming.companies.models import Company
from shiming.web.forms import DayInput, sent
from shiming.web.typed import PhoneField, SearchField

FIELDS = (
    *("name", "credit_code", "kind", "address", "contact", "phone"),
    *("certificate_id", "certificate_serial", "certificate_until", "certificate_name", "certificate_holder"),
)


class CompanyForm(forms.ModelForm):
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    certificate_phone = PhoneField(label="证书持有人手机", required=False)

    class Meta:
        model = Company
        fields = FIELDS
        widgets = {"certificate_until": DayInput}
        help_texts = {"credit_code": "18 位，营业执照上的统一社会信用代码"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["credit_code"].max_length = None  # the command narrows characters and drops spaces and hyphens
        self.fields["credit_code"].widget.attrs.pop("maxlength", None)
        self.order_fields([*FIELDS, "certificate_phone"])
        if kept := self.instance.certificate_phone:
            self.fields["certificate_phone"].help_text = f"已登记 {kept}，不改请留空。"
        self.initial["seen"] = self.instance.version if self.instance.pk else None

    def clean_credit_code(self):
        return self.cleaned_data["credit_code"].replace(" ", "").replace("-", "")

    @property
    def values(self) -> dict:
        given = {name: value for name, value in sent(self).items() if name in FIELDS}
        phone = self.cleaned_data["certificate_phone"]  # a Secret is never printed into a form: empty means unchanged
        return given | ({"certificate_phone": phone} if phone else {})


class OwnCompanyForm(forms.ModelForm):
    """企业基本信息 [004] 4-02: the fields a company corrects itself."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Company
        fields = ("address", "contact", "phone")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.instance.version


class CompanyFilter(forms.Form):
    name = SearchField(label="企业名称")
    code = SearchField(label="统一社会信用代码")
    kind = forms.ChoiceField(label="企业类型", required=False, choices=[("", "全部"), *Company.Kind.choices])
    status = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *Company.Status.choices])


class ReasonForm(forms.Form):
    reason = forms.CharField(label="停用原因", max_length=200, widget=forms.Textarea(attrs={"rows": 3}))
