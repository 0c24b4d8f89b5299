"""What the company's pages about the forms of a poster accept."""

from django import forms

from shiming.binding.models import SelfForm
from shiming.web.typed import SearchField

EVERY = ("every", "全部")


class SelfFormFilter(forms.Form):
    q = SearchField(label="姓名或凭证号")
    status = forms.ChoiceField(
        label="状态", required=False, choices=[("", "待提交"), *SelfForm.Status.choices[1:], EVERY]
    )

    @property
    def chosen(self) -> str:
        """待提交 stands there by default; "" is every state."""
        status = self.cleaned_data.get("status") if self.is_valid() else ""
        return "" if status == EVERY[0] else status or SelfForm.Status.OPEN


class DiscardForm(forms.Form):
    REASONS = ("不是本单位的工人", "重复登记", "信息不实", "本人不来了")

    reason = forms.CharField(
        label="丢弃原因",
        max_length=200,
        widget=forms.TextInput({"list": "discard-reasons", "autofocus": True}),
        help_text="30 天内可以在“已丢弃”里恢复。",
    )
