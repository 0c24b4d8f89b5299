"""The form fields for text that people type or paste: each gives its value cleaned, the same on every page.

The commands refuse wrong numbers, names and phones; these fields only clean them. None sets `maxlength`: an address
book pastes more characters than the value has.
"""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from shiming.web import cleaning
from shiming.web.cleaning import EARLIEST, LATEST


class _Cleaned(forms.CharField):
    """`attributes` are those of the input."""

    attributes: dict[str, str] = {"autocomplete": "off"}

    def __init__(self, *args, widget=None, **kwargs):
        super().__init__(*args, widget=widget or forms.TextInput, **kwargs)

    def widget_attrs(self, widget):
        return {} if widget.is_hidden else {k: v for k, v in self.attributes.items() if k not in widget.attrs}

    def to_python(self, value):
        text = self.clean_text(str(value)) if value not in self.empty_values else ""
        return super().to_python(text)

    def clean_text(self, text: str) -> str:
        return cleaning.visible(text)


class SearchField(_Cleaned):
    """The text of a filter; optional."""

    def __init__(self, *args, required=False, **kwargs):
        super().__init__(*args, required=required, **kwargs)


class NameField(_Cleaned):
    """The name of a person, as `names.normalise` will spell it."""


class NumberField(_Cleaned):
    """The number of an identity document."""

    attributes = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}

    def clean_text(self, text):
        return cleaning.joined(text)


class PhoneField(_Cleaned):
    """A mobile number with or without the country code."""

    attributes = {"inputmode": "tel", "autocomplete": "off"}

    def clean_text(self, text):
        return cleaning.phone(text)


class DayField(forms.DateField):
    """A day within the bounds of `web.cleaning`; full-width digits are forgiven."""

    default_error_messages = {
        "year": format_lazy(_("年份应在 {first} 至 {last} 之间，请核对"), first=EARLIEST.year, last=LATEST.year)
    }

    def to_python(self, value):
        day = super().to_python(cleaning.narrow(value).strip() if isinstance(value, str) else value)
        if day is not None and not EARLIEST <= day <= LATEST:
            raise forms.ValidationError(self.error_messages["year"], code="year")
        return day
