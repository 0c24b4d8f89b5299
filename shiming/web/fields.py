"""Form fields as the templates print them: look of the widget and attributes for screen readers."""

from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH

from shiming.core.refusals import refusal

LOOKS = (
    (forms.CheckboxInput, "check", "form-check-input"),
    (forms.RadioSelect, "choices", ""),
    (forms.CheckboxSelectMultiple, "choices", ""),
    (forms.FileInput, "file", "form-control"),
    (forms.Select, "select", "form-select"),
    (forms.Textarea, "text", "form-control"),
    (forms.Widget, "text", "form-control"),
)


def describe(bound, help_text="", label="") -> dict:
    """All values that the field templates print."""
    _ask_in_words(bound.field)
    look, css = next((look, css) for kind, look, css in LOOKS if isinstance(bound.field.widget, kind))
    help_text = help_text or bound.help_text
    return {
        "bound": bound,
        "look": look,
        "label": label or bound.label,
        "required": bound.field.required,
        "help": help_text,
        "help_id": f"{bound.auto_id}_help",
        "error_id": f"{bound.auto_id}_error",
        "errors": sentences(bound, label or bound.label),
        "widget": bound.as_widget(attrs=_attributes(bound, css, help_text)),
    }


def _ask_in_words(field) -> None:
    """Replace Django's row of dashes at the head of a list with 请选择."""
    dashes = BLANK_CHOICE_DASH[0]
    if hasattr(field, "empty_label"):
        field.empty_label = "请选择" if field.empty_label == dashes[1] else field.empty_label
    elif hasattr(field.widget, "choices"):
        field.widget.choices = [("", "请选择") if choice == dashes else choice for choice in field.widget.choices]


def sentences(bound, label="") -> list[str]:
    """The errors of a field; a missing value is R-10 in every form."""
    errors = bound.errors.as_data() if bound.errors else []
    return [
        str(refusal("R-10", label=label or bound.label)) if error.code == "required" else sentence
        for error in errors
        for sentence in error.messages
    ]


def _attributes(bound, css, help_text):
    own = bound.field.widget.attrs.get("class", "")
    attributes = {"class": f"{css} {own} is-invalid".strip() if bound.errors else f"{css} {own}".strip()}
    described = [f"{bound.auto_id}_help"] if help_text else []
    if bound.errors:
        described.append(f"{bound.auto_id}_error")
        attributes["aria-invalid"] = "true"
    if described:
        attributes["aria-describedby"] = " ".join(described)
    return attributes
