"""Values of filter forms."""

from datetime import date

import pytest
from django import forms

from shiming.web.forms import is_filtered, values_of


class Search(forms.Form):
    name = forms.CharField(required=False)
    kind = forms.ChoiceField(required=False, choices=[("", "全部"), ("a", "甲")])
    since = forms.DateField(required=False)
    open = forms.BooleanField(required=False)


EMPTY = {"name": "", "kind": "", "since": None, "open": False}


def test_values_of_a_valid_filter_are_its_cleaned_values():
    filters = Search({"name": " 张三 ", "since": "2025-06-03"})
    assert vars(values_of(filters)) == EMPTY | {"name": "张三", "since": date(2025, 6, 3)}
    assert is_filtered(filters)


@pytest.mark.parametrize("sent", [None, {}, {"name": "张三", "since": "no day"}, {"name": "张三", "kind": "b"}])
def test_values_of_an_unused_or_invalid_filter_are_all_empty(sent):
    assert vars(values_of(Search(sent))) == EMPTY
    assert not is_filtered(Search(sent))
