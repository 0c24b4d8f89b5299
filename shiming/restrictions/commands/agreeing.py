"""The second company: asked by the issuer, answered by its officer on the site."""

from django.db import transaction
from django.utils import timezone

from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Conflict, Invalid
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.projects.models import Participation
from shiming.restrictions import queries, rules
from shiming.restrictions.commands.common import require_current, say
from shiming.restrictions.models import Line, Opinion, Restriction

Status = Opinion.Status


@transaction.atomic
def ask(row: Restriction, place: Participation, *, by: Actor) -> Opinion:
    """Ask another company on a site of the entry to agree to the days beyond thirty."""
    row = lock(row)
    require(rules.may_decide, by, row)
    require_current(row)
    if not row.needs_second:
        raise Conflict("这条限制不超过本单位可单独限制的天数，无需另一家单位同意")
    return ask_of(row, place, by)


def ask_of(row: Restriction, place: Participation, by: Actor) -> Opinion:
    """The question, in the transaction of the caller."""
    if not queries.seconds(row).filter(pk=place.pk).exists():
        raise Invalid("这家单位不能同意这条限制", next_step="选择同一项目的另一家参建单位", field="second")
    opinion = Opinion(restriction=row, issuer_key=row.issuer_key, project=place.project, place=place)
    opinion.firm, opinion.asked_by_id = place.company, by.user_id
    opinion.full_clean()
    opinion.save()
    say(row, Line.Step.ASKED, f"提请{place.company}同意（{place.project}）", by)
    _note(Event.RESTRICTION_SECOND_ASKED, opinion, by)
    return opinion


@transaction.atomic
def agree(opinion: Opinion, *, text: str, by: Actor) -> Opinion:
    """From now on the days beyond thirty count on this site."""
    opinion = _answered(opinion, Status.AGREED, by)
    say(opinion.restriction, Line.Step.AGREED, text, by)
    _note(Event.RESTRICTION_AGREED, opinion, by)
    return opinion


@transaction.atomic
def decline(opinion: Opinion, *, text: str, by: Actor) -> Opinion:
    """The days beyond thirty do not count; the issuer may ask another company."""
    opinion = _answered(opinion, Status.DECLINED, by)
    say(opinion.restriction, Line.Step.DECLINED, text, by)
    _note(Event.RESTRICTION_DECLINED, opinion, by)
    return opinion


def _answered(opinion: Opinion, status: str, by: Actor) -> Opinion:
    """The entry is locked first, as in every command that changes one."""
    row = lock(opinion.restriction)
    opinion = lock(opinion)
    require(rules.may_answer, by, opinion)
    require_current(row)
    opinion.become(status)
    opinion.answered_by_id, opinion.answered_at = by.user_id, timezone.now()
    opinion.full_clean()
    opinion.save()
    return opinion


def _note(event: Event, opinion: Opinion, by: Actor) -> None:
    row = opinion.restriction
    about = {"person": row.person.name, "issuer": row.issuer.name, "firm": opinion.firm, "project": opinion.project}
    ids = {"person_id": row.person_id, "company_id": row.company_id, "project_id": opinion.project_id}
    record(event, opinion, by=by, until=row.until, **about, **ids)
