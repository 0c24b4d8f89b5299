"""What the pages of the notice board accept."""

from django import forms
from django.utils import timezone

from shiming.bulletins.models import STATES, Bulletin
from shiming.dictionaries import queries as dictionaries
from shiming.web.forms import DayInput
from shiming.web.typed import SearchField


class BulletinForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(label="标题", max_length=80)
    category = forms.ChoiceField(label="类别")
    body = forms.CharField(
        label="内容", max_length=5000, widget=forms.Textarea({"rows": 10}), help_text="纯文本，照换行显示；最多 5000 字"
    )
    from_day = forms.DateField(label="自", widget=DayInput)
    until = forms.DateField(label="至", required=False, widget=DayInput, help_text="这天以后不再显示；可以不填")
    pinned = forms.BooleanField(label="置顶", required=False)
    public = forms.BooleanField(label="不登录也能看（登录页）", required=False)

    def __init__(self, *args, row: Bulletin | None = None, **kwargs):
        now = {name: getattr(row, name) for name in self.base_fields} if row else {"from_day": timezone.localdate()}
        super().__init__(*args, initial=now, **kwargs)
        self.fields["category"].choices = dictionaries.choices("bulletin", blank="请选择")

    @property
    def given(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class FileForm(forms.Form):
    file = forms.FileField(label="附件", help_text="PDF 或图片，最大 5 MB")


class BoardFilter(forms.Form):
    text = SearchField(label="标题或内容")
    category = forms.ChoiceField(label="类别", required=False)
    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), *STATES.items()])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = dictionaries.choices("bulletin", blank="全部")
