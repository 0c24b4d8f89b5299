"""Inquiries: the station sends one, the site answers, the station returns or closes it. Lines are append-only."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from shiming.attachments import content
from shiming.core import files
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Invalid, missing
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.oversight import rules, troubles
from shiming.oversight.models import Inquiry, InquiryLine, InquiryPaper
from shiming.projects.models import Project

Status = Inquiry.Status
PAPER = "inquiry"


@transaction.atomic
def send(project: Project, kind: str, *, text: str, due_on: date, by: Actor) -> Inquiry:
    """Ask a site about one kind of trouble, with the number of cases there are now."""
    require(rules.may_send, by, project)
    trouble = troubles.KINDS[kind]
    if due_on < timezone.localdate():
        raise Invalid("答复期限早于今天", field="due_on")
    number = troubles.count(trouble, troubles.thresholds()[kind]).get(project.pk, 0)
    if not number:
        raise Invalid(f"{project.name}现在没有“{trouble.label}”的问题", next_step="刷新后再看")
    inquiry = Inquiry(project=project, kind=kind, label=trouble.label, number=number, due_on=due_on)
    inquiry.sent_by_id = by.user_id
    inquiry.full_clean()
    inquiry.save()
    _say(inquiry, text, by)
    about = {"kind": trouble.label, "number": number, "due_on": due_on, "project": project}
    record(Event.INQUIRY_SENT, inquiry, by=by, reason=text.strip(), **about)
    return inquiry


@transaction.atomic
def answer(inquiry: Inquiry, *, text: str, papers: list[tuple[str, bytes]], by: Actor) -> Inquiry:
    """The answer of the site; papers are (file name, content), each a PDF or a picture."""
    inquiry = lock(inquiry)
    require(rules.may_answer, by, inquiry)
    cleaned = content.checked_papers(papers)

    inquiry.become(Status.ANSWERED)
    inquiry.answered_at = timezone.now()
    inquiry.save()
    line = _say(inquiry, text, by, from_site=True)
    for paper in cleaned:
        stored = files.store(paper.whole, kind=PAPER, media_type=paper.media_type)
        InquiryPaper.objects.create(line=line, file=stored, name=paper.name)

    record(Event.INQUIRY_ANSWERED, inquiry, by=by, papers=len(papers), **_named(inquiry))
    return inquiry


@transaction.atomic
def give_back(inquiry: Inquiry, *, text: str, due_on: date, by: Actor) -> Inquiry:
    """The answer does not do: the site has until `due_on` for another."""
    inquiry = lock(inquiry)
    require(rules.may_send, by, inquiry.project)
    if due_on < timezone.localdate():
        raise Invalid("答复期限早于今天", field="due_on")
    inquiry.become(Status.SENT)
    inquiry.due_on = due_on
    inquiry.save()
    _say(inquiry, text, by)
    record(Event.INQUIRY_GIVEN_BACK, inquiry, by=by, reason=text.strip(), due_on=due_on, **_named(inquiry))
    return inquiry


@transaction.atomic
def close(inquiry: Inquiry, *, text: str, by: Actor) -> Inquiry:
    inquiry = lock(inquiry)
    require(rules.may_send, by, inquiry.project)
    inquiry.become(Status.CLOSED)
    inquiry.closed_at = timezone.now()
    inquiry.save()
    _say(inquiry, text, by)
    record(Event.INQUIRY_CLOSED, inquiry, by=by, reason=text.strip(), **_named(inquiry))
    return inquiry


def _say(inquiry: Inquiry, text: str, by: Actor, *, from_site: bool = False) -> InquiryLine:
    if not text.strip():
        raise missing("内容", "text")
    about = {"by_user_id": by.user_id, "by": by.name, "from_site": from_site}
    return InquiryLine.objects.create(inquiry=inquiry, text=text.strip(), **about)


def _named(inquiry: Inquiry) -> dict:
    return {"kind": inquiry.label, "project": inquiry.project}
