"""Forms whose command may refuse: each refusal is shown at its field, and all input is kept."""

from collections.abc import Callable
from types import SimpleNamespace

from django import forms
from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError
from django.db.models.constraints import BaseConstraint

from shiming.core.errors import DomainError, NotAllowed, refused_by
from shiming.core.refusals import Refusal, worded

TOO_MANY = 429


class DayInput(forms.DateInput):
    """The calendar of the browser."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


def carry_out(form: forms.BaseForm, command: Callable) -> bool:
    """Run the command; its return value becomes `form.result`, its refusals become errors of the form.

    NotAllowed passes through, to the page that names the roles which may.
    """
    form.refusals, form.too_many = [], False
    try:
        form.result = command()
    except NotAllowed:
        raise
    except DomainError as error:
        form.refusals, form.too_many = error.refusals, error.status == TOO_MANY
        for name, item in error.placed:
            form.add_error(_field(form, name), item.advice)
        return False
    except ValidationError as error:
        _add_validation(form, error)
        return False
    except IntegrityError as race:
        form.add_error(None, _reason_of(race))
        return False
    return True


class CheckedForm(forms.Form):
    """A form that asks the checks of its command also when a value is missing: all errors stand in one answer."""

    def checks(self) -> list[Callable[[], object]]:
        """The checks of the command that need no row of the database; `self.cleaned_data` holds the valid values."""
        return []

    def clean(self):
        super().clean()
        self.refusals = []
        for error in refused_by(*self.checks()):
            for name, item in error.placed:
                if name not in self.errors:
                    self.refusals.append(item)
                    self.add_error(_field(self, name), item.advice)
        return self.cleaned_data


def sent(form: forms.BaseForm) -> dict:
    """The cleaned values of the inputs in the request: an input that was not sent was not emptied.

    Check boxes always count as sent, because HTML sends nothing for an unticked one.
    """
    inputs = {name: (field.widget, form.add_prefix(name)) for name, field in form.fields.items()}
    omitted = {
        name for name, (widget, at) in inputs.items() if widget.value_omitted_from_data(form.data, form.files, at)
    }
    return {name: value for name, value in form.cleaned_data.items() if name not in omitted}


def values_of(filters: forms.BaseForm) -> SimpleNamespace:
    """The cleaned values of a filter form by field name; all empty when the form is not valid: nothing is filtered."""
    empty = {name: field.to_python("") for name, field in filters.fields.items()}
    return SimpleNamespace(**(filters.cleaned_data if filters.is_valid() else empty))


def is_filtered(filters: forms.BaseForm) -> bool:
    """Whether the filter form has a valid value in any field."""
    return any(vars(values_of(filters)).values())


def status_of(form: forms.BaseForm) -> int:
    """422 when the form has errors, 429 when it was sent too often."""
    if not (form.is_bound and form.errors):
        return 200
    return TOO_MANY if getattr(form, "too_many", False) else 422


def _add_validation(form, error):
    """The messages of `full_clean()`, each at its field if the form has one of that name."""
    found = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    for name, sentences in found.items():
        for sentence in sentences:
            form.add_error(_field(form, name), sentence)


def _reason_of(race: IntegrityError) -> Refusal | str:
    """Two users at the same moment: the message of the constraint that the database kept, else R-43."""
    name = getattr(getattr(race.__cause__, "diag", None), "constraint_name", None)
    rules = (rule for model in apps.get_models() for rule in model._meta.constraints if rule.name == name)
    rule = next(rules, None)
    if rule is None or rule.violation_error_message == BaseConstraint.default_violation_error_message:
        return worded("R-43", "与别人刚登记的内容冲突", hint="，请刷新后核对再保存")
    return str(rule.violation_error_message)


def _field(form, name):
    return name if name in form.fields else None
