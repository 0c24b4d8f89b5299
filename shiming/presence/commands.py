"""Commands of the gate: entry, exit, undo, printed cards."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from shiming.assignment import commands as assignment_commands
from shiming.assignment.models import Assignment
from shiming.core import bulk, prepared_statements
from shiming.core.access import require
from shiming.core.actor import Actor
from shiming.core.audit import record, record_many
from shiming.core.batch import BatchResult, each, refused_by_database
from shiming.core.errors import Conflict, DomainError, Invalid, NotAllowed, Refused, RefusedAll, missing
from shiming.core.events import Event
from shiming.core.lifecycle import lock
from shiming.people.models import Person
from shiming.presence import codes, rules, verdicts
from shiming.presence.eligibility import EARLIER, EntryFacts, facts_for, facts_of_all, judge
from shiming.presence.models import Card, Stay
from shiming.presence.verdicts import Verdict
from shiming.projects.chain import in_charge, is_general
from shiming.projects.models import Participation
from shiming.projects.policies import EntryTrigger, Rating
from shiming.projects.queries import policy_of

Status = Assignment.Status
RACES = {
    "one_open_stay_per_person_and_project": "R-22",
    "presence_stay_event_id_key": "R-22",
    "stays_do_not_overlap": ("R-45", {"problem": EARLIER}),
}
OFFLINE_FOR = timedelta(hours=48)
CLOCKS_DIFFER = timedelta(minutes=2)
UNDO_WITHIN = timedelta(minutes=5)
SAME_MOMENT = timedelta(seconds=1)
ENTERED_BY = {EntryTrigger.ACCEPTANCE: Stay.Method.ACCEPTANCE, EntryTrigger.APPROVAL: Stay.Method.APPROVAL}


@transaction.atomic
def enter(assignments, *, method: str, by: Actor, on: date | None = None) -> BatchResult:
    """Enter one or many workers, each decided alone; the trail keeps the reasons of each refusal."""

    def decide(assignment):
        require(rules.may_enter, by, assignment)
        return _enter(assignment, method, by, on, scanner=by)

    return each(assignments, decide, label=_name, races=RACES, on_refusal=lambda row, error: _note(row, error, by))


@transaction.atomic
def enter_pm(assignments, *, by: Actor, on: date | None = None) -> BatchResult:
    """Enter managers, who are not scanned; the project manager of their own firm may do it."""

    def decide(assignment):
        require(rules.may_enter, by, assignment)
        if not assignment.is_manager:
            raise Invalid("本页只办理管理员进场", next_step="建筑工人请在“进退场管理”办理")
        return _enter(assignment, Stay.Method.FORM, by, on)

    return each(assignments, decide, label=_name, races=RACES, on_refusal=lambda row, error: _note(row, error, by))


def refused_on_acceptance(assignments: list[Assignment]) -> dict[UUID, DomainError]:
    """Why each of these held, waiting allocations could not enter today if it were accepted, by key."""
    day = timezone.localdate()
    facts = facts_of_all(assignments, day)
    judged = {row.pk: judge(replace(facts[row.pk], assignment_status=Status.ACCEPTED), day) for row in assignments}
    return {pk: RefusedAll(reasons) for pk, reasons in judged.items() if reasons}


@transaction.atomic
def enter_on_acceptance(assignments: list[Assignment], *, by: Actor) -> None:
    """S2: the entry is on the day of acceptance. `refused_on_acceptance` has asked; the constraints stand behind it."""
    day, facts = timezone.localdate(), facts_of_all(assignments, timezone.localdate())
    entered = []
    for row in assignments:
        known = facts[row.pk]
        entered.append((_stay(known, ENTERED_BY[known.policy.entry_trigger], by, day, None), known, row.project.name))
    bulk.insert([stay for stay, _, _ in entered])
    record_many(
        Event.STAY_OPENED, [(stay, _named(stay, known, by, project)) for stay, known, project in entered], by=by
    )


def enter_by_code(
    code: str, *, event_id: UUID, by: Actor, at: datetime | None = None, portrait_confirmed: bool = False
) -> Verdict:
    """`at` is the time of a scan made offline; the same `event_id` again gets the same answer and adds no row.

    A refusal is returned, not raised: at the gate it is an ordinary answer, and the trail keeps it.
    """
    require(rules.may_scan, by)
    try:
        return _scan(code, event_id, by, at, portrait_confirmed)
    except IntegrityError as error:  # a repeated scan, or two phones at once: check again
        refused_by_database(error, RACES)
        return _scan(code, event_id, by, at, portrait_confirmed, again=True)


@transaction.atomic
def undo_entry(stay: Stay, *, by: Actor, what: str = "进场") -> None:
    """Remove a mistaken entry within five minutes, by the user who made it. `what` names it in the refusal."""
    person, project = stay.person, stay.project
    stay = lock(stay)
    require(rules.may_undo, by, stay)
    if not stay.on_site or timezone.now() - stay.created_at > UNDO_WITHIN:
        raise Conflict(f"{what}已超过五分钟，不能撤销；需要时请办理退场")

    record(Event.STAY_UNDONE, stay, by=by, person=person, project=project)
    stay.delete()


@transaction.atomic
def leave_site(stays, *, by: Actor, on: date | None = None, rating: str = "", rating_note: str = "") -> BatchResult:
    """Exit of the chosen workers; when some have left already, none is saved and they are named (R-23)."""
    return _leave_all(stays, rules.may_leave, by, on, rating, rating_note)


@transaction.atomic
def leave_pm(stays, *, by: Actor, on: date | None = None) -> BatchResult:
    """Exit of managers by the project manager of their own firm."""
    return _leave_all(stays, rules.may_leave_manager, by, on, "", "")


@transaction.atomic
def unbind(assignments, *, reason: str, by: Actor, on: date | None = None) -> BatchResult:
    """退场 of bound people by the 实施单位 or their own company (domain.md §11.8): the stay closes, the binding ends."""
    if not reason.strip():
        raise missing("退场原因", "reason")
    return each(assignments, lambda row: _unbind(row, reason.strip(), by, on), label=_name)


@transaction.atomic
def close_automatically(stay: Stay, *, reason: str, by: Actor) -> Stay:
    """Close the stay today because its allocation ended, as by the end of the employment."""
    person, project = stay.person, stay.project
    stay = lock(stay)
    if not stay.on_site:
        return stay

    now = timezone.now()
    stay.exited_on, stay.exited_at, stay.auto = timezone.localdate(now), now, True
    stay.save()

    record(Event.STAY_CLOSED_BY_END, stay, by=by, person=person, project=project, reason=reason)
    return stay


@transaction.atomic
def issue_card(person: Person, *, by: Actor) -> Card:
    """A new 建设卡; the one before becomes invalid."""
    person = lock(person)
    require(rules.may_issue_card, by, person.pk)

    Card.objects.filter(person=person, replaced_at=None).update(replaced_at=timezone.now())
    card = Card.objects.create(person=person, issued_by_id=by.user_id)

    record(Event.CARD_ISSUED, card, by=by, person=person)
    return card


@transaction.atomic
def _scan(code: str, event_id: UUID, by: Actor, at: datetime | None, portrait_confirmed: bool, again=False) -> Verdict:
    try:
        require_recent(at)
        person_id, by_card = whose(codes.read(code, at))
    except DomainError as error:
        return verdicts.refused_by(error)
    day = timezone.localdate(at)
    facts = facts_for(person_id, by.project_id, day, hold=True)
    if facts is None:
        raise NotAllowed(contact="系统管理员")
    if not _in_charge(by, facts):
        return verdicts.refused(NotAllowed(contact="施工总包项目经理").refusals)
    reasons = judge(facts, day, scanner=by)
    # A repeat is refused with R-22, so only a refused scan needs the query for the first answer.
    if (reasons or again) and (known := _known(event_id, facts)):
        return known
    if reasons:
        note_refusal(facts, reasons, by)
        return verdicts.refused(reasons, facts)
    if by_card and not portrait_confirmed:
        return verdicts.look_at_portrait(facts)

    stay = open_stay(facts, Stay.Method.SCAN, by, day, at, event_id=event_id)
    return verdicts.entered(facts, stay.pk, on=day)


def require_recent(at: datetime | None) -> None:
    """Refuse an offline scan older than 48 hours or from the future."""
    now = timezone.now()
    if at and not now - OFFLINE_FOR <= at <= now + CLOCKS_DIFFER:
        raise Invalid("离线扫码超过 48 小时，不能补传", next_step="请在“进退场管理”登记进场")


def whose(read: codes.PersonalCode | codes.CardCode) -> tuple[UUID, bool]:
    """The person a genuine code names, and whether it was a printed card; a replaced card is refused (R-30)."""
    if isinstance(read, codes.PersonalCode):
        return read.person_id, False
    card = Card.objects.filter(pk=read.card_id, replaced_at=None).values_list("person_id").first()
    if card is None:
        raise Refused("R-30", problem="已失效，请用新打印的建设卡")
    return card[0], True


def _known(event_id: UUID, facts: EntryFacts) -> Verdict | None:
    """The first verdict for this event_id, None for a new scan; raises Conflict when the scan names another person."""
    stay = Stay.objects.filter(event_id=event_id).first()
    if stay is None:
        return None
    if (stay.person_id, stay.project_id) != (facts.person_id, facts.project_id):
        raise Conflict("同一编号的扫码内容不同，已保留第一次的记录")
    return verdicts.entered(facts, stay.pk, on=stay.entered_on, repeated=True)


def _in_charge(by: Actor, facts: EntryFacts) -> bool:
    """A worker of another chain is not named to this scanner; one without an allocation is refused with R-20."""
    if facts.participation_id in (None, by.participation_id) or is_general(by):
        return True
    return in_charge(by, Participation.objects.get(pk=facts.participation_id))


def _enter(assignment: Assignment, method: str, by: Actor, on: date | None, *, scanner: Actor | None = None) -> Stay:
    day = on or timezone.localdate()
    facts = facts_for(assignment.person_id, assignment.project_id, day, hold=True)
    if facts.assignment_id != assignment.pk:  # ended in the meantime, and a new allocation made
        raise Conflict()
    if reasons := judge(facts, day, scanner=scanner):
        raise RefusedAll(reasons)
    return open_stay(facts, method, by, day, None)


def open_stay(facts: EntryFacts, method: str, by: Actor, day: date, at: datetime | None, *, event_id=None) -> Stay:
    """Open the stay. No full_clean(): `judge` has just checked the same rules, and the constraints guard the table."""
    stay = _stay(facts, method, by, day, at, event_id=event_id)
    prepared_statements.insert(stay)
    record(Event.STAY_OPENED, stay, by=by, **_named(stay, facts, by), **_backdated(stay.entered_at))
    return stay


def _stay(facts: EntryFacts, method: str, by: Actor, day: date, at: datetime | None, *, event_id=None) -> Stay:
    return Stay(
        assignment_id=facts.assignment_id,
        person_id=facts.person_id,
        project_id=facts.project_id,
        company_id=facts.company_id,
        team_id=facts.team_id,
        trade=facts.trade,
        entered_on=day,
        entered_at=at or moment(day, time.min),
        entered_by_id=by.user_id,
        method=method,
        event_id=event_id,
        offline=at is not None,
    )


def _named(stay: Stay, facts: EntryFacts, by: Actor, project: str = "") -> dict:
    """`project` names the site for actors who act for several."""
    return {
        "company_id": facts.company_id,
        "person": facts.name,
        "project": by.project_name or project,
        "method": stay.get_method_display(),
    }


def _note(assignment: Assignment, error: DomainError, by: Actor) -> None:
    if isinstance(error, (Conflict, NotAllowed)):
        return
    facts = facts_for(assignment.person_id, assignment.project_id)
    note_refusal(facts, error.refusals, by)


def note_refusal(facts: EntryFacts, reasons, by: Actor) -> None:
    """The trail keeps a refused entry; a repeated scan of a worker on site (R-22) is no refusal."""
    if [item.code for item in reasons] == ["R-22"]:
        return
    record(
        Event.ENTRY_REFUSED,
        Person(pk=facts.person_id),
        by=by,
        person_id=facts.person_id,
        company_id=facts.company_id,
        project_id=facts.project_id,
        person=facts.name,
        project=by.project_name or "",
        reason="；".join(item.sentence for item in reasons),
        codes=" ".join(item.code for item in reasons),
    )


def _leave_all(stays, rule, by: Actor, on: date | None, rating: str, rating_note: str, reason: str = "") -> BatchResult:
    stays = _held(stays)
    gone = [stay for stay in stays if not stay.on_site]
    if gone:
        return BatchResult(refused=[(stay.person.name, Refused("R-23").about(stay)) for stay in gone])
    leave = partial(_leave, rule=rule, by=by, on=on, rating=rating, rating_note=rating_note, reason=reason)
    return each(stays, leave, label=lambda row: row.person.name)


def _held(stays) -> list[Stay]:
    """The rows read again and locked, in key order so that two batches cannot deadlock."""
    rows = Stay.objects.select_for_update(of=("self",)).filter(pk__in=[stay.pk for stay in stays]).order_by("pk")
    return list(rows.select_related("person", "project", "assignment__participation", "assignment__project"))


def _leave(stay: Stay, rule, by: Actor, on: date | None, rating: str, rating_note: str, reason: str) -> Stay:
    require(rule, by, stay)
    day = on or timezone.localdate()
    _require_exit_day(stay, day)
    if policy_of(stay.project).rating_at_exit == Rating.REQUIRED and not rating:
        raise missing("用工评价", "rating")

    stay.exited_on, stay.exited_at, stay.exited_by_id = day, moment(day, time(23, 59, 59)), by.user_id
    stay.rating, stay.rating_note = rating, rating_note
    stay.save()

    assignment = stay.assignment
    named = {"person": stay.person, "project": stay.project}
    named |= _backdated(stay.exited_at)
    record(Event.STAY_CLOSED, stay, by=by, company_id=stay.company_id, reason=reason, **named)
    assignment.person = stay.person
    assignment_commands.end(assignment, reason="退场", by=by)
    return stay


def _unbind(assignment: Assignment, reason: str, by: Actor, on: date | None) -> Assignment:
    person, project = assignment.person, assignment.project
    assignment = assignment_commands.hold(assignment)
    require(rules.may_unbind, by, assignment)
    if assignment.status == Status.ENDED:
        raise Refused("R-23")
    if assignment.status != Status.ACCEPTED:
        raise Conflict()
    day = on or timezone.localdate()
    for stay in Stay.objects.select_for_update().filter(assignment=assignment, exited_on=None):
        _require_exit_day(stay, day)
        stay.exited_on, stay.exited_at, stay.exited_by_id = day, moment(day, time(23, 59, 59)), by.user_id
        stay.save()
        because = f"，原因：{reason}"
        about = {"company_id": stay.company_id, "person": person, "project": project} | _backdated(stay.exited_at)
        record(Event.STAY_CLOSED, stay, by=by, reason=reason, because=because, **about)
    return assignment_commands.end(assignment, reason="退场", by=by)


def _require_exit_day(stay: Stay, day: date) -> None:
    if day > timezone.localdate():
        raise Refused("R-25", problem="晚于今天", field="on")
    if day < stay.entered_on:
        raise Refused("R-25", problem="早于进场日期", field="on")


def moment(day: date, otherwise: time) -> datetime:
    """Now, when the day is today; `otherwise` on another day."""
    now = timezone.localtime()
    return now if day == now.date() else timezone.make_aware(datetime.combine(day, otherwise))


def _backdated(at: datetime) -> dict:
    """The moment of an entry or exit in the trail, where it is not that of the line: the trail alone tells who was on
    site when."""
    return {} if timezone.now() - at < SAME_MOMENT else {"moment": at.isoformat()}


def _name(assignment: Assignment) -> str:
    return assignment.person.name
