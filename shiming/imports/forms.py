"""The upload form."""

from django import forms

from shiming.imports.reader import LARGEST_FILE


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
