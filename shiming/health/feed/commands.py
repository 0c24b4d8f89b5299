"""报送 (2-02): a signed file a day to the third authority, tried again until it arrives; every delivery on record."""

import json
import logging
import zipfile
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO

from django.db import transaction
from django.utils import timezone

from shiming.core import files
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record
from shiming.core.errors import Conflict, Invalid, Refused, missing
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.core.limits import wait_after
from shiming.health import rules
from shiming.health.feed import queries
from shiming.health.feed.receivers import Sent, Undelivered, receiver
from shiming.health.models import FamilyMember, Feed, FeedDelivery, PreRegistration
from shiming.health.queries import is_kept
from shiming.projects.models import Project
from shiming.web import signatures

log = logging.getLogger(__name__)
Status, Kind = FeedDelivery.Status, FeedDelivery.Kind
TITLE = "预登记报送"
ATTEMPTS = 8  # within about a day and a half
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=10), timedelta(hours=12)


@transaction.atomic
def start(project: Project, *, receiver: str, basis: str, by: Actor) -> Feed:
    """Switch the feed on from tomorrow; the notice to people pre-registered from then on names the receiver."""
    require(rules.may_feed, by, project.pk)
    if not is_kept(project.pk):
        raise Conflict("本项目没有启用防疫准入，没有可报送的预登记")
    for label, name, value in (("接收单位", "receiver", receiver), ("报送依据", "basis", basis)):
        if not value.strip():
            raise missing(label, name)
    feed = Feed(project=project, receiver=receiver.strip(), basis=basis.strip(), started_by_id=by.user_id)
    feed.from_day = timezone.localdate() + timedelta(days=1)
    feed.full_clean()
    feed.save()
    _record(Event.FEED_STARTED, feed, by, project=project.name, from_day=feed.from_day)
    return feed


@transaction.atomic
def stop(feed: Feed, *, by: Actor) -> Feed:
    """Switch the feed off: nothing that has not arrived yet is delivered."""
    feed = lock(feed)
    require(rules.may_feed, by, feed.project_id)
    if feed.stopped_at:
        raise Conflict("预登记报送已停止，无需再办")
    feed.stopped_at, feed.stopped_by_id = timezone.now(), by.user_id
    feed.save()
    for row in feed.deliveries.select_for_update().filter(status=Status.WAITING):
        _end(row, Status.FAILED, "报送已停止")
    _record(Event.FEED_STOPPED, feed, by, project=feed.project.name)
    return feed


@transaction.atomic
def send_again(row: FeedDelivery, *, by: Actor) -> FeedDelivery:
    """再送: the next run of the job tries it."""
    row = lock(row)
    require(rules.may_feed, by, row.project_id)
    if row.feed.stopped_at:
        raise Conflict("预登记报送已停止，不能再送")
    if row.stored_id is None:
        raise Conflict("文件已随健康数据删除，不能再送")
    row.become(Status.WAITING)
    row.attempts, row.next_at, row.finished_at = 0, timezone.now(), None
    row.save()
    _record(Event.FEED_AGAIN, row, by, day=row.day)
    return row


@transaction.atomic
def open_file(row: FeedDelivery, *, by: Actor) -> bytes:
    """The file as it was delivered."""
    require(rules.may_feed, by, row.project_id)
    if row.stored is None:
        raise Conflict("文件已随健康数据删除，只留摘要")
    _record(Event.FEED_OPENED, row, by, day=row.day)
    return files.read(row.stored)


def prepare_due(*, by: Actor, today: date | None = None) -> int:
    """Make the files of all days that are over; a day that a stopped job missed is caught up. Return how many."""
    today = today or timezone.localdate()
    feeds = Feed.objects.filter(stopped_at=None, from_day__lt=today).select_related("project").order_by("pk")
    return sum(
        _prepare(feed, day) is not None
        for feed in feeds
        if is_kept(feed.project_id)
        for day in queries.days_due(feed, today)
    )


def deliver_due(*, by: Actor) -> int:
    """Try each waiting file whose time has come, outside any transaction. Return how many arrived."""
    return sum(_deliver(row, by) for row in queries.due())


@transaction.atomic
def take(day: date, *, by: Actor) -> dict:
    """The document and the signature of one day for the API; the taking is a delivery on record."""
    require(rules.may_take_feed, by)
    feed = queries.feed_of(by.project_id)
    if feed is None:
        raise Refused("R-93")
    if not feed.from_day <= day < timezone.localdate():
        raise Invalid(f"没有 {day} 的报送", next_step=f"取 {feed.from_day} 至昨天的某一天", field="day")
    made = feed.deliveries.filter(kind=Kind.FILE, day=day).first() or _prepare(feed, day)
    if made is None or made.stored is None:
        raise Refused("R-93")
    row = FeedDelivery(feed=feed, project_id=feed.project_id, kind=Kind.API, day=day, status=Status.SENT)
    row.receiver, row.rows, row.file, row.digest = by.name[:60], made.rows, made.file, made.digest
    row.attempts, row.finished_at = 1, timezone.now()
    row.save()
    _record(Event.FEED_TAKEN, row, by, day=day, rows=row.rows, digest=row.digest)
    with zipfile.ZipFile(BytesIO(files.read(made.stored))) as opened:
        return {name: json.loads(opened.read(part)) for name, part in _parts(opened)}


def _parts(opened: zipfile.ZipFile):
    for part in opened.namelist():
        yield ("signature" if part == signatures.DOCUMENT else "document"), part


@transaction.atomic
def _prepare(feed: Feed, day: date) -> FeedDelivery | None:
    """The signed file of one day; None when another process has just made it."""
    feed = lock(feed)
    if feed.stopped_at or feed.deliveries.filter(kind=Kind.FILE, day=day).exists():
        return None
    people = queries.registered_on(feed.project_id, day)
    rows = sum((row.registered_on == day) + len(row.came) for row in people)
    content = json.dumps(_document(feed, day, people), ensure_ascii=False, indent=1).encode()
    packed, name = BytesIO(), f"preregistrations_{feed.project.filing_code}_{day}"
    signatures.bundle(packed, f"{name}.json", content, title=TITLE, rows=rows, taken=feed.receiver)
    whole = packed.getvalue()
    row = FeedDelivery(feed=feed, project_id=feed.project_id, day=day, rows=rows, receiver=feed.receiver)
    row.file, row.digest, row.next_at = f"{name}.zip", sha256(whole).hexdigest(), timezone.now()
    row.stored = files.store(whole, kind="feed", media_type="application/zip")
    row.save()
    return row


def _document(feed: Feed, day: date, people: list[PreRegistration]) -> dict:
    """What the receiver needs to know who came from where; temperature and symptoms stay with the site."""
    site = feed.project
    return {
        "day": day.isoformat(),
        "receiver": feed.receiver,
        "basis": feed.basis,
        "project": {"name": site.name, "filing_code": site.filing_code, "address": site.address},
        "people": [
            _identified(row)
            | {"employer": row.participation.company.name, "family": [_identified(member) for member in row.came]}
            for row in people
        ],
    }


def _identified(row: PreRegistration | FamilyMember) -> dict:
    values = row.values
    return {
        "name": row.person.name,
        "id_number": row.person.id_number.plain,
        "phone": row.phone.plain if row.phone else "",
        "origin": values["origin"],
        "address": values["declaration"].get("address", ""),
        "registered_on": row.registered_on.isoformat(),
    }


def _deliver(row: FeedDelivery, by: Actor) -> bool:
    if not _claim(row):
        return False
    try:
        row = FeedDelivery.objects.select_related("stored").get(pk=row.pk)
        sent = Sent(str(row.pk), row.file, files.read(row.stored), row.digest, row.receiver)
        receiver().deliver(sent)
    except Undelivered as error:
        _missed(row, str(error), by)
        return False
    except Exception as error:  # one receiver's fault keeps no other site waiting
        log.exception("delivery %s", row.pk)
        _missed(row, f"系统没有送出（{type(error).__name__}）", by)
        return False
    _arrived(row, by)
    return True


@transaction.atomic
def _claim(row: FeedDelivery) -> bool:
    """Count the attempt and set the time of the next one before anything is sent."""
    row = lock(row)
    now = timezone.now()
    if row.status != Status.WAITING or row.next_at > now or row.stored_id is None or row.feed.stopped_at:
        return False
    row.attempts += 1
    row.next_at = now + wait_after(row.attempts, first=FIRST_WAIT, longest=LONGEST_WAIT)
    row.save()
    return True


@transaction.atomic
def _arrived(row: FeedDelivery, by: Actor) -> None:
    row = lock(row)
    if row.status != Status.WAITING:
        return
    _end(row, Status.SENT, "")
    _record(Event.FEED_DELIVERED, row, by, day=row.day, rows=row.rows, digest=row.digest)


@transaction.atomic
def _missed(row: FeedDelivery, problem: str, by: Actor) -> None:
    row = lock(row)
    if row.status != Status.WAITING:
        return
    if row.attempts < ATTEMPTS:
        row.problem = problem[:200]
        row.save()
        return
    _end(row, Status.FAILED, problem)
    _record(Event.FEED_FAILED, row, by, day=row.day, problem=row.problem)


def _end(row: FeedDelivery, status: str, problem: str) -> None:
    row.become(status)
    row.problem, row.next_at, row.finished_at = problem[:200], None, timezone.now()
    row.save()


def _record(event: Event, subject: Feed | FeedDelivery, by: Actor, **details) -> None:
    record(event, subject, by=by, project_id=subject.project_id, receiver=subject.receiver, **details)
