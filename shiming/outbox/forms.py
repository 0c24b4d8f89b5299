"""Forms and labels of the message pages."""

from django import forms

from shiming.outbox.models import OutboxMessage
from shiming.web.typed import PhoneField

REASONS = ["用户来电求助，核对是否收到", "排查短信通道", "安全检查"]


class MessageFilter(forms.Form):
    phone = PhoneField(label="手机号", required=False)
    purpose = forms.ChoiceField(label="用途", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["purpose"].choices = [("", "全部"), *PURPOSES.items()]


class RevealForm(forms.Form):
    purpose = forms.ChoiceField(label="查看用途", choices=[("", "请选择"), *((each, each) for each in REASONS)])


PURPOSES = {
    "code-site": "工地端动态密码",
    "code-person": "个人端验证码",
    "code-again": "再次确认身份",
    "code-phone": "更换手机号",
    "notice": "通知",
}


def purpose_label(message: OutboxMessage) -> str:
    return PURPOSES.get(message.purpose, message.purpose)
