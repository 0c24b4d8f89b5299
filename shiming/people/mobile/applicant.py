"""The applicant: an unknown person with a proved phone, or a logged-in person."""

from dataclasses import dataclass
from functools import wraps
from uuid import UUID

from django.shortcuts import redirect
from django.urls import reverse

from shiming.core.actor import Actor, Door, Role
from shiming.core.privacy import Secret, blind_index
from shiming.people.models import Person, RegistrationDraft
from shiming.web.frames import asks_for_part
from shiming.web.sealing import unseal

PHONE = "verified_phone"  # sealed by the person's entrance after the right code
REGISTERED = "registered_person"


@dataclass
class Applicant:
    phone: str | Secret
    phone_digest: str
    actor: Actor
    person: Person | None = None

    @property
    def draft(self) -> RegistrationDraft | None:
        drafts = RegistrationDraft.objects.select_related("front", "back", "portrait")
        return drafts.filter(phone_digest=self.phone_digest).first()


def applicant_of(request) -> Applicant | None:
    actor = request.actor
    if actor is not None and actor.role is Role.PERSON:
        person = Person.objects.get(pk=actor.person_id)
        return Applicant(person.phone, person.phone_digest, actor, person)
    phone = unseal(request.session.get(PHONE, ""), purpose="phone")
    if phone is None:
        return None
    digest = blind_index("phone", phone)
    person = _registered(request, digest)
    return Applicant(phone, digest, _by(person), person)


def for_applicants(view):
    """Stands below @public(): passes the applicant to the view; without a proved phone redirects to the entrance."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        applicant = applicant_of(request)
        if applicant is None:
            return redirect(f"{reverse('entrance-person')}?next={reverse('person-register')}")
        return view(request, applicant, *args, **kwargs)

    return guarded


def remember(request, person: Person) -> None:
    """Save the person in the session, so that this browser may see the progress."""
    request.session[REGISTERED] = str(person.pk)


def frame(request) -> str:
    """Always the phone layout, for any role."""
    return "web/content.html" if asks_for_part(request) else "web/mobile.html"


def _registered(request, digest: str) -> Person | None:
    known = request.session.get(REGISTERED)
    return Person.objects.filter(pk=UUID(known), phone_digest=digest).first() if known else None


def _by(person: Person | None) -> Actor:
    if person is None:
        return Actor(role=Role.SYSTEM, door=Door.PERSON, name="本人")
    return Actor(role=Role.PERSON, door=Door.PERSON, name=person.name, person_id=person.pk)
