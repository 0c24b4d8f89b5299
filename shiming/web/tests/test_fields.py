"""Form fields as the templates print them."""

from django import forms

from shiming.companies.models import Company
from shiming.projects.models import Station
from shiming.web.fields import describe


class Asked(forms.ModelForm):
    station = forms.ModelChoiceField(Station.objects.none())

    class Meta:
        model = Company
        fields = ("kind",)


def test_select_field_starts_with_prompt(db):
    widgets = [str(describe(bound)["widget"]) for bound in Asked()]
    assert [("请选择" in widget, "---" in widget) for widget in widgets] == [(True, False)] * 2
