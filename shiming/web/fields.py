"""Form fields as the templates print them: look of the widget and attributes for screen readers."""

from collections.abc import Callable

from django import forms
from django.core.exceptions import ValidationError
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
        "required": bound.field.required or bound.name in getattr(bound.form, "demanded", ()),
        "help": help_text,
        "help_id": f"{bound.auto_id}_help",
        "error_id": f"{bound.auto_id}_error",
        "errors": notes(bound, label or bound.label),
        "widget": bound.as_widget(attrs=_attributes(bound, css, help_text)),
    }


def _ask_in_words(field) -> None:
    """Replace Django's row of dashes at the head of a list with 请选择."""
    dashes = BLANK_CHOICE_DASH[0]
    if hasattr(field, "empty_label"):
        field.empty_label = "请选择" if field.empty_label == dashes[1] else field.empty_label
    elif hasattr(field.widget, "choices"):
        field.widget.choices = [("", "请选择") if choice == dashes else choice for choice in field.widget.choices]


def notes(bound, label="") -> list[dict[str, str]]:
    """The errors of a field: the sentence, its code, and the next step on a line of its own.

    A missing value is R-10 in every form, and Django's own messages say what is expected.
    """
    errors, label = bound.errors.as_data() if bound.errors else [], label or bound.label
    return [note for error in errors for note in _notes_of(error, bound.field, label)]


def notes_of_form(form) -> list[dict[str, str]]:
    return [note for error in form.non_field_errors().as_data() for note in _notes_of(error)]


def sentences(bound, label="") -> list[str]:
    """The errors of a field with their codes, without next steps."""
    return [f"{note['say']}（{note['code']}）" if note["code"] else note["say"] for note in notes(bound, label)]


def _notes_of(error: ValidationError, field: forms.Field | None = None, label: str = "") -> list[dict[str, str]]:
    required = refusal("R-10", label=label) if error.code == "required" and field else None
    item = required or getattr(error.message, "refusal", None)
    if item is None:
        return [{"say": sentence, "code": "", "hint": "", "next": ""} for sentence in _worded(error, field, label)]
    code, following = item.code if item.numbered else "", "" if required else item.next_step
    return [{"say": item.sentence, "code": code, "hint": item.hint, "next": following}]


def _worded(error: ValidationError, field: forms.Field | None, label: str) -> list[str]:
    word = WORDS.get(error.code) if field and _is_djangos(error, field) else None
    sentence = word(field, error.params or {}) if word else ""
    return [f"{str(label).partition('（')[0]}{sentence}"] if sentence else error.messages


def _is_djangos(error: ValidationError, field: forms.Field) -> bool:
    """Whether no form or field worded this error itself."""
    if error.code in LIMITS:
        return "limit_value" in (error.params or {})
    known = (vars(kind).get("default_error_messages", {}) for kind in type(field).__mro__)
    default = next((found[error.code] for found in known if error.code in found), None)
    return default is not None and error.message == default


def _invalid(field: forms.Field, params: dict) -> str:
    return next((sentence for kind, sentence in EXPECTED if isinstance(field, kind)), "")


def _too_small(field: forms.Field, params: dict) -> str:
    return _bounds(field) or f"不能小于 {params['limit_value']}，请改大"


def _too_large(field: forms.Field, params: dict) -> str:
    return _bounds(field) or f"不能大于 {params['limit_value']}，请改小"


def _bounds(field: forms.Field) -> str:
    least, most = getattr(field, "min_value", None), getattr(field, "max_value", None)
    return "" if least is None or most is None else f"应在 {least} 到 {most} 之间，请改成其中的数"


def _too_long(field: forms.Field, params: dict) -> str:
    return f"最多 {params['limit_value']} 个字，现有 {params['show_value']} 个，请删减"


def _no_choice(field: forms.Field, params: dict) -> str:
    return "里没有这一项，请从列表里重新选择"


# What a field expects, behind its label; the first kind that fits counts.
EXPECTED = (
    (forms.DateTimeField, "不是日期和时间，请按 年-月-日 时:分 填写，如 2026-12-01 08:30"),
    (forms.DateField, "不是日期，请按 年-月-日 填写，如 2026-12-01"),
    (forms.TimeField, "填得不对，请按 时:分 填写，如 08:30"),
    (forms.FloatField, "应是数字，如 7.5"),
    (forms.DecimalField, "应是数字，如 7.5"),
    (forms.IntegerField, "应是整数，请改成数字，如 7"),
)
LIMITS = ("min_value", "max_value", "max_length")
WORDS: dict[str, Callable[[forms.Field, dict], str]] = {
    "invalid": _invalid,
    "invalid_choice": _no_choice,
    "min_value": _too_small,
    "max_value": _too_large,
    "max_length": _too_long,
}


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
