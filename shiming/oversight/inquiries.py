"""Queries of 督办: those sent by a station, those a site must answer."""

from django.db.models import QuerySet
from django.utils import timezone

from shiming.core.actor import Actor
from shiming.oversight import rules
from shiming.oversight.models import Inquiry, InquiryLine, InquiryPaper
from shiming.projects.models import Project

Status = Inquiry.Status


def seen(actor: Actor, *, state: str = "") -> QuerySet[Inquiry]:
    """Inquiries visible to the actor, newest first. `state`: a status, or `overdue` for those past their deadline."""
    rows = Inquiry.objects.filter(rules.inquiries_visible_to(actor)).select_related("project")
    if state == "overdue":
        return rows.filter(status=Status.SENT, due_on__lt=timezone.localdate())
    return rows.filter(status=state) if state in Status else rows


def of_project(actor: Actor, project: Project) -> QuerySet[Inquiry]:
    return seen(actor).filter(project=project).order_by("-created_at", "-pk")


def open_by_kind(actor: Actor, project: Project) -> dict[str, Inquiry]:
    rows = of_project(actor, project).exclude(status=Status.CLOSED)
    return {row.kind: row for row in rows}


def to_close(actor: Actor) -> QuerySet[Inquiry]:
    """Answered, and neither given back nor closed yet: the badge of the station's menu."""
    return seen(actor, state=Status.ANSWERED)


def to_answer(actor: Actor) -> QuerySet[Inquiry]:
    """The badge of the site's menu."""
    return seen(actor, state=Status.SENT)


def thread(inquiry: Inquiry) -> QuerySet[InquiryLine]:
    return inquiry.lines.prefetch_related("papers").order_by("created_at", "pk")


def papers(actor: Actor) -> QuerySet[InquiryPaper]:
    visible = Inquiry.objects.filter(rules.inquiries_visible_to(actor))
    return InquiryPaper.objects.filter(line__inquiry__in=visible).select_related("file")
