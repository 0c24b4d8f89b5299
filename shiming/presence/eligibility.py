"""为什么进不去 (beyond.md N1): all reasons at once, the same at the gate, on the phone and on the firm's page.

`judge` is pure: it reads facts and a table of checks, in the order of domain.md §5.4. Another flow adds facts, not
branches: a fact that the project's policy does not ask for keeps a value that never blocks. The checks that a project
switches on are rows of `admission`; this file names none of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shiming.admission import facts as admission
from shiming.admission.checks import Effect
from shiming.assignment.answerers import ANSWERERS
from shiming.assignment.models import Assignment
from shiming.assignment.rules import visible_to
from shiming.companies.models import Company
from shiming.core import prepared_statements
from shiming.core.actor import Actor
from shiming.core.refusals import Refusal, refusal
from shiming.idcard.number import age_on
from shiming.people.models import Person
from shiming.projects import policies
from shiming.projects.chain import is_general
from shiming.projects.models import Project

ADULT = 18
EARLIER = _("早于上次退场日期")
Status = Assignment.Status


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """The facts about one person and one project at one moment."""

    person_id: UUID
    name: str
    birth_date: date
    verified: bool
    portrait_id: UUID | None
    project_id: UUID
    project_open: bool
    policy: policies.Policy
    assignment_id: UUID | None = None
    assignment_status: str | None = None
    role: str = ""
    trade: str = ""
    allocated_on: date | None = None
    participation_id: UUID | None = None
    kind: str | None = None
    company_id: UUID | None = None
    company: str = ""
    team_id: UUID | None = None
    team: str = ""
    employed: bool = False
    stay_id: UUID | None = None
    last_exit: date | None = None  # of the stays that ended, the latest day
    face_missing: bool = False  # stays false on a project that asks for no face
    checks: dict[str, dict] = field(
        default_factory=dict
    )  # answers of the admission checks in force (admission/facts.py)

    @property
    def accepted(self) -> bool:
        return self.assignment_status == Status.ACCEPTED


@dataclass(frozen=True, slots=True)
class Question:
    """May this person enter on this day, scanned by this scanner if one is given?"""

    facts: EntryFacts
    on: date
    today: date
    scanner: Actor | None = None


def eligibility(
    person: Person,
    project: Project,
    at: datetime | date | None = None,
    *,
    scanner: Actor | None = None,
    asked_by: Actor | None = None,
) -> list[Refusal]:
    """Every reason why this person may not enter this project now; empty when entry is allowed.

    `asked_by` learns of an allocation only if it is visible to them: a former employer reads that its own allocation
    has ended, not that the person is back on the site for another company (domain.md §7.9).
    """
    facts = facts_for(person.pk, project.pk, _day(at))
    if facts is None:
        return [refusal("R-20")]
    if asked_by is not None and not _seen_by(asked_by, facts):
        facts = replace(facts, **WITHHELD)
    return judge(facts, _day(at), scanner=scanner)


def judge(facts: EntryFacts, on: date, *, today: date | None = None, scanner: Actor | None = None) -> list[Refusal]:
    """All failing checks, in the order of domain.md §5.4."""
    question = Question(facts, on, today or timezone.localdate(), scanner)
    found = [(at, code, blanks) for at, (code, check) in enumerate(CHECKS) if (blanks := check(question)) is not None]
    found += [
        (PLACES[reason.before] - 0.5, reason.code, reason.blanks)
        for reason in admission.reasons(facts.checks, on, facts.birth_date)
    ]
    return [_reason(code, facts, blanks) for _, code, blanks in sorted(found, key=lambda each: each[0])]


def warnings(facts: EntryFacts, on: date) -> list[Refusal]:
    """Failed admission checks of this project that warn and let the person enter."""
    found = admission.reasons(facts.checks, on, facts.birth_date, Effect.WARN)
    return [refusal(reason.code, **reason.blanks) for reason in found]


def facts_for(person_id: UUID, project_id: UUID, on: date | None = None, *, hold: bool = False) -> EntryFacts | None:
    """All facts in one SELECT; `hold` locks the allocation until the transaction ends.

    A prepared statement: planning costs five times as much as running it, because every lookup goes by key.
    """
    asked = {"person": person_id, "project": project_id, "on": on or timezone.localdate()}
    row = prepared_statements.fetch_one(_statement(ONE, HELD if hold else ""), asked)
    return _facts(row) if row else None


def facts_of_all(assignments: Iterable[Assignment], on: date) -> dict[UUID, EntryFacts]:
    """The facts of many open allocations by key, in one SELECT; the caller holds them."""
    asked = {"assignments": [row.pk for row in assignments], "on": on}
    rows = prepared_statements.fetch_all(_statement(MANY), asked) if asked["assignments"] else []
    return {facts.assignment_id: facts for facts in map(_facts, rows)}


def _seen_by(actor: Actor, facts: EntryFacts) -> bool:
    if actor.person_id == facts.person_id:
        return True
    return Assignment.objects.filter(visible_to(actor), pk=facts.assignment_id).exists()


def _reason(code: str, facts: EntryFacts, blanks: dict) -> Refusal:
    found = refusal(code, **blanks)
    if blanks.get("problem") == EARLIER:
        return replace(found, next_step=str(_("上次退场 %(day)s，请填这一天或以后") % {"day": facts.last_exit}))
    if code != "R-20":
        return found
    named = NOT_YET.get(facts.assignment_status)
    if facts.assignment_status == Status.PENDING:
        answerer = ANSWERERS[facts.policy.confirmer]
        named = answerer.who, answerer.next_step
    return replace(found, who=str(named[0]), next_step=str(named[1])) if named else found


def _day(at: datetime | date | None) -> date:
    if at is None or isinstance(at, datetime):
        return timezone.localdate(at)
    return at


# A check returns None when it passes, else the values for the blanks of its sentence.
def _if(blocked: bool, **blanks) -> dict | None:
    return blanks if blocked else None


def _date(q: Question) -> dict | None:
    if q.on > q.today:
        return {"problem": _("晚于今天")}
    if q.facts.last_exit and q.on < q.facts.last_exit:
        return {"problem": EARLIER}
    return _if(bool(q.facts.allocated_on and q.on < q.facts.allocated_on), problem=_("早于分配日期"))


def _under_age(q: Question) -> dict | None:
    return _if(age_on(q.facts.birth_date, q.on) < ADULT)


def _labour(q: Question) -> dict | None:
    labour = q.facts.policy.gc_scans_labour and q.facts.kind == Company.Kind.LABOUR
    return _if(labour and q.scanner is not None and not is_general(q.scanner))


CHECKS: tuple[tuple[str, Callable[[Question], dict | None]], ...] = (
    ("R-48", lambda q: _if(not q.facts.project_open)),
    ("R-20", lambda q: _if(not q.facts.accepted)),
    ("R-19", lambda q: _if(not q.facts.employed)),
    ("R-06", lambda q: _if(not q.facts.verified and not q.facts.policy.unverified_may_enter)),
    ("R-26", lambda q: _if(q.facts.face_missing)),
    ("R-45", _date),
    ("R-46", _under_age),
    ("R-22", lambda q: _if(q.facts.stay_id is not None)),
    ("R-21", _labour),
)
PLACES = {code: at for at, (code, _) in enumerate(CHECKS)}

# Facts of an allocation of another company, which the asking actor may not see.
WITHHELD = {
    **dict.fromkeys(
        ("assignment_id", "assignment_status", "participation_id", "kind", "company_id", "team_id", "stay_id")
    ),
    **dict.fromkeys(("role", "trade", "company", "team"), ""),
    "allocated_on": None,
    "last_exit": None,
    "employed": False,
}

# The site is asked about R-20 only while an allocation waits for its answer.
NOT_YET = {
    None: (_("用人单位"), _("请用人单位在“人员分配”中分配到本项目")),
    Status.DRAFT: (_("用人单位"), _("请用人单位提交分配")),
    Status.REJECTED: (_("用人单位"), _("按不通过原因改正后再次提交")),
    Status.REMOVED: (_("用人单位"), _("请用人单位重新分配到本项目")),
    Status.ENDED: (_("用人单位"), _("上一次已退场，请用人单位重新分配")),
}

# Raw SQL for the gate: the same SELECT built by the ORM costs more than the rest of a scan.
# An open allocation counts, else the latest. NO KEY UPDATE does not block the foreign key checks of other rows.
SELECT_WITH = """
SELECT p.id AS person_id, p.name, p.birth_date, p.identity_status = 'verified' AS verified,
       COALESCE(p.portrait_id, p.card_portrait_id) AS portrait_id,
       p.face_status <> 'registered' AND p.hand_checked_at IS NULL
           AND a.origin IS DISTINCT FROM 'imported' AS face_missing,
       r.id AS project_id, r.status = 'open' AS project_open,
       (SELECT base FROM projects_projectpolicy f WHERE f.project_id = r.id AND f.from_date <= %(on)s
         ORDER BY f.from_date DESC LIMIT 1) AS policy,
       a.id AS assignment_id, a.status AS assignment_status, COALESCE(a.role, '') AS role,
       COALESCE(a.trade, '') AS trade, a.allocated_on,
       a.participation_id, n.kind, n.company_id, COALESCE(c.name, '') AS company, a.team_id,
       COALESCE(t.name, '') AS team,
       EXISTS (SELECT FROM employment_employment e WHERE e.person_id = p.id
                AND e.id = COALESCE(a.employment_id, e.id)
                AND e.status IN ('active', 'leave_requested', 'dismissal_pending')) AS employed,
       s.id AS stay_id,
       (SELECT max(exited_on) FROM presence_stay x WHERE x.person_id = p.id AND x.project_id = r.id) AS last_exit,
       {checks} AS checks
  FROM {rows}
  LEFT JOIN LATERAL (
       SELECT * FROM assignment_assignment
        WHERE person_id = p.id AND project_id = r.id
        ORDER BY status IN ('draft', 'pending', 'accepted') DESC, id DESC LIMIT 1 {hold}) a ON TRUE
  LEFT JOIN projects_participation n ON n.id = a.participation_id
  LEFT JOIN companies_company c ON c.id = n.company_id
  LEFT JOIN projects_team t ON t.id = a.team_id
  LEFT JOIN presence_stay s ON s.person_id = p.id AND s.project_id = r.id AND s.exited_on IS NULL
 WHERE {asked}
"""
ONE = ("people_person p CROSS JOIN projects_project r", "p.id = %(person)s AND r.id = %(project)s")
MANY = (
    """assignment_assignment q
  JOIN people_person p ON p.id = q.person_id
  JOIN projects_project r ON r.id = q.project_id""",
    "q.id = ANY(%(assignments)s)",
)
HELD = "FOR NO KEY UPDATE"


@cache
def _statement(which: tuple[str, str], hold: str = "") -> str:
    """Built at the first entry, when every module has registered its checks."""
    rows, asked = which
    return SELECT_WITH.format(rows=rows, asked=asked, hold=hold, checks=admission.column())


def _facts(row: dict) -> EntryFacts:
    """The columns are named as the fields; `policy` comes as its code. What was imported only shows that the face is
    missing (domain.md §10.6)."""
    policy = policies.POLICIES.get(row.pop("policy"), policies.DEFAULT)
    row["face_missing"] &= policy.face_before_submit
    row["checks"] = admission.answers(row["checks"])
    return EntryFacts(**row, policy=policy)
