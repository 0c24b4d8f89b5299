"""What can be asked about bindings: the projects of a company, and its managers and workers on each."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from shiming.assignment import positions
from shiming.assignment import queries as assignments
from shiming.assignment.checks import person_refusals
from shiming.assignment.models import Assignment
from shiming.attachments import queries as attachments
from shiming.binding.words import LIVE, TO_SUBMIT
from shiming.core.actor import KEEPERS, Actor
from shiming.core.events import Event
from shiming.core.models import AuditEntry
from shiming.core.privacy import Secret
from shiming.core.refusals import Refusal, refusal, unnumbered
from shiming.employment import queries as employments
from shiming.employment.bindings import AuditState
from shiming.employment.models import Employment, ManagerDraft
from shiming.idcard.names import difference
from shiming.people.models import Person
from shiming.projects.chain import BUILDERS
from shiming.projects.flows import implementer_audits
from shiming.projects.models import ContractFiling, FiledPerson, Participation
from shiming.projects.policies import Policy
from shiming.projects.queries import current_people, following, policy_of

Status, WORKER = Assignment.Status, Assignment.WORKER
IN_FACE = Q(person__face_status=Person.Face.REGISTERED)
BY_HAND = Q(person__hand_checked_at__isnull=False)


def places(actor: Actor, code: str = "", name: str = "", status: str = "") -> QuerySet[Participation]:
    """The places of this company on projects of this flow; `status` of the project, empty for all."""
    rows = Participation.objects.none()
    if actor.role in KEEPERS:
        rows = Participation.objects.filter(company=actor.company_id, left_on=None)
        rows = rows.filter(project__in=following(implementer_audits))
    if code:
        rows = rows.filter(project__filing_code__icontains=code.strip())
    if name:
        rows = rows.filter(project__name__icontains=name.strip())
    if status:
        rows = rows.filter(project__status=status)
    return rows.select_related("project", "company")


def given_up(actor: Actor, pk: str) -> Participation | None:
    """The place this company has just deleted from its list."""
    try:
        key = UUID(pk)
    except ValueError:
        return None
    rows = Participation.objects.filter(company=actor.company_id).exclude(left_on=None)
    return rows.select_related("project").filter(pk=key).first() if actor.role in KEEPERS else None


def counted(rows: list[Participation]) -> list[Participation]:
    """With `managers` and `workers`: as many as the rows that the links open (domain.md §11.9)."""
    managers: dict = defaultdict(set)
    filed = current_people().filter(filing__participation__in=rows, filing__status=ContractFiling.Status.FILED)
    for place, digest in filed.values_list("filing__participation", "id_digest"):
        managers[place].add(digest)
    live = Assignment.objects.filter(participation__in=rows, status__in=LIVE)
    for place, digest in live.exclude(role=WORKER).values_list("participation", "person__id_digest"):
        managers[place].add(digest)
    workers = Counter(live.filter(role=WORKER).values_list("participation", flat=True))
    for place in rows:
        place.managers, place.workers = len(managers[place.pk]), workers[place.pk]
    return rows


def drafts(place: Participation) -> QuerySet[Assignment]:
    """What goes when the project is deleted."""
    return place.assignments.filter(status__in=TO_SUBMIT).select_related("person").order_by("person__name", "pk")


def filed_on(place: Participation) -> QuerySet[FiledPerson]:
    """The people filed today for the contracts of this place."""
    return current_people().filter(filing__participation=place, filing__status=ContractFiling.Status.FILED)


@dataclass
class ManagerRow:
    """One manager of a company on a project: filed, bound, or both."""

    name: str
    id_number: Secret
    position: str
    phone: Secret | None
    filed: FiledPerson | None
    assignment: Assignment | None
    person: Person | None
    employment: Employment | None
    elsewhere: bool
    lacks: list[Refusal]
    changes: str = ""
    warning: str = ""

    @property
    def pk(self):
        """What is ticked: the binding; a person without one cannot be submitted."""
        return self.assignment.pk if self.assignment else ""

    @property
    def word(self) -> AuditState | str:
        return AuditState(self.assignment.status) if self.assignment else ""

    @property
    def position_label(self) -> str:
        return positions.label(self.position)

    @property
    def face(self) -> str:
        return self.person.face_answer if self.person else "否"

    @property
    def submits(self) -> bool:
        return self.word in TO_SUBMIT

    @property
    def may_be_drafted(self) -> bool:
        return self.assignment is None and self.employment is not None and not self.lacks

    @property
    def not_filed_any_more(self) -> bool:
        return self.filed is None and self.word != AuditState.ENDED

    @property
    def must_register(self) -> bool:
        """Whether the manager must be registered next (R-28)."""
        return self.assignment is None and not self.elsewhere and "R-28" in {item.code for item in self.lacks}

    @property
    def note(self) -> str:
        """What is missing, or what there is to know, in one cell."""
        notes = [str(item) for item in self.lacks]
        if self.word == AuditState.REJECTED:
            notes.insert(0, f"不通过原因：{self.assignment.decision_note}")
        if self.changes:
            notes.append(f"再次提交{self.changes}")
        if self.not_filed_any_more:
            notes.append("合同已不再报送此人")
        if self.warning:
            notes.append(self.warning)
        return "；".join(notes)


def filed_managers(place: Participation) -> list[ManagerRow]:
    """Every manager of the page: the filed people of today, and those bound or submitted without being filed."""
    return managers(place, place.assignments.filter(status__in=LIVE))


def ended_managers(place: Participation) -> list[ManagerRow]:
    rows = place.assignments.filter(status=Status.ENDED).exclude(role=WORKER)
    return [_row(row, None, place, None, []) for row in rows.select_related(*_RELATED).order_by("-ended_at", "pk")]


def managers(place: Participation, bound: QuerySet[Assignment]) -> list[ManagerRow]:
    filed = {row.id_digest: row for row in filed_on(place).order_by("-pk")}
    found = bound.exclude(role=WORKER).select_related(*_RELATED).order_by("pk")
    by_person = {row.person.id_digest: row for row in found}
    people = {row.id_digest: row for row in Person.objects.filter(id_digest__in=filed)}
    jobs = Employment.objects.filter(person__in=people.values(), status__in=Employment.EMPLOYED)
    jobs = {row.person_id: row for row in jobs.exclude(mode="implicit")}
    policy, changes = policy_of(place.project), changes_of(by_person.values())

    rows = [_row(row, filed.get(digest), place, policy, changes) for digest, row in by_person.items()]
    _note_old_proofs(rows, place, policy)
    for digest in filed.keys() - by_person.keys():
        person = people.get(digest)
        rows.append(_unbound(filed[digest], person, jobs.get(person.pk) if person else None, place))
    return sorted(rows, key=lambda row: (row.position, row.name, str(row.id_number)))


def _note_old_proofs(rows: list[ManagerRow], place: Participation, policy: Policy) -> None:
    """R-27 beside what else is missing, and a warning while the proof is in its last days. One query each."""
    if not policy.social_proof_days:
        return
    waiting = {row.person.id_digest: row for row in rows if row.submits}
    days = policy.social_proof_days
    for digest, lacking in attachments.proof_refusals(place.company_id, waiting, days).items():
        waiting[digest].lacks.append(lacking)
    for digest, warning in attachments.proof_warnings(place.company_id, waiting, days).items():
        waiting[digest].warning = warning if not waiting[digest].lacks else ""


def workers(
    actor: Actor, place: Participation, name: str = "", status: str = "", face: str = ""
) -> QuerySet[Assignment]:
    """现场作业人员 of this place: those that count, or those of one state."""
    rows = assignments.assignments(actor).filter(participation=place, role=WORKER)
    rows = rows.filter(status__in=[status] if status else LIVE)
    if face:
        rows = rows.filter(IN_FACE | BY_HAND) if face == "yes" else rows.exclude(IN_FACE | BY_HAND)
    return assignments.called(rows, name, actor)


def bound_workers(actor: Actor) -> QuerySet[Assignment]:
    """The company's own workers on all its projects of this flow."""
    return Assignment.objects.filter(participation__in=places(actor), role=WORKER)


def known_workers(actor: Actor, place: Participation, name: str = "") -> QuerySet[Employment]:
    """Workers of this company who are not on this project yet."""
    there = Assignment.objects.filter(person=OuterRef("person_id"), project=place.project_id)
    there = there.filter(status__in=(*Assignment.OPEN, Status.REJECTED))
    rows = assignments.employees(actor).filter(~Exists(there), kind=Employment.Kind.WORKER)
    return assignments.called(rows, name, actor)


def worker_drafts(actor: Actor) -> QuerySet[ManagerDraft]:
    """What was typed of workers and not saved, on the company's projects of this flow."""
    rows = employments.every_draft(actor).filter(place__in=places(actor))
    return rows.select_related("place__project", "place__company", "user", "company")


def new_worker_drafts(actor: Actor, place: Participation) -> QuerySet[ManagerDraft]:
    """Those of people who are not on the project; changes of others are offered on their own page."""
    there = Assignment.objects.filter(participation=place, status__in=(*Assignment.OPEN, Status.REJECTED))
    return worker_drafts(actor).filter(place=place).exclude(id_digest__in=there.values("person__id_digest"))


def employed_here(actor: Actor, draft: ManagerDraft) -> Employment | None:
    """The employment that this company has with the person of the draft."""
    rows = employments.registered_here(actor).filter(status__in=Employment.EMPLOYED)
    return rows.filter(person__id_digest=draft.id_digest).first()


def described(rows: list[Assignment]) -> list[Assignment]:
    """Rows of one project, with the words of this flow, what each worker lacks, and what changed since the last
    submission."""
    changes = changes_of(rows)
    policies = {row.project_id: policy_of(row.project) for row in rows[:1]}
    for row in rows:
        row.word, row.note = AuditState(row.status), _note_of(row, policies[row.project_id], changes)
    return rows


def changes_of(rows) -> dict[str, str]:
    """Assignment → what changed when it was submitted again, for those that wait for the audit."""
    waiting = [str(row.pk) for row in rows if row.status == Status.PENDING]
    entries = AuditEntry.objects.filter(object_id__in=waiting, event=Event.ASSIGNMENT_RESUBMITTED).order_by("pk")
    return {entry.object_id: entry.params.get("changes") or "（没有改动）" for entry in entries} if waiting else {}


def lacks_of(assignment: Assignment, policy: Policy) -> list[Refusal]:
    """What will be refused at 提交, the papers aside: a page reads those of all its rows at once."""
    return person_refusals(assignment, assignment.employment, policy) if assignment.status in TO_SUBMIT else []


def builds(place: Participation) -> bool:
    return place.kind in BUILDERS


_RELATED = ("person", "employment", "participation", "project")


def _note_of(row: Assignment, policy: Policy, changes: dict) -> str:
    notes = [str(item) for item in lacks_of(row, policy)]
    if row.status == Status.REJECTED:
        notes.insert(0, f"不通过原因：{row.decision_note}")
    if str(row.pk) in changes:
        notes.append(f"再次提交{changes[str(row.pk)]}")
    return "；".join(notes)


def _row(row: Assignment, filed: FiledPerson | None, place: Participation, policy, changes) -> ManagerRow:
    lacks = lacks_of(row, policy) if policy else []
    return ManagerRow(
        name=row.person.name,
        id_number=row.person.id_number,
        position=row.role,
        phone=row.employment.contact_phone or row.person.phone,
        filed=filed,
        assignment=row,
        person=row.person,
        employment=row.employment,
        elsewhere=False,
        lacks=lacks,
        changes=changes.get(str(row.pk), "") if changes else "",
    )


def _unbound(filed: FiledPerson, person: Person | None, job: Employment | None, place: Participation) -> ManagerRow:
    here = job if job and job.company_id == place.company_id else None
    return ManagerRow(
        name=filed.name,
        id_number=filed.id_number,
        position=filed.position,
        phone=filed.phone,
        filed=filed,
        assignment=None,
        person=person if here else None,
        employment=here,
        elsewhere=job is not None and here is None,
        lacks=_unbound_lacks(filed, person, job, here),
    )


def _unbound_lacks(filed, person, job, here) -> list[Refusal]:
    """Why a filed person is not drafted. For a person of another company it returns R-05 alone (domain.md §7.9)."""
    if job and not here:
        return [refusal("R-05")]
    if here is None:
        return [refusal("R-28")]
    if here.kind != Employment.Kind.MANAGER:
        return [refusal("R-28"), unnumbered("本单位登记的是作业人员，请在“管理人员登记”改为管理人员")]
    if here.status != Employment.Status.ACTIVE or not here.profile_completed:
        return [refusal("R-19")]
    if other := difference(person.name, filed.name):
        return [other]
    if filed.position not in dict(positions.choices()):
        return [unnumbered(f"字典里没有岗位“{filed.position}”，请系统管理员补充")]
    return []
