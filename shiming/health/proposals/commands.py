"""扫码预登记: a worker fills in the own pre-registration on the phone, the site confirms or discards it.

Nothing on the public side looks for a person: a known number is answered like an unknown one, with the same work.
"""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from shiming.binding.self_forms.commands import APPLICANT, KEPT, KEPT_OPEN
from shiming.binding.self_forms.receiving import filled
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Conflict, Refused, missing
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.health import rules
from shiming.health.commands.looking_up import look_up
from shiming.health.commands.registering import pre_register
from shiming.health.declarations import Declared
from shiming.health.models import PreRegistration, PreRegistrationPoster, Proposal
from shiming.health.proposals.codes import has_code, poster_of
from shiming.people.models import Person
from shiming.projects.models import ContractFiling, Participation

Status = Proposal.Status


@transaction.atomic
def renew_code(place: Participation, *, by: Actor) -> PreRegistrationPoster:
    """更换预登记二维码: printed ones are dead at once; a stopped one is used again."""
    poster = _poster(place, by)
    poster.renew()
    poster.save()
    _record_code(Event.PREREGISTRATION_CODE_RENEWED, poster, by)
    return poster


@transaction.atomic
def stop_code(place: Participation, *, by: Actor) -> PreRegistrationPoster:
    """停用预登记二维码, until it is renewed."""
    poster = _poster(place, by)
    poster.stop()
    poster.save()
    _record_code(Event.PREREGISTRATION_CODE_STOPPED, poster, by)
    return poster


@transaction.atomic
def propose(
    place: Participation, *, name: str, id_number: str, phone: str, origin: str, firm: str, notice_version: str
) -> Proposal:
    """Keep what a worker typed; the open proposal of the same number at this place is replaced."""
    given = {"name": name, "id_number": id_number, "phone": phone, "notice_version": notice_version}
    return _send(filled(Proposal, place, **given, values={"origin": origin, "firm": firm.strip()}), APPLICANT)


@transaction.atomic
def propose_own(
    place: Participation, *, origin: str, firm: str, notice_version: str, by: Actor, phone: str = ""
) -> Proposal:
    """The same for a logged-in person: number, name and phone are those of their record."""
    require(rules.may_declare, by)
    person = Person.objects.get(pk=by.person_id)
    given = {"name": person.name, "id_number": person.id_number.plain, "notice_version": notice_version}
    given["phone"] = person.phone.plain if person.phone else phone
    return _send(filled(Proposal, place, **given, values={"origin": origin, "firm": firm.strip()}), by)


def look_up_proposed(proposal: Proposal, *, by: Actor) -> Declared:
    """The declaration of the person who sent it; refusals as in `look_up`."""
    require(rules.may_confirm_proposal, by, proposal)
    if proposal.id_number is None:
        raise Conflict("这份扫码预登记已过保存期限")
    return look_up(proposal.id_number.plain, proposal.name, by=by)


@transaction.atomic
def confirm(
    proposal: Proposal,
    place: Participation,
    filing: ContractFiling | None,
    *,
    origin: str,
    declared: Declared,
    by: Actor,
    sure: bool = False,
) -> PreRegistration:
    """Make the pre-registration; `place` is the employer that the site chose. Refusals as in `pre_register`."""
    proposal = lock(proposal)
    require(rules.may_confirm_proposal, by, proposal)
    proposal.become(Status.TAKEN)
    given = {"number": proposal.id_number.plain, "name": proposal.name, "phone": proposal.phone.plain}
    row = pre_register(place, filing, **given, origin=origin, declared=declared, by=by, sure=sure)
    proposal.preregistration = row
    _decided(proposal, by)
    return row


@transaction.atomic
def discard(proposal: Proposal, *, reason: str, by: Actor) -> Proposal:
    """丢弃, with the reason."""
    proposal = lock(proposal)
    require(rules.may_confirm_proposal, by, proposal)
    if not reason.strip():
        raise missing("丢弃原因", "reason")
    proposal.become(Status.DISCARDED)
    proposal.discard_reason = reason.strip()[:200]
    _decided(proposal, by)
    _record(Event.PREREGISTRATION_PROPOSAL_DISCARDED, proposal, by, reason=proposal.discard_reason)
    return proposal


@transaction.atomic
def forget_old(*, by: Actor) -> int:
    """Delete decided proposals after 30 days and open ones after 90; the trail keeps that they came."""
    now = timezone.now()
    late = Q(status=Status.OPEN, sent_at__lt=now - KEPT_OPEN) | Q(decided_at__lt=now - KEPT)
    return Proposal.objects.filter(late).delete()[0]


def _send(proposal: Proposal, by: Actor) -> Proposal:
    proposal.save()
    _record(Event.PREREGISTRATION_PROPOSED, proposal, by)
    return proposal


def _poster(place: Participation, by: Actor) -> PreRegistrationPoster:
    place = lock(place)
    require(rules.may_preregister, by, place)
    if not has_code(place):
        raise Refused("R-67", subject=f"{place.company}在{place.project}的参建")
    return poster_of(place)


def _decided(proposal: Proposal, by: Actor) -> None:
    proposal.decided_at, proposal.decided_by_id = timezone.now(), by.user_id
    proposal.save()


def _record(event: Event, proposal: Proposal, by: Actor, **more) -> None:
    place = proposal.participation
    scope = {"company_id": place.company_id, "project_id": place.project_id}
    record(event, proposal, by=by, **scope, project=place.project, receipt=proposal.receipt_in_groups, **more)


def _record_code(event: Event, poster: PreRegistrationPoster, by: Actor) -> None:
    place = poster.participation
    scope = {"company_id": place.company_id, "project_id": place.project_id}
    record(event, poster, by=by, **scope, project=place.project)
