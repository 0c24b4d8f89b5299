"""Differences between a row and typed values, named by the labels on screen."""

from dataclasses import dataclass, field

from django.db import models


@dataclass
class Changes:
    """`before` and `after` hold printed values: a Secret stays masked."""

    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.labels)

    def __str__(self) -> str:
        return "、".join(self.labels)

    def note(self, name: str, label: str, before, after) -> None:
        self.before[name], self.after[name] = _printed(before), _printed(after)
        self.labels.append(label)


def apply(row: models.Model, values: dict) -> Changes:
    """Set the values that differ and return the Changes; the caller validates and saves."""
    changes = Changes()
    for name, value in values.items():
        if (before := getattr(row, name)) != value:
            setattr(row, name, value)
            changes.note(name, str(row._meta.get_field(name).verbose_name), before, value)
    return changes


def _printed(value) -> str:
    return "" if value is None else str(value)
