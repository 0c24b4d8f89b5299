from django import forms

from shiming.companies.models import Company
from shiming.projects.models import Station
from shiming.web.fields import describe


class Asked(forms.ModelForm):
    station = forms.ModelChoiceField(Station.objects.none())

    class Meta:
        model = Company
        fields = ("kind",)


def test_a_list_to_choose_from_asks_in_words(db):
    widgets = [str(describe(bound)["widget"]) for bound in Asked()]
    assert [("请选择" in widget, "---" in widget) for widget in widgets] == [(True, False)] * 2
