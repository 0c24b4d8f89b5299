"""The audit of an 实施单位 [004]: the list of a project with 3,000 waiting, and batches of 500 approved at once.

Approval is the entry: each batch judges, opens the stays, and writes trail and notices in one transaction.
"""

import time

from django.urls import reverse
from django.utils import timezone

from bench.asking import Measured, cookie_of, get, post, send
from bench.people import actor, hire
from bench.reading import plans
from shiming.assignment.models import Assignment
from shiming.binding import audits
from shiming.binding.audit_forms import PASS
from shiming.inbox.models import InboxItem
from shiming.presence.models import Stay
from shiming.projects.chain import BUILDERS
from shiming.projects.models import Project

WAITING, BATCH, BATCHES = 3_000, 500, 3
QUICK = 10  # times fewer
LIST_LIMIT, BATCH_LIMIT = 100, 3_000  # milliseconds: p95, and the slowest
Status = Assignment.Status


def measure(port: int, times: int, quick: bool, say) -> bool:
    """Returns False when a limit is exceeded, or a batch does not approve all."""
    auditor, share = actor("implementer"), QUICK if quick else 1
    project = audits.projects(auditor).order_by("pk").first()
    waiting = _queue(auditor, project, WAITING // share, BATCH * BATCHES // share)
    cookie, address = cookie_of(auditor), reverse("binding-audit-people", args=[project.pk, Status.PENDING])
    kept = _list(port, auditor, cookie, address, times, f"待审核名单，{len(waiting):,} 人在等", say)
    kept = _list(port, auditor, cookie, f"{address}?size=100", times, "一页 100 人", say, counts=False) and kept
    kept = _batches(port, cookie, waiting, BATCH // share, say) and kept
    _clean_up(waiting)
    return kept


def _queue(auditor, project: Project, wanted: int, least: int) -> list:
    """The keys of those waiting, first submitted first; missing ones are made from idle people, at least `least`."""
    rows = audits.waiting(auditor).filter(project=project).order_by("submitted_at", "pk")
    place = project.participations.filter(kind__in=BUILDERS, left_on=None).order_by("pk").first()
    # Imported, so that no face is asked for (domain.md §10.6).
    given = {"status": Status.PENDING, "origin": Assignment.Origin.IMPORTED, "submitted_at": timezone.now()}
    hire(max(0, wanted - rows.count()), place, **given)
    waiting = list(rows.filter(origin=Assignment.Origin.IMPORTED).values_list("pk", flat=True))
    if len(waiting) < least:
        raise SystemExit(f"只有 {len(waiting)} 人可以待审核：请用更大的城市（--people）。")
    return waiting


def _list(port: int, auditor, cookie: str, address: str, times: int, label: str, say, *, counts: bool = True) -> bool:
    send(port, 1, [get(address, cookie)] * 3)
    measured = send(port, 1, [get(address, cookie)] * times)
    within = measured.at(0.95) <= LIST_LIMIT
    say(
        f"{label:<28}p50 {measured.at(0.5):7.1f}  p95 {measured.at(0.95):7.1f} 毫秒，处理器"
        f" {_processor(auditor, address):.1f} 毫秒  {'' if within else f'超过 {LIST_LIMIT} 毫秒'}{measured.strange}"
    )
    if not counts:
        return not measured.strange
    for line in plans(auditor, address):
        say(f"      {line}")
    return within and not measured.strange


def _processor(auditor, address: str, times: int = 20) -> float:
    """Milliseconds of processor time for one page in this process."""
    from tests.doors import client_of

    client = client_of(auditor, HTTP_HOST="localhost")
    client.get(address)
    started = time.process_time()
    for _ in range(times):
        client.get(address)
    return (time.process_time() - started) / times * 1000


def _batches(port: int, cookie: str, waiting: list, size: int, say) -> bool:
    took, kept = [], True
    for place in range(BATCHES):
        ids = waiting[place * size : (place + 1) * size]
        answer = _approve(port, cookie, ids)
        done = Assignment.objects.filter(pk__in=ids, status=Status.ACCEPTED).count()
        stays = Stay.objects.filter(assignment__in=ids, exited_on=None).count()
        took.append(answer.at(1))
        kept = kept and (done, stays) == (len(ids), len(ids))
    within = max(took) <= BATCH_LIMIT
    told = "、".join(f"{milliseconds:,.0f}" for milliseconds in took)
    say(f"一次审核通过 {size} 人，当天进场：{told} 毫秒  {'' if within else f'超过 {BATCH_LIMIT:,} 毫秒'}")
    if not kept:
        say("  没有全部办成")
    return kept and within


def _approve(port: int, cookie: str, ids: list) -> Measured:
    fields = {"ids": list(map(str, ids)), "deciding": "1", "decision": PASS}
    return send(port, 1, [post(reverse("binding-decisions"), cookie, **fields)])


def _clean_up(waiting: list) -> None:
    """They wait again for the next run; the lines in the trail stay."""
    rows = Assignment.objects.filter(pk__in=waiting)
    Stay.objects.filter(assignment__in=waiting).delete()
    InboxItem.objects.filter(person__in=rows.values("person")).delete()
    rows.update(status=Status.PENDING, confirmed_at=None, confirmed_by=None)
