"""The forms of the login and account pages."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from shiming.accounts.authenticators.site import USER_TYPES
from shiming.accounts.commands import users as commands
from shiming.accounts.passwords import AsTheProfileAsks
from shiming.companies.models import Company
from shiming.core.actor import RIGHT_LABELS, Role
from shiming.core.errors import Refused
from shiming.core.refusals import refusal, unnumbered, worded
from shiming.idcard import number as id_number
from shiming.people.commands.checks import checked_phone
from shiming.projects.models import Station
from shiming.web.typed import NameField, NumberField, PhoneField, SearchField

CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 6}


class LoginPhone(PhoneField):
    """A mobile number as `checked_phone` accepts it (R-13)."""

    attributes = {"inputmode": "tel", "autocomplete": "tel"}

    def to_python(self, value):
        text = super().to_python(value)
        try:
            return checked_phone(text) if text else text
        except Refused as error:
            raise ValidationError(refusal("R-13")) from error


class LoginNumber(NumberField):
    """A valid ID number (R-03 names the digit)."""

    def to_python(self, value):
        text = super().to_python(value)
        if not text:
            return text
        try:
            return id_number.parse(text).number
        except id_number.InvalidIdNumber as error:
            raise ValidationError(error.refusal) from error


class PasswordForm(forms.Form):
    username = forms.CharField(
        label="用户名",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label="密码",
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(render_value=False, attrs={"autocomplete": "current-password"}),
    )
    picture_code = forms.CharField(
        label="图形验证码", max_length=8, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    remember = forms.BooleanField(label="记住我", required=False, help_text="只记用户名，不记密码，也不保持登录")


class SiteForm(forms.Form):
    user_type = forms.ChoiceField(
        label="用户类型", choices=[(key, label) for key, (label, _roles) in USER_TYPES.items()], initial="pm"
    )
    id_number = LoginNumber(label="身份证号")
    phone = LoginPhone(label="手机号")
    picture_code = forms.CharField(
        label="图形验证码", max_length=8, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    code = forms.CharField(label="动态密码", max_length=6, widget=forms.TextInput(attrs=CODE))

    def __init__(self, *args, asks_for_code: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].required = not asks_for_code


class PhoneForm(forms.Form):
    phone = LoginPhone(label=_("手机号"))
    picture_code = forms.CharField(
        label=_("图形验证码"), max_length=8, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class CodeForm(forms.Form):
    code = forms.CharField(label=_("验证码"), max_length=6, widget=forms.TextInput(attrs=CODE))


class LastFourForm(forms.Form):
    last_four = forms.CharField(
        label=_("身份证号后四位"),
        min_length=4,
        max_length=4,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class TotpForm(forms.Form):
    code = forms.CharField(label="动态口令", max_length=7, widget=forms.TextInput(attrs={**CODE, "maxlength": 7}))


class RecoveryForm(forms.Form):
    recovery_code = forms.CharField(
        label="恢复码", max_length=20, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class PasskeyForm(forms.Form):
    credential = forms.CharField(widget=forms.HiddenInput, max_length=20_000)
    name = forms.CharField(label="给它起个名字", max_length=40, required=False)


class NewPasswordForm(forms.Form):
    password = forms.CharField(
        label="新密码",
        max_length=256,
        strip=False,
        help_text="至少 12 个字符，长一点的句子最好记也最安全。不要用姓名、企业名或常见密码。",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="再输一次",
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text += AsTheProfileAsks().get_help_text()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("password") and cleaned.get("again") and cleaned["password"] != cleaned["again"]:
            self.add_error("again", "两次输入的密码不一样")
        return cleaned


class ChangePasswordForm(NewPasswordForm):
    old = forms.CharField(
        label="现在的密码",
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ["old", "password", "again"]


class PostForm(forms.Form):
    """企业账号: a new account with a post at the firm."""

    name = NameField(label="姓名", max_length=50)
    username = forms.CharField(
        label="用户名",
        max_length=60,
        help_text="小写字母、数字、点或横线，登录时使用",
        widget=forms.TextInput(attrs={"autocapitalize": "none"}),
    )
    role = forms.ChoiceField(label="身份")

    ROLES = (Role.HR_OFFICER, Role.PARTICIPANT_CLERK, Role.IMPLEMENTER)

    def __init__(self, *args, roles=ROLES, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]


class KeyForm(forms.Form):
    name = forms.CharField(label="名称", max_length=40, help_text="写明给哪个系统用，例如“门禁平台”")
    days = forms.TypedChoiceField(
        label="有效期", coerce=int, choices=[(30, "30 天"), (90, "90 天"), (180, "180 天"), (365, "一年")], initial=180
    )


class SiteKeyForm(KeyForm):
    rights = forms.MultipleChoiceField(
        label="权限", choices=RIGHT_LABELS.items(), widget=forms.CheckboxSelectMultiple, initial=["attendance"]
    )


class AccountFilter(forms.Form):
    name = SearchField(label="姓名或用户名")
    kind = forms.ChoiceField(
        label="类别",
        required=False,
        choices=[
            ("", "开通的账号"),
            ("company", "企业账号"),
            ("oversight", "监督账号"),
            ("admin", "系统管理员"),
            ("person", "手机登录的人员"),
            ("closed", "已停用"),
        ],
    )


class AccountForm(forms.Form):
    """An account that the administrator opens for a firm, a station or the platform."""

    KINDS = (
        (Role.LEGAL_REP, "企业：法人/证书持有人"),
        (Role.HR_OFFICER, "企业：人事聘用管理员"),
        (Role.PARTICIPANT_CLERK, "企业：参建单位经办"),
        (Role.IMPLEMENTER, "企业：实施单位审核员"),
        (Role.REGULATOR, "监督站：监督人员"),
        (Role.SYS_ADMIN, "平台：系统管理员"),
    )

    name = NameField(label="姓名", max_length=50)
    username = forms.CharField(
        label="用户名",
        max_length=60,
        help_text="小写字母、数字、点或横线",
        widget=forms.TextInput(attrs={"autocapitalize": "none"}),
    )
    role = forms.ChoiceField(label="身份", choices=[(role.value, label) for role, label in KINDS])
    credit_code = forms.CharField(label="企业统一社会信用代码", max_length=18, required=False, help_text="企业身份必填")
    station = forms.ModelChoiceField(
        Station.objects.order_by("name"), label="监督站", required=False, empty_label="请选择", help_text="监督人员必填"
    )

    def clean(self):
        typed = super().clean()
        role = typed.get("role")
        if role == Role.REGULATOR and not typed.get("station"):
            self.add_error("station", worded("R-10", "请选择监督站"))
        elif role not in (None, Role.REGULATOR, Role.SYS_ADMIN):
            code = typed.get("credit_code", "").strip().upper()
            typed["company"] = Company.objects.filter(credit_code=code).first()
            if typed["company"] is None:
                unknown = unnumbered("没有这个代码的企业，请先在“企业”里登记")
                self.add_error("credit_code", unknown if code else worded("R-10", "请填写企业统一社会信用代码"))
        return typed

    def open(self, *, by):
        """Call the command that fits the role: a post at a station, at a firm, or a plain account."""
        typed = self.cleaned_data
        who = {"username": typed["username"], "name": typed["name"], "by": by}
        if typed["role"] == Role.REGULATOR:
            return commands.open_station_post(typed["station"], **who)
        if typed["role"] == Role.SYS_ADMIN:
            return commands.open_administrator(**who)
        staff, token = commands.open_post(typed["company"], role=Role(typed["role"]), **who)
        return staff.user, token
