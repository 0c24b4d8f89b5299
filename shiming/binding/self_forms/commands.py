"""What can be done with a poster and with the forms that came by it (manual [004] 4-25, domain.md §11.4).

Nothing on the public side looks for a person: a known number is answered like an unknown one, with the same work.
Taking a form is the company's registration of the worker: the employment begins there, not when the worker sends it.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from shiming.assignment.commands import draft, hold_place
from shiming.assignment.models import Assignment
from shiming.binding.models import PHOTOS, Poster, SelfForm, SelfFormAttempt
from shiming.binding.poster_codes import has_poster
from shiming.binding.self_forms import rules
from shiming.binding.self_forms.receiving import filled
from shiming.core import files
from shiming.core.access import require
from shiming.core.actor import Actor, Door, Role
from shiming.core.audit import origin, record
from shiming.core.batch import BatchResult, each
from shiming.core.errors import Conflict, Invalid, Refused, missing
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.core.limits import Limit
from shiming.core.privacy import Secret, blind_index
from shiming.employment.commands import keep_worker
from shiming.employment.commands.common import hold, open_here
from shiming.employment.models import Employment
from shiming.idcard import image_process
from shiming.people.changes import apply
from shiming.people.commands.checks import checked_number, require_same_name
from shiming.people.commands.drafts import USABLE
from shiming.people.commands.guessing import count_told, refuse_too_many
from shiming.people.commands.profile import PROFILE, update_profile
from shiming.people.commands.submission import keep_photo
from shiming.people.models import Person
from shiming.projects.models import Participation

Status = SelfForm.Status
APPLICANT = Actor(role=Role.SYSTEM, door=Door.PERSON, name="本人")
# A crew of three hundred shares one Wi-Fi and one poster on its first morning.
WINDOW = timedelta(minutes=15)
PER_ADDRESS = Limit(200, WINDOW, "R-80")
PER_POSTER = Limit(600, WINDOW, "R-80")
SECRETS = ("residence", "residence_detail")
RACES = {
    "one_open_assignment_per_person_and_project": "R-18",
    "one_employer_at_a_time": "R-05",
    "one_open_employment_per_person_and_company": "R-04",
}
KEPT = timedelta(days=30)
KEPT_OPEN = timedelta(days=90)
ATTEMPTS_KEPT = timedelta(days=1)


# The poster.


@transaction.atomic
def renew_poster(place: Participation, *, by: Actor) -> Poster:
    """Renew the QR code: printed posters expire at once, a stopped code works again."""
    poster = _poster(place, by)
    poster.renew()
    poster.save()
    _record_poster(Event.POSTER_RENEWED, poster, by)
    return poster


@transaction.atomic
def stop_poster(place: Participation, *, by: Actor) -> Poster:
    """Stop the QR code: no worker can register by it until it is renewed. Conflict when stopped already."""
    poster = _poster(place, by)
    poster.stop()
    poster.save()
    _record_poster(Event.POSTER_STOPPED, poster, by)
    return poster


# The worker's side.


@transaction.atomic
def note_attempt(place: Participation) -> None:
    """Count one POST before anything of it is looked at; R-80 when there were too many from here or by this poster."""
    address = origin.get().address and blind_index("address", origin.get().address)
    counted = SelfFormAttempt.objects.all()
    if address:
        PER_ADDRESS.claim(counted.filter(address=address), key=address)
    PER_POSTER.claim(counted.filter(participation=place), key=place.pk)
    SelfFormAttempt.objects.create(participation=place, address=address)


@transaction.atomic
def send(
    place: Participation, *, name: str, id_number: str, phone: str, trade: str, notice_version: str, **values: str
) -> SelfForm:
    """Keep what a worker typed; the open form of the same number at this place is replaced, its photos with it."""
    given = {"name": name, "id_number": id_number, "phone": phone, "notice_version": notice_version}
    form = filled(SelfForm, place, **given, values=values)
    form.trade = trade
    replaced = _without_photos(form)
    form.save()
    _remove(replaced)

    _record(Event.SELF_FORM_SENT, form, by=APPLICANT)
    return form


def add_photo(form: SelfForm, side: str, content: bytes) -> list[str]:
    """Keep one photo with an open form; returns the advice to take a better one, raises Invalid if it is no use."""
    problems = image_process.inspect(content).problems
    for problem in problems:
        if problem.code not in USABLE:
            raise Invalid(str(problem.sentence), next_step=str(problem.advice), field="photo")
    _keep_photo(form, side, content)
    return [str(problem) for problem in problems]


@transaction.atomic
def _keep_photo(form: SelfForm, side: str, content: bytes) -> None:
    form = lock(form)
    if form.status != Status.OPEN:
        raise Conflict("单位已办理这份登记，不能再加照片")
    replaced = getattr(form, side)
    setattr(form, side, keep_photo(content, side))
    form.save()
    _remove([replaced])


# The company's side.


@transaction.atomic
def take(forms: Sequence[SelfForm], *, by: Actor) -> BatchResult:
    """Take the chosen forms, each decided alone: register person and employment, and draft the binding."""
    _hold(forms)
    return each(
        forms,
        lambda form: _take(form, by),
        label=lambda form: form.name,
        races=RACES,
        on_refusal=lambda form, error: count_told(error.codes, 1, by),
    )


@transaction.atomic
def discard(form: SelfForm, *, reason: str, by: Actor) -> SelfForm:
    """Discard a form with a reason; it can be restored while its content is kept."""
    form = lock(form)
    require(rules.may_decide, by, form)
    if not reason.strip():
        raise missing("丢弃原因", "reason")

    form.become(Status.DISCARDED)
    form.discard_reason = reason.strip()[:200]
    _decided(form, by)
    form.save()

    _record(Event.SELF_FORM_DISCARDED, form, by=by, reason=form.discard_reason)
    return form


@transaction.atomic
def restore(form: SelfForm, *, by: Actor) -> SelfForm:
    """Restore a discarded form; Conflict when the worker has sent a newer one."""
    form = lock(form)
    require(rules.may_decide, by, form)

    form.become(Status.OPEN)
    form.decided_at = form.decided_by = None
    form.discard_reason = ""
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError as newer:
        raise Conflict("该人员又提交了一份，请办理新的一份") from newer

    _record(Event.SELF_FORM_RESTORED, form, by=by)
    return form


def forget_old(*, by: Actor) -> int:
    """What was typed goes 30 days after the decision, 90 days after sending when no one decided; each form alone."""
    now, kept = timezone.now(), SelfForm.objects.filter(sealed__isnull=False)
    SelfFormAttempt.objects.filter(at__lt=now - ATTEMPTS_KEPT).delete()
    late = kept.filter(status=Status.OPEN, sent_at__lt=now - KEPT_OPEN)
    late |= kept.exclude(status=Status.OPEN).filter(decided_at__lt=now - KEPT)
    return sum(_forget(form, by) for form in late.order_by("pk").iterator())


@transaction.atomic
def _forget(form: SelfForm, by: Actor) -> bool:
    form = lock(form)
    if form.sealed is None:
        return False
    if form.status == Status.OPEN:
        form = discard(form, reason="保存期限已到", by=by)
    photos = _without_photos(form)
    form.name = form.id_digest = ""
    form.id_number = form.phone = form.sealed = None
    form.save()
    _remove(photos)
    return True


def _take(form: SelfForm, by: Actor) -> Assignment:
    refuse_too_many(by)
    form = lock(form)
    require(rules.may_decide, by, form)
    place = form.participation
    if not has_poster(place):
        raise Refused("R-67", subject=f"{place.company}在{place.project}的参建")

    form.become(Status.TAKEN)
    person = _person(form, by)
    employment = _employment(person, form, by)
    assignment = draft(employment, place, role=Assignment.WORKER, by=by, origin=Assignment.Origin.QR)
    gaps = {name: value for name, value in _typed(form).items() if not getattr(person, name)}
    update_profile(person, by=by, **gaps)
    form.person = person
    _decided(form, by)
    form.save()

    _record(Event.SELF_FORM_TAKEN, form, by=by, person=person.name, project=place.project)
    return assignment


def _person(form: SelfForm, by: Actor) -> Person:
    """The one person with this number, R-07 under another name; unknown, registered to be verified."""
    number = checked_number(form.id_number.plain)
    if known := Person.by_id_number(number.number):
        known = hold(known)
        require_same_name(known, form.name)
        return known

    person = Person(identity_status=Person.Status.PENDING, identity_source=Person.Source.SELF_FORM)
    person.identify(number, form.name)
    person.submitted_on = timezone.localdate()
    apply(person, {name: Secret(value) if name in SECRETS else value for name, value in _typed(form).items()})
    for side in PHOTOS:
        setattr(person, side, getattr(form, side))
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:  # another company registered the same worker at this moment
        return _person(form, by)
    for side in PHOTOS:
        setattr(form, side, None)

    scope = {"person_id": person.pk, "company_id": by.company_id, "project_id": form.participation.project_id}
    record(Event.PERSON_REGISTERED, person, by=by, **scope, person=person.name)
    return person


def _employment(person: Person, form: SelfForm, by: Actor) -> Employment:
    """The worker's employment here, or a new one that begins now (E6); the phone is what the company calls, it opens
    no personal door."""
    here = open_here(person.pk, by.company_id)
    if here and here.status == Employment.Status.ACTIVE and here.kind == Employment.Kind.WORKER:
        return here
    if here:
        raise Refused("R-04" if here.employed else "R-08")
    work = {"trade": form.trade, "contact_phone": form.phone}
    return keep_worker(form.id_number.plain, form.name, by=by, profile={}, **work)


def _typed(form: SelfForm) -> dict[str, str]:
    """What a person's record takes over where it says nothing yet; what it says is never changed by a form."""
    return {name: value for name, value in form.values.items() if name in PROFILE and value}


def _hold(forms: Sequence[SelfForm]) -> None:
    """Places before people, each in one order, so that two batches never wait for each other."""
    for place in sorted({form.participation for form in forms}, key=lambda place: place.pk):
        hold_place(place)
    known = Person.objects.select_for_update(of=("self",)).filter(id_digest__in=[form.id_digest for form in forms])
    list(known.order_by("pk").values_list("pk"))


def _poster(place: Participation, by: Actor) -> Poster:
    place = lock(place)
    require(rules.may_keep_poster, by, place)
    if not has_poster(place):
        raise Refused("R-67", subject=f"{place.company}在{place.project}的参建")
    return Poster.objects.filter(participation=place).first() or Poster(participation=place)


def _decided(form: SelfForm, by: Actor) -> None:
    form.decided_at, form.decided_by_id = timezone.now(), by.user_id


def _without_photos(form: SelfForm) -> list:
    photos = [getattr(form, side) for side in PHOTOS]
    for side in PHOTOS:
        setattr(form, side, None)
    return photos


def _remove(photos: list) -> None:
    for photo in filter(None, photos):
        files.remove(photo)


def _record(event: Event, form: SelfForm, *, by: Actor, **more) -> None:
    place = form.participation
    scope = {"company_id": place.company_id, "project_id": place.project_id}
    details = {"company": place.company, "project": place.project, "receipt": form.receipt_in_groups}
    record(event, form, by=by, **scope, **(details | more))


def _record_poster(event: Event, poster: Poster, by: Actor) -> None:
    place = poster.participation
    scope = {"company_id": place.company_id, "project_id": place.project_id}
    record(event, poster, by=by, **scope, company=place.company, project=place.project)
