"""A lost post, grant or contract logs its user out at the next request and revokes the keys made for it."""

from django.db.models import QuerySet

from shiming.accounts.commands.keys import revoke_keys_of
from shiming.accounts.commands.users import end_sessions
from shiming.accounts.models import User, WornHat
from shiming.companies.models import Company, Staff
from shiming.core.audit import after
from shiming.core.events import Event
from shiming.projects.models import ContractFiling, Grant, Participation

LOSSES = (
    *(Event.STAFF_REMOVED, Event.REGULATOR_REMOVED, Event.COMPANY_CLOSED, Event.PARTICIPATION_REMOVED),
    *(Event.CONTRACT_CHANGED, Event.CONTRACT_CLOSED, Event.GRANT_REVOKED),
)


@after(*LOSSES)
def end_what_is_lost(subject, *, by, entry):
    users = User.objects.filter(pk__in=WornHat.objects.filter(source__in=sources(subject)).values("user"))
    end_sessions(users)
    revoke_keys_of(users, by=by)


@after(Event.PERSON_CHANGED)
def end_with_the_lost_phone(person, *, by, entry):
    """End the sessions of a person whose phone another user replaced, because the old phone is lost."""
    if "phone" in (entry.after or {}) and by.person_id != person.pk:
        end_sessions(User.objects.filter(person=person))


def sources(subject) -> QuerySet | list:
    """The primary keys of the rows that give hats and depend on this row."""
    match subject:
        case Participation():
            return _given_at([subject.pk])
        case Company():
            posts = Staff.objects.filter(company=subject).values("pk")
            return posts.union(_given_at(Participation.objects.filter(company=subject).values("pk")))
    return [subject.pk]


def _given_at(places) -> QuerySet:
    filings = ContractFiling.objects.filter(participation__in=places).values("pk")
    return filings.union(Grant.objects.filter(participation__in=places).values("pk"))
