"""What the pages of this module accept."""

from django import forms

from shiming.attachments.content import LARGEST_PAPER, MOST_PAPERS
from shiming.attachments.models import SOCIAL_PROOF
from shiming.core.doors import MB
from shiming.dictionaries import queries as dictionaries
from shiming.web.forms import DayInput
from shiming.web.typed import DayField

ACCEPTED = ".pdf,.jpg,.jpeg,.png,.webp,application/pdf,image/jpeg,image/png,image/webp"


class UploadForm(forms.Form):
    """Kind, issue date and file. Without a script it uploads one file at a time; with one, uploads resume."""

    kind = forms.ChoiceField(label="附件类型")
    issued_on = DayField(
        label="开具日期",
        required=False,
        widget=DayInput,
        help_text=f"{SOCIAL_PROOF}须填写",
        error_messages={"invalid": "请按 2026-01-31 的样子填写日期"},
    )
    file = forms.FileField(
        label="添加文件",
        max_length=255,
        allow_empty_file=True,  # the command says it in its own words
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={"required": "请先添加文件"},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = dictionaries.choices("attachment_type", blank="请选择")
        self.fields["kind"].error_messages["required"] = "请选择附件类型"


class PapersInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class PapersField(forms.FileField):
    """Several files; an empty list without any. The command checks them (content.checked_papers)."""

    widget = PapersInput(attrs={"multiple": True, "accept": ".pdf,image/*"})

    def __init__(self, **kwargs):
        words = f"PDF 或照片，最多 {MOST_PAPERS} 个，每个不超过 {LARGEST_PAPER // MB} MB"
        super().__init__(**({"help_text": words} | kwargs))

    def clean(self, data, initial=None):
        return [super(PapersField, self).clean(each, initial) for each in data or []]


def pairs_of(uploads) -> list[tuple[str, bytes]]:
    """(file name, content) of the cleaned value of a PapersField."""
    return [(each.name, each.read()) for each in uploads]


class FileForm(forms.Form):
    """The row of the list that a button belongs to."""

    file = forms.UUIDField()
