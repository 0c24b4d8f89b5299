from django import forms

from shiming.administration.queries import KINDS
from shiming.core.models import DictionaryEntry
from shiming.core.sheet_reader import LARGEST_FILE
from shiming.web.forms import DayInput

ONE_PER = [("", "不限人数"), ("participation", "每个参建单位一人"), ("project", "每个项目一人")]


class EntryForm(forms.ModelForm):
    one_per = forms.ChoiceField(label="人数限制", choices=ONE_PER, required=False)
    national = forms.CharField(label="国家平台代码", max_length=10, required=False)

    class Meta:
        model = DictionaryEntry
        fields = ("label", "order", "active")
        help_texts = {
            "active": "停用后不再出现在下拉列表里，已登记的数据照常显示",
            "order": "数字小的在前",
        }

    field_order = ("label", "order", "national", "one_per", "active")

    def __init__(self, *args, table: str, **kwargs):
        super().__init__(*args, **kwargs)
        extra = self.instance.extra if self.instance.pk else {}
        self.initial |= {"one_per": extra.get("one_per", ""), "national": extra.get("national", "")}
        self.fields["order"].required = False
        if table != "position":
            del self.fields["one_per"]
        if not self.instance.pk:
            del self.fields["active"]

    @property
    def extra(self) -> dict:
        """What the form knows of is replaced, what it does not know of stays."""
        kept = dict(self.instance.extra) if self.instance.pk else {}
        for name in ("one_per", "national"):
            if name in self.cleaned_data:
                kept.pop(name, None)
            if self.cleaned_data.get(name):
                kept[name] = self.cleaned_data[name]
        return kept


class UploadForm(forms.Form):
    file = forms.FileField(
        label="Excel 文件",
        help_text="模板，或您现有的表：.xlsx、.xls、.csv，最大 10 MB，一次一万行左右",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt,.htm,.html"}),
        error_messages={"empty": "文件是空的，请选择填好的表"},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError("文件超过 10 MB，请分成几个文件导入")
        return file


class TrailFilter(forms.Form):
    kind = forms.ChoiceField(label="事件", required=False, choices=[("", "全部"), *KINDS.items()])
    by = forms.CharField(label="操作人", required=False)
    person = forms.CharField(label="人员（姓名或证件号）", required=False)
    company = forms.CharField(label="企业", required=False)
    since = forms.DateField(label="自", required=False, widget=DayInput)
    until = forms.DateField(label="至", required=False, widget=DayInput)
