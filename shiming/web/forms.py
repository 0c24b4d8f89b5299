"""A form whose command may refuse: what was refused stands beside the field it is about, and nothing typed is lost."""

from collections.abc import Callable

from django import forms
from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError
from django.db.models.constraints import BaseConstraint

from shiming.core.errors import DomainError, NotAllowed
from shiming.core.refusals import Refusal, worded

TOO_MANY = 429


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


def carry_out(form: forms.BaseForm, command: Callable) -> bool:
    """Run the command; what it returns becomes `form.result`, what it refuses becomes the form's errors.

    A missing right is no mistake in the form: it goes on to the page that says who may.
    """
    form.refusals, form.too_many = [], False
    try:
        form.result = command()
    except NotAllowed:
        raise
    except DomainError as error:
        form.refusals, form.too_many = error.refusals, error.status == TOO_MANY
        for item in error.refusals:
            form.add_error(_field(form, error.field), item.advice)
        return False
    except ValidationError as error:
        _add_validation(form, error)
        return False
    except IntegrityError as race:
        form.add_error(None, _reason_of(race))
        return False
    return True


def sent(form: forms.BaseForm) -> dict:
    """What the browser sent. An input that is not in the request at all was not emptied: it stays as it is.

    Boxes are the exception HTML makes: of an unticked one nothing is ever sent.
    """
    inputs = {name: (field.widget, form.add_prefix(name)) for name, field in form.fields.items()}
    omitted = {
        name for name, (widget, at) in inputs.items() if widget.value_omitted_from_data(form.data, form.files, at)
    }
    return {name: value for name, value in form.cleaned_data.items() if name not in omitted}


def status_of(form: forms.BaseForm) -> int:
    """422 when the form came back with something to correct, 429 when it came too often."""
    if not (form.is_bound and form.errors):
        return 200
    return TOO_MANY if getattr(form, "too_many", False) else 422


def _add_validation(form, error):
    """What `full_clean()` says, each sentence at its field if the form has one of that name."""
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
