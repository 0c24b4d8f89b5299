"""Forms of the admission checks. The settings of a check come from the form that it registered."""

from django import forms
from django.utils import timezone

from shiming.admission.checks import Check
from shiming.web.forms import DayInput
from shiming.web.typed import DayField


class DraftForm(forms.Form):
    """Effect and settings of one check; `settings` returns the latter as JSON values."""

    effect = forms.ChoiceField(label="不符合时", widget=forms.RadioSelect)

    def __init__(self, *args, check: Check, **kwargs):
        super().__init__(*args, **kwargs)
        self.check = check
        self.fields["effect"].choices = [(effect.value, effect.label) for effect in check.effects]
        if check.form:
            self.fields.update(check.form().fields)

    @property
    def settings(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "effect"}


class DayForm(forms.Form):
    """The first day of a check, or the day on which it ends."""

    on = DayField(label="自", widget=DayInput, help_text="不能早于今天")

    def __init__(self, *args, label: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["on"].label = label
        self.fields["on"].initial = timezone.localdate
