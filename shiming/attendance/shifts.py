"""Shifts concluded from one person's punches on one project, in order of time (domain.md §5.5). Pure functions.

A shift belongs to the date on which it began. First IN and last OUT count; an IN after a break belongs to the shift
that is running, also past midnight. A punch without a direction gets one here and nowhere else, from its place in the
shift.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property
from operator import attrgetter
from uuid import UUID

from django.db.models import TextChoices

from shiming.attendance.models import AttendanceEvent, ShiftRule

Direction, Method, Kind = AttendanceEvent.Direction, AttendanceEvent.Method, ShiftRule.Kind
IN, OUT, UNKNOWN = Direction.IN, Direction.OUT, Direction.UNKNOWN
REPEATED = ""  # the concluded direction of a punch that repeats the one before, and of the automatic close

# On a day of work the day turns at four in the morning, on nights at 16:00: there an undirected punch begins a shift.
TURNS = {Kind.DAY: timedelta(hours=4), Kind.TWO: timedelta(hours=4), Kind.NIGHT: timedelta(hours=16)}
REST = timedelta(hours=2)  # after an OUT; then an IN begins the second of two shifts
WATCH_RESTS = timedelta(hours=12)  # after an IN without OUT; then another IN begins the next watch


class ShiftStatus(TextChoices):
    AUTO_CLOSED = "auto_closed", "自动关闭"
    MISSING_IN = "missing_in", "缺进"
    MISSING_OUT = "missing_out", "缺出"
    REVIEW = "review", "待核"
    ONGOING = "ongoing", "在岗"
    NORMAL = "normal", "正常"


@dataclass(frozen=True)
class Rule:
    """The shift rule of a project in force on one day; the defaults are those of 日班."""

    kind: str = Kind.DAY
    window: timedelta = timedelta(hours=13)
    longest: timedelta = timedelta(hours=13)
    break_minutes: int = 0
    break_after: timedelta = timedelta()
    repeat: timedelta = timedelta(minutes=10)

    @classmethod
    def of(cls, row: ShiftRule) -> "Rule":
        return cls(
            row.kind,
            timedelta(hours=row.window_hours),
            timedelta(hours=row.longest_hours),
            row.break_minutes,
            timedelta(hours=row.break_after_hours),
            timedelta(minutes=row.repeat_minutes),
        )


DEFAULT = Rule()


class RuleBook:
    """The rules of some projects by their first day; `always` holds where no row does."""

    def __init__(self, rows: Iterable[ShiftRule] = (), *, always: Rule = DEFAULT):
        self._rules, self._always = defaultdict(list), always
        for row in sorted(rows, key=attrgetter("from_date"), reverse=True):
            self._rules[row.project_id].append((row.from_date, Rule.of(row)))

    def on(self, project_id: UUID, day: date) -> Rule:
        rules = self._rules.get(project_id, ())
        return next((rule for since, rule in rules if since <= day), self._always)


@dataclass
class Shift:
    """One shift: its punches with their concluded directions, and the hours by the rule."""

    rule: Rule
    day: date
    zone: tzinfo
    now: datetime
    events: list = field(default_factory=list)
    ways: list[str] = field(default_factory=list)
    latest: bool = True  # no later shift of this person here

    def __post_init__(self):
        self.way = None  # the last concluded direction
        self.began_at = self.pending = self.left_at = self.undirected_at = None
        self.firm = False  # begun by a punch with the direction IN

    def add(self, event, way: str) -> None:
        self.events.append(event)
        self.ways.append(way)
        if way == REPEATED:
            return
        at, self.way = event.occurred_at, way
        self.began_at = self.began_at or at
        self.firm |= len(self.events) == 1 and event.direction == IN
        if way == IN:
            self.pending = at
        else:
            self.left_at = at
        self.undirected_at = at if event.direction == UNKNOWN else None

    def takes(self, event) -> str | None:
        """The direction of this later punch within the shift, or None when it begins another."""
        at, given = event.occurred_at, event.direction
        if event.method == Method.AUTO_CLOSE:
            return REPEATED
        if given == UNKNOWN and self.undirected_at and at - self.undirected_at < self.rule.repeat:
            return REPEATED
        if self.pending is None:
            return self._after_lone_out(at, given)
        if given == OUT:
            return OUT if at - (self.pending if self.way == IN else self.began_at) <= self.rule.window else None
        if given == IN:
            return IN if self._running(at) and not (self.way == IN and self._rested(at)) else None
        return self._undirected(at)

    def _after_lone_out(self, at: datetime, given: str) -> str | None:
        another = given == OUT or (given == UNKNOWN and begins_as(self.rule, at, given, self.zone) == OUT)
        return OUT if another and at - self.began_at <= self.rule.window else None

    def _undirected(self, at: datetime) -> str | None:
        if not (self.firm and at - self.began_at <= self.rule.window) and self._turned(self.pending, at):
            return None
        if self.way == OUT:
            return IN if self._running(at) else None
        since = self.began_at if self.rule.kind == Kind.WATCH else self.pending
        return OUT if at - since <= self.rule.window else None

    def _running(self, at: datetime) -> bool:
        if self.rule.kind == Kind.TWO and self.way == OUT and at - self.left_at >= REST:
            return False
        return at - self.began_at <= self.rule.window

    def _rested(self, at: datetime) -> bool:
        if self.rule.kind == Kind.WATCH:
            return at - self.pending >= WATCH_RESTS
        return self._turned(self.pending, at)

    def _turned(self, earlier: datetime, later: datetime) -> bool:
        turn = TURNS.get(self.rule.kind)
        return turn is not None and _turned_day(earlier, turn, self.zone) != _turned_day(later, turn, self.zone)

    @cached_property
    def first_in(self) -> datetime | None:
        return self._corrected(IN) or next(
            (event.occurred_at for event, way in zip(self.events, self.ways, strict=True) if way == IN), None
        )

    @cached_property
    def last_out(self) -> datetime | None:
        """The last OUT of a person. Of an odd number of undirected punches the last one, so that it can be read."""
        if corrected := self._corrected(OUT):
            return corrected
        if self._odd:
            return self.pending
        outs = [event.occurred_at for event, way in zip(self.events, self.ways, strict=True) if way == OUT]
        return outs[-1] if outs else None

    @cached_property
    def minutes(self) -> int | None:
        """Minutes from first to last, without the breaks the rule deducts; None when they cannot be computed."""
        if not self.first_in or not self.last_out or self.last_out <= self.first_in:
            return None
        span = self.last_out - self.first_in
        deducted = self.rule.break_minutes if self.rule.break_minutes and span > self.rule.break_after else 0
        return max(int(span.total_seconds()) // 60 - deducted, 0) or None

    @cached_property
    def status(self) -> ShiftStatus:
        if self.first_in is None:
            return ShiftStatus.MISSING_IN
        if self.ongoing:
            return ShiftStatus.ONGOING
        if self.open:
            return self._open_status()
        fits = self.minutes is not None and self.last_out - self.first_in <= self.rule.longest and self._begins_well
        return ShiftStatus.NORMAL if fits else ShiftStatus.REVIEW

    def _open_status(self) -> ShiftStatus:
        if self._closed_automatically:
            return ShiftStatus.AUTO_CLOSED
        return ShiftStatus.REVIEW if self._odd else ShiftStatus.MISSING_OUT

    @property
    def open(self) -> bool:
        """The last punch of the person is an IN, and no correction gives the OUT."""
        return self.way == IN and self._corrected(OUT) is None

    @property
    def ongoing(self) -> bool:
        """The person is at work now."""
        if not self.open or not self.latest or self._closed_automatically:
            return False
        return self.now < self.pending + self.rule.window

    @property
    def _odd(self) -> bool:
        """One scan of an undirected sequence was forgotten."""
        undirected = self.way == IN and self.undirected_at is not None and self.began_at < self.pending
        return undirected and not self.ongoing

    @property
    def _closed_automatically(self) -> bool:
        return any(event.method == Method.AUTO_CLOSE for event in self.events)

    @property
    def _begins_well(self) -> bool:
        return self.rule.kind != Kind.NIGHT or self.first_in.astimezone(self.zone).hour >= 16

    def _corrected(self, direction: str) -> datetime | None:
        """The corrected time takes precedence over the punched ones; of several the one received last."""
        found = [event for event in self.events if event.method == Method.CORRECTION and event.direction == direction]
        return max(found, key=attrgetter("received_at")).occurred_at if found else None


def shifts_of(punches: list, rules: RuleBook, zone: tzinfo, now: datetime) -> list[Shift]:
    """The shifts of one person's punches on one project; the punches come in order of time."""
    shifts: list[Shift] = []
    for event in punches:
        way = shifts[-1].takes(event) if shifts else None
        if way is None:
            shifts.append(_begun(event, rules, zone, now))
            way = begins_as(shifts[-1].rule, event.occurred_at, event.direction, zone)
        shifts[-1].add(event, way)
    for shift in shifts[:-1]:
        shift.latest = False
    return shifts


def begins_as(rule: Rule, at: datetime, given: str, zone: tzinfo) -> str:
    """The direction of a punch that begins a shift; on nights an undirected one before 16:00 is a lone OUT."""
    if given != UNKNOWN:
        return given
    return OUT if rule.kind == Kind.NIGHT and at.astimezone(zone).hour < 16 else IN


def _begun(event, rules: RuleBook, zone: tzinfo, now: datetime) -> Shift:
    local = event.occurred_at.astimezone(zone)
    rule = rules.on(event.project_id, local.date())
    ended_night = rule.kind == Kind.NIGHT and begins_as(rule, local, event.direction, zone) == OUT and local.hour < 16
    return Shift(rule, local.date() - timedelta(days=ended_night), zone, now)


def _turned_day(at: datetime, turn: timedelta, zone: tzinfo) -> date:
    return (at.astimezone(zone) - turn).date()
