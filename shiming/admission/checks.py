"""The table of admission checks. A module that keeps the records of a check registers one row.

    register(
        Check(
            code="health",
            label="防疫准入",
            asks="进场前已预登记，处置状态为可进场",
            before="R-26",
            facts="SELECT jsonb_build_object('status', …) …",
            judge=_judge,
        )
    )

The entry rules read the table and name no row of it. `facts` runs inside the statement that loads all facts of an
entry, so a check costs a scan no round trip of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django import forms
from django.db.models import TextChoices


class Effect(TextChoices):
    """What a failed check does on this project."""

    REFUSE = "refuse", "不能进场"
    WARN = "warn", "提醒，可以进场"
    NOTE = "note", "只记录"


@dataclass(frozen=True)
class Failure:
    """A code of core/refusals.py and the values of the blanks in its sentence.

    `effect` replaces the effect that the project chose, for what a check only points out.
    """

    code: str
    blanks: dict
    effect: str = ""


@dataclass(frozen=True)
class Answer:
    """What one check knows about one person: `facts` as its SQL returned them, and its settings on this project.

    `on_site` is True for a punch of a person on site, False for an entry.
    """

    facts: dict | None
    settings: dict
    effect: str
    on: date
    birth_date: date
    on_site: bool = False


@dataclass(frozen=True)
class Check:
    """One row of the table.

    `facts` is an SQL expression of type jsonb over the rows p (person), r (project), a (open or latest allocation) and
    k (the project's row of this check, with k.settings), and %(on)s, the day of entry. It is evaluated only on
    projects where the check is in force. `judge` is pure. `before` is the fixed reason of domain.md §5.4 that follows
    the reasons of this check. `while_on_site` asks the check at every punch as well.
    """

    code: str
    label: str
    asks: str
    before: str
    facts: str
    judge: Callable[[Answer], list[Failure]]
    effects: tuple[Effect, ...] = tuple(Effect)
    form: type[forms.Form] | None = None
    while_on_site: bool = False


CHECKS: dict[str, Check] = {}


def register(check: Check) -> Check:
    CHECKS[check.code] = check
    return check


def label_of(code: str) -> str:
    return CHECKS[code].label if code in CHECKS else code
