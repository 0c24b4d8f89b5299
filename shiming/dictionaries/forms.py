"""The form of a dictionary entry."""

from django import forms

from shiming.dictionaries.models import DictionaryEntry
from shiming.dictionaries.queries import choices

# What a disposition says about a person (shiming/health/models.py); only the first lets them enter.
STATUS = [("clear", "可进场"), ("isolate", "需隔离"), ("suspected", "疑似"), ("confirmed", "确诊")]
ONE_PER = [("", "不限人数"), ("participation", "每个参建单位一人"), ("project", "每个项目一人")]


class EntryForm(forms.ModelForm):
    one_per = forms.ChoiceField(label="人数限制", choices=ONE_PER, required=False)
    status = forms.ChoiceField(label="对应状态", choices=STATUS)
    national = forms.CharField(label="国家平台代码", max_length=10, required=False)
    trades = forms.MultipleChoiceField(
        label="须有此证书的工种",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="准入检查“证书”从这里取初值，各项目可以另定",
    )

    class Meta:
        model = DictionaryEntry
        fields = ("label", "order", "active")
        help_texts = {
            "active": "停用后不再出现在下拉列表里，已登记的数据照常显示",
            "order": "数字小的在前",
        }

    field_order = ("label", "order", "status", "national", "one_per", "trades", "active")

    def __init__(self, *args, table: str, **kwargs):
        super().__init__(*args, **kwargs)
        extra = self.instance.extra if self.instance.pk else {}
        self.initial |= {"one_per": extra.get("one_per", ""), "national": extra.get("national", "")}
        self.fields["order"].required = False
        self.initial |= {"status": extra.get("status", "")}
        if table != "position":
            del self.fields["one_per"]
        if table != "disposition":
            del self.fields["status"]
        if table == "credential":
            self.fields["trades"].choices = choices("trade")
            self.initial["trades"] = extra.get("trades", [])
        else:
            del self.fields["trades"]
        if not self.instance.pk:
            del self.fields["active"]

    @property
    def extra(self) -> dict:
        """The stored extras with the fields of this form replaced; other keys are kept."""
        kept = dict(self.instance.extra) if self.instance.pk else {}
        for name in ("one_per", "national", "status", "trades"):
            if name in self.cleaned_data:
                kept.pop(name, None)
            if self.cleaned_data.get(name):
                kept[name] = self.cleaned_data[name]
        return kept
