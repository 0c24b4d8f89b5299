"""Keeping a template: the one place where one is written."""

from procrastinate.contrib.django import app

from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.events import Event
from shiming.faces import queries
from shiming.faces.models import FaceConsent, FacePortrait, FaceTemplate, packed
from shiming.people import commands as people
from shiming.people.models import Person

SAME_FACE = "shiming.faces.jobs.look_for_the_same_face"  # by name: jobs import commands


def keep_template(
    person: Person,
    embedding: tuple[float, ...],
    *,
    engine: str,
    consent: FaceConsent,
    enrolled_by,
    by: Actor,
    picture: bytes | None = None,
) -> FaceTemplate:
    """In the transaction of the caller, which holds person and consent. A new face replaces the one before, and so does
    its `picture`, which is kept only for a purpose the person agreed to."""
    FacePortrait.objects.filter(person=person).delete()
    FaceTemplate.objects.filter(person=person).delete()
    template = FaceTemplate(person=person, consent=consent, engine=engine, by_id=enrolled_by)
    template.seal("sealed", packed(embedding))
    template.save()
    if picture and queries.keeps_portrait(consent):
        portrait = FacePortrait(person=person, consent=consent)
        portrait.seal("sealed", picture)
        portrait.save()

    people.note_face(person, by=by)
    record(Event.FACE_REGISTERED, template, by=by, person_id=person.pk, person=person.name)
    app.configure_task(SAME_FACE, queue="faces").defer(template_id=str(template.pk))
    return template
