"""What ends a template from outside, and what follows an enrolment."""

from procrastinate.contrib.django import app

from shiming.core.actor import system
from shiming.core.audit import after
from shiming.core.events import Event
from shiming.employment.models import Employment
from shiming.faces import commands, queries
from shiming.faces.engine import engine
from shiming.faces.models import FaceConsent, FaceTemplate


@after(Event.EMPLOYMENT_ENDED)
def employment_ended(employment, *, by, entry):
    """Without another employment there is no purpose left."""
    person = employment.person
    elsewhere = Employment.objects.filter(person=person, status__in=Employment.EMPLOYED).exclude(pk=employment.pk)
    if not elsewhere.exists() and queries.consent_in_force(person):
        commands.withdraw(person, by=system(), ended=FaceConsent.Ended.EMPLOYMENT)


@after(Event.PERSON_CARD_READ)
def card_was_read(person, *, by, entry):
    if by.user_id:
        commands.note_card(person, by=by)


@app.periodic(cron="35 18 * * *")  # 02:35 in Shanghai
@app.task(queue="faces", queueing_lock="faces-exit")
def forget_after_exit(timestamp: int) -> None:
    for person in queries.kept_beyond_exit():
        commands.withdraw(person, by=system("到期清理"), ended=FaceConsent.Ended.EXIT)
    for portrait in queries.portraits_without_purpose():
        commands.drop_portrait(portrait.consent.person, by=system("到期清理"))


@app.task(queue="faces")
def look_for_the_same_face(template_id: str) -> None:
    template, here = FaceTemplate.objects.filter(pk=template_id).first(), engine()
    if template and here and template.engine == here.name:
        commands.raise_alerts(template, threshold=here.threshold, by=system("人脸比对"))
