"""The gate on the PM's phone: scan, verdict, next scan.

Each scan has its own event_id, so a second upload after a lost signal changes nothing.
"""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from shiming.core.actor import SITE_ROLES
from shiming.core.doors import mobile
from shiming.core.errors import Invalid
from shiming.presence import commands, queries, verdicts
from shiming.presence.eligibility import facts_for
from shiming.presence.models import Stay
from shiming.presence.verdicts import Verdict


@mobile(*SITE_ROLES, methods=("GET",))
def scan(request):
    context = {"entry_url": reverse("site-scan-entry"), "punch_url": _punch_url(), "now": datetime.now(UTC)}
    return render(request, "presence/scan.html", context)


@mobile(*SITE_ROLES, methods=("POST",))
def scan_entry(request):
    """POST /site/scan/entry/ — one scan: code, event_id, and the time for a scan made offline."""
    code, scanned = read_scan(request)
    verdict = commands.enter_by_code(code, by=request.actor, **scanned)
    return answer(request, verdict, code=code)


@mobile(*SITE_ROLES, methods=("POST",))
def undo(request):
    """Undo the entry just made."""
    stay = get_object_or_404(queries.stays(request.actor), pk=_uuid(request.POST.get("stay")))
    name = stay.person.name
    commands.undo_entry(stay, by=request.actor)
    return render(request, "presence/undone.html", {"name": name})


@mobile(*SITE_ROLES, methods=("GET",))
def find(request):
    """Find a person without a code by name or the last four digits of the ID number."""
    text = request.GET.get("q", "").strip()
    rows = queries.findable(request.actor, text)[:10] if text else []
    return render(request, "presence/found.html", {"rows": rows, "text": text})


@mobile(*SITE_ROLES, methods=("POST",))
def found(request, pk):
    """POST /site/scan/people/42/entry/ — enter a person found by name, after the portrait was compared"""
    assignment = get_object_or_404(queries.confirmed(request.actor), pk=pk)
    result = commands.enter([assignment], method=Stay.Method.FORM, by=request.actor)
    facts = facts_for(assignment.person_id, assignment.project_id)
    if result.done:
        return answer(request, verdicts.entered(facts, result.done[0].pk, on=timezone.localdate()))
    return answer(request, verdicts.refused(result.refused[0][1].refusals, facts))


def read_scan(request) -> tuple[str, dict]:
    """The code and the arguments event_id, at, portrait_confirmed of one scan."""
    scanned = {
        "event_id": _uuid(request.POST.get("event_id")),
        "at": _time(request.POST.get("occurred_at")),
        "portrait_confirmed": request.POST.get("portrait_confirmed") == "1",
    }
    return request.POST.get("code", ""), scanned


def answer(request, verdict: Verdict, code: str = ""):
    """The verdict as HTML for the scanner, or as JSON for scans that are uploaded later."""
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse(verdict.as_dict())
    context = {"verdict": verdict, "code": code, "event_id": uuid4(), "again": request.path}
    context["direction"] = request.POST.get("direction", "")
    return render(request, "presence/verdict.html", context)


def _uuid(text: str | None) -> UUID:
    """The event_id of a scan; a form without script sends none and gets a new one."""
    if not text:
        return uuid4()
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid(_("编号格式不对"), next_step=_("刷新本页再试")) from error


def _time(text: str | None) -> datetime | None:
    """A time from the milliseconds since 1970 that a phone sends."""
    if not text:
        return None
    try:
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Invalid(_("时间格式不对"), next_step=_("刷新本页再试")) from error


def _punch_url() -> str:
    """Empty when attendance, a later module, is not installed."""
    try:
        return reverse("site-punch")
    except NoReverseMatch:
        return ""
