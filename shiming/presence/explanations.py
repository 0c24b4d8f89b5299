"""为什么进不去 as a page shows it: every reason, who can fix it, and whether they were reminded today."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shiming.core.actor import COMPANY_ROLES, Actor, Role
from shiming.core.refusals import Refusal
from shiming.people.models import Person
from shiming.presence import reminders
from shiming.presence.eligibility import eligibility
from shiming.projects.models import Project

# Reason → the page on the phone where the person answers it, and its button.
ANSWERED_AT = {"R-47": ("my-restrictions", _("看原因，提出申诉"))}


@dataclass(frozen=True)
class Reason:
    refusal: Refusal
    may_remind: bool
    reminded: bool
    answer: tuple[str, Promise] | None = None


@dataclass(frozen=True)
class Explanation:
    person: Person
    project: Project
    reasons: list[Reason]

    @property
    def on_site(self) -> bool:
        return [reason.refusal.code for reason in self.reasons] == ["R-22"]

    @property
    def missing(self) -> list[Reason]:
        return [] if self.on_site else self.reasons


def explain(person: Person, project: Project, actor: Actor) -> Explanation:
    found = eligibility(person, project, asked_by=actor)
    others = _sides_but(actor) if reminders.may_remind(actor, person, project) else ()
    answers = ANSWERED_AT if actor.role is Role.PERSON else {}
    return Explanation(person, project, [_reason(item, person, project, others, answers) for item in found])


def _reason(refusal: Refusal, person: Person, project: Project, others: tuple, answers: dict) -> Reason:
    may = reminders.addressee(refusal, person, project) in others
    reminded = may and reminders.reminded_today(person, project, refusal.code)
    return Reason(refusal, may, reminded, answers.get(refusal.code))


def _sides_but(actor: Actor) -> tuple[str, ...]:
    """The sides this actor may remind: all but their own."""
    own = reminders.PROJECT if actor.on_site else reminders.COMPANY if actor.role in COMPANY_ROLES else reminders.PERSON
    return tuple(side for side in reminders.LABELS if side != own)
