"""The view that writes a registered list to a file, and the page that checks a signed one."""

from django import forms
from django.shortcuts import render

from shiming.core.doors import SHEET, console, takes
from shiming.web import signatures
from shiming.web.export import TAKERS, hand_out
from shiming.web.forms import carry_out, status_of
from shiming.web.lists import table_at
from shiming.web.reauthentication import fresh_login


@console(*TAKERS, methods=("POST",))
@fresh_login
def take(request):
    """POST /lists/file/ — `list` is the address of the page with its query, `table` the id of the table on it."""
    table = table_at(request.actor, request.POST.get("list", ""), request.POST.get("table", ""))
    name = table.file_name or table.caption or "列表"
    return hand_out(request, table.columns, table.whole(), name=name, note=table.note, details=table.details)


class SignedFileForm(forms.Form):
    bundle = forms.FileField(label="签名文件（ZIP）", widget=forms.FileInput(attrs={"accept": ".zip"}))


@console(*TAKERS)
@takes(SHEET)
def check(request):
    """核对签名文件: whether an exported list is as it was signed"""
    form, found = SignedFileForm(request.POST or None, request.FILES or None), None
    if form.is_valid() and carry_out(form, lambda: signatures.check(form.cleaned_data["bundle"])):
        found = form.result
    return render(request, "web/signed_file.html", {"form": form, "found": found}, status=status_of(form))
