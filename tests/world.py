"""The objects a route may need, once as own and once as a stranger's, for tests over all routes.

Own is 滨江一期 with 安泰劳务 and 张三, foreign is 城东二期 with 远大总包 and 外人, under another station.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from io import BytesIO
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook
from PIL import Image

from shiming.accounts.commands.keys import create_key
from shiming.accounts.models import Passkey, User
from shiming.admission.age import AgeForm
from shiming.admission.models import ProjectCheck
from shiming.attachments import commands as attachments
from shiming.attachments.holders import Holder
from shiming.attendance.models import Correction
from shiming.bulletins.models import Bulletin, BulletinFile
from shiming.companies.models import Company, Staff
from shiming.core import files
from shiming.core.actor import KEEPERS, Actor, Right, Role
from shiming.core.privacy import Secret, blind_index
from shiming.dictionaries.models import DictionaryEntry
from shiming.employment.models import ManagerDraft, Transfer
from shiming.faces.models import FaceAlert, FaceComparison, FaceSession, HandCheck
from shiming.health.declarations import Declared
from shiming.health.models import FamilyMember, Feed, FeedDelivery, HealthFile, PreRegistration
from shiming.health.proposals import commands as proposals
from shiming.imports.sheet import SHEETS, offered_to
from shiming.inbox.models import InboxItem
from shiming.outbox.models import OutboxMessage
from shiming.oversight.models import Inquiry, InquiryLine, InquiryPaper, InspectedPerson, Inspection
from shiming.people.models import Credential
from shiming.presence.models import Card
from shiming.projects.models import FiledPerson, Grant, RegulatorPost
from shiming.restrictions.models import Line as RestrictionLine
from shiming.restrictions.models import Opinion, Restriction
from shiming.restrictions.models import Paper as RestrictionPaper
from shiming.safety.models import Training
from tests.cast import Cast, phone_number
from tests.doors import client_of

ACTORS: dict[str, Callable[[Cast], Actor]] = {
    "legal_rep": lambda cast: cast.staff("安泰法人", cast.antai, Role.LEGAL_REP),
    "hr_officer": lambda cast: cast.hr,
    "implementer": lambda cast: cast.staff("安泰审核", cast.antai, Role.IMPLEMENTER),
    "participant_clerk": lambda cast: cast.staff("安泰经办", cast.antai, Role.PARTICIPANT_CLERK),
    "pm": lambda cast: cast.gc_pm,
    "subcontractor_pm": lambda cast: cast.labour_pm,
    "site_operator": lambda cast: cast.operator(),
    "supervision_pm": lambda cast: cast.supervision_pm,
    "regulator_user": lambda cast: cast.regulator(),
    "sys_admin": lambda cast: cast.admin,
    "person_user": lambda cast: cast.himself(),
}


class Objects:
    """The objects of one world by their names in routes. Made on first access."""

    def __init__(self, cast: Cast, *, person, company: Company, place, pm: Actor, station, actor: Actor | None = None):
        self.actor = actor
        self.cast, self.person, self.company, self.participation = cast, person, company, place
        self.pm, self.station, self.project = pm, station, place.project

    @cached_property
    def employment(self):
        return self.cast.employment(self.person, self.company, team=self.team)

    @cached_property
    def assignment(self):
        return self.cast.assignment(self.employment, self.participation, team=self.team)

    @cached_property
    def bound_place(self):
        """This company's place on a site of manual [004]."""
        repaired = self.cast.project(f"{self.company}修缮", self.station.name, policy="audit_bind")
        return self.cast.participation(repaired, self.company, self.company.kind)

    @cached_property
    def binding(self):
        return self.cast.assignment(self.employment, self.bound_place, status="draft", confirmed_at=None)

    @cached_property
    def bound(self):
        employment = self.cast.employment(self.cast.person(f"{self.company}绑定"), self.company)
        stay = self.cast.stay(self.cast.assignment(employment, self.bound_place), method="approval")
        return stay.assignment

    @cached_property
    def filed_person(self):
        filed = FiledPerson(filing=self.cast.filing(self.bound_place, f"{self.company}负责人"), name=self.person.name)
        filed.id_number, filed.id_digest = Secret(self.person.id_number.plain), self.person.id_digest
        filed.position = "安全员"
        filed.save()
        return filed

    @cached_property
    def audited_binding(self):
        """One that waits for this company, on a site where it is the 实施单位 [004]."""
        project = self.cast.project(f"{self.company}实施的项目", policy="audit_bind")
        self.cast.participation(project, self.company, "implementing")
        builder = self.cast.company(f"{self.company}的施工单位", Company.Kind.GENERAL)
        place = self.cast.participation(project, builder, "general")
        employment = self.cast.employment(self.cast.person(f"{self.company}审核的人"), builder, mode="direct")
        return self.cast.assignment(employment, place, status="pending", confirmed_at=None)

    @cached_property
    def audited_project(self):
        return self.audited_binding.project

    @cached_property
    def stay(self):
        return self.cast.stay(self.assignment)

    @cached_property
    def self_form(self):
        return self.cast.self_form(self.cast.person(f"{self.company}扫码工人"), self.bound_place)

    @cached_property
    def team(self):
        return self.cast.team(f"{self.company}班组", self.company)

    @cached_property
    def contract(self):
        return self.participation.filings.get()

    @cached_property
    def transfer(self):
        return Transfer.objects.create(person=self.person, company=self.company, requested_by_id=self.pm.user_id)

    @cached_property
    def manager_draft(self):
        """The number of a person whom the company is registering, with what a clerk has typed so far."""
        return self._draft(self.cast.person(f"{self.company}待登记"))

    @cached_property
    def worker_draft(self):
        return self._draft(self.cast.person(f"{self.company}待登记工人"), self.bound_place)

    def _draft(self, person, place=None):
        draft = ManagerDraft(company=self.company, user_id=self.pm.user_id, id_digest=person.id_digest, place=place)
        draft.values = {"number": person.id_number.plain, "typed": {"name": [person.name]}}
        draft.save()
        return draft

    @cached_property
    def pending_person(self):
        return self.cast.person(f"{self.company}待核验", status="pending")

    @cached_property
    def card(self):
        return Card.objects.create(person=self.person, issued_by_id=self.pm.user_id)

    @cached_property
    def grant(self):
        today = timezone.localdate()
        return Grant.objects.create(
            participation=self.participation,
            person=self.cast.person(f"{self.company}受权人"),
            rights=list(Right),
            starts_on=today,
            ends_on=today + timedelta(days=60),
            given_by_id=self.pm.user_id,
        )

    @cached_property
    def correction(self):
        now = timezone.now()
        return Correction.objects.create(
            person=self.person,
            project=self.project,
            day=timezone.localdate(now - timedelta(days=1)),
            came_at=now - timedelta(days=1),
            reason="忘记打卡",
            requested_by=self.cast.user(self.person.name, self.person),
        )

    @cached_property
    def inbox_item(self):
        about = {"kind": "test", "subject_type": "people.person", "subject_id": self.person.pk, "title": "请看"}
        return InboxItem.objects.create(person=self.person, **about)

    @cached_property
    def message(self):
        phone = phone_number(1)
        return OutboxMessage.objects.create(
            to=phone, to_digest=blind_index("phone", phone), purpose="测试", text="您的验证码是 123456"
        )

    @cached_property
    def user(self):
        return User.objects.create(username=f"clerk-{uuid4()}", name=f"{self.company}职员")

    @cached_property
    def staff(self):
        return Staff.objects.create(
            user=self.user, company=self.company, role=Role.HR_OFFICER, since=timezone.localdate()
        )

    @cached_property
    def post(self):
        return RegulatorPost.objects.create(user=self.user, station=self.station)

    @cached_property
    def passkey(self):
        return Passkey.objects.create(user=self.user, credential_id=uuid4().bytes, public_key=b"key", name="手机")

    @cached_property
    def key(self):
        legal = self.cast.staff(f"{self.company}密钥法人", self.company, Role.LEGAL_REP)
        return create_key(name="密钥", days=30, by=legal)[0]

    @cached_property
    def sheet_code(self):
        """The kind of file that this actor may import; a stranger's is the administrator's."""
        offered = offered_to(self.actor) if self.actor else []
        return offered[0].code if offered else "companies"

    @cached_property
    def sheet(self):
        """The number of an uploaded Excel file whose one line is full of mistakes."""
        labels = [column.label for column in SHEETS[self.sheet_code].columns]
        own = self.actor and self.actor.role in SHEETS[self.sheet_code].roles
        return uploaded(self.actor if own else self.cast.admin, self.sheet_code, labels, ["?"] * len(labels))

    @cached_property
    def attachment(self):
        """A paper of the person, kept by the company."""
        return attachments.take(self._papers, kind="其他", name="a.pdf", whole=b"%PDF-1.7 %%EOF", by=self._keeper)

    @cached_property
    def upload(self):
        return attachments.begin(self._papers, kind="其他", name="a.pdf", size=9, by=self._keeper)

    @cached_property
    def inquiry(self):
        made = Inquiry(
            project=self.project, kind="forgotten", label="在场无考勤", number=1, due_on=timezone.localdate()
        )
        made.sent_by = self.user
        made.save()
        return made

    @cached_property
    def inquiry_paper(self):
        line = InquiryLine.objects.create(
            inquiry=self.inquiry, by_user=self.user, by="甲", from_site=True, text="见附件"
        )
        stored = files.store(b"%PDF-1.7 %%EOF", kind="inquiry", media_type="application/pdf")
        return InquiryPaper.objects.create(line=line, file=stored, name="说明.pdf")

    @cached_property
    def inspection(self):
        made = Inspection.objects.create(project=self.project, inspector=self.user, by="甲")
        InspectedPerson.objects.create(inspection=made, stay=self.stay)
        return made

    @property
    def _papers(self) -> Holder:
        return Holder(self.company.pk, self.person.id_digest, self.person.name)

    @property
    def _keeper(self) -> Actor:
        """The actor, where the actor keeps this company's papers."""
        own = self.actor and self.actor.role in KEEPERS and self.actor.company_id == self.company.pk
        return self.actor if own else self.cast.staff(f"{self.company}材料员", self.company)

    @cached_property
    def hand_check(self):
        return HandCheck.objects.create(
            person=self.person, how="two_people", first=self.user, company_id=self.company.pk, place="项目部"
        )

    @cached_property
    def face_session(self):
        """Of the actor who asks; a stranger's is that of the stranger's PM."""
        by = self.actor.user_id if self.actor else self.pm.user_id
        return FaceSession.objects.create(
            person=self.person,
            purpose="prove",
            by_id=by,
            moves=["straight", "left", "closer", "right"],
            expires_at=timezone.now() + timedelta(minutes=3),
        )

    @cached_property
    def face_comparison(self):
        session = FaceSession.objects.create(
            person=self.person,
            purpose="prove",
            status="comparing",
            by=self.user,
            moves=["straight", "left", "closer", "right"],
            expires_at=timezone.now(),
        )
        row = FaceComparison(session=session, person=self.person, score=0.3, engine="test", enrolled_by=self.user)
        for column, content in (("sealed", bytes(512)), ("face", _drawn()), ("card", _drawn())):
            row.seal(column, content)
        row.save()
        return row

    @cached_property
    def face_alert(self):
        first, second = sorted((self.person.pk, self.cast.person(f"{self.company}相像的人").pk))
        return FaceAlert.objects.create(first_id=first, second_id=second, score=0.7)

    @cached_property
    def check(self):
        """The age check of the project, which only notes."""
        settings = {name: field.initial for name, field in AgeForm.base_fields.items() if field.initial}
        given = {"effect": "note", "settings": settings | {"trades": []}, "from_date": timezone.localdate()}
        return ProjectCheck.objects.create(project=self.project, code="age", **given)

    @property
    def checked_project(self):
        return self.check.project

    @cached_property
    def preregistration(self):
        row = PreRegistration(person=self.person, project=self.project, participation=self.participation)
        row.filing = self.contract
        row.values = {"origin": "上海市", "declaration": _declared(self.person.name)}
        return self._registered(row)

    @cached_property
    def family_member(self):
        member = FamilyMember(
            preregistration=self.preregistration, person=self.cast.person(f"{self.company}职工的家属")
        )
        member.values = {"origin": "上海市", "declaration": _declared(member.person.name)}
        return self._registered(member)

    def _registered(self, row):
        row.registered_on, row.registered_by_id = timezone.localdate(), self.pm.user_id
        row.save()
        return row

    @cached_property
    def training(self):
        today = timezone.localdate()
        return Training.objects.create(
            person=self.assignment.person,
            company=self.company,
            project=self.project,
            level="project",
            taken_on=today,
            hours=15,
            passed=True,
            valid_until=today + timedelta(days=300),
            recorded_by_id=self.pm.user_id,
        )

    @cached_property
    def credential(self):
        until = timezone.localdate() + timedelta(days=300)
        given = {"name": "建筑架子工操作资格证", "number": f"{self.company}证 1", "valid_until": until}
        return Credential.objects.create(person=self.assignment.person, **given)

    @cached_property
    def restriction(self):
        """One of the company about its site, for which a second company was asked."""
        today = timezone.localdate()
        row = Restriction(person=self.assignment.person, company=self.company, issuer_key=self.company.pk)
        row.project, row.category, row.issued_by_id = self.project, "其他", self.pm.user_id
        row.from_date, row.until, row.alone_until = today, today + timedelta(days=40), today + timedelta(days=29)
        row.save()
        return row

    @cached_property
    def restriction_opinion(self):
        firm = self.cast.company(f"{self.company}之外的监理", Company.Kind.SUPERVISION)
        place = self.cast.participation(self.project, firm, "supervision")
        about = {"place": place, "firm": firm, "project": self.project, "asked_by_id": self.pm.user_id}
        return Opinion.objects.create(restriction=self.restriction, issuer_key=self.company.pk, **about)

    @cached_property
    def restriction_paper(self):
        said = {"step": "issued", "by": "甲", "by_user_id": self.pm.user_id, "text": "见附件"}
        line = RestrictionLine.objects.create(restriction=self.restriction, **said)
        stored = files.store(b"%PDF-1.7 %%EOF", kind="restriction", media_type="application/pdf")
        return RestrictionPaper.objects.create(line=line, file=stored, name="经过.pdf")

    @cached_property
    def bulletin(self):
        today = timezone.localdate()
        given = {"title": "操作说明", "category": "操作说明", "body": "先预登记，再进场。"}
        return Bulletin.objects.create(**given, from_day=today, written_by=self.user)

    @cached_property
    def bulletin_file(self):
        stored = files.store(b"%PDF-1.7 %%EOF", kind="bulletin", media_type="application/pdf")
        given = {"name": "说明.pdf", "size": 14, "media_type": "application/pdf"}
        return BulletinFile.objects.create(bulletin=self.bulletin, stored=stored, **given)

    @cached_property
    def proposal(self):
        """What a worker sent by the code of the participation."""
        person = self.cast.person(f"{self.company}扫码预登记")
        given = {"name": person.name, "id_number": person.id_number.plain, "phone": person.phone.plain}
        given |= {"origin": "安徽省阜阳市", "firm": "", "notice_version": "2026-12"}
        return proposals.propose(self.participation, **given)

    @cached_property
    def feed_delivery(self):
        """A file that has not arrived, of a day of its own."""
        today = timezone.localdate()
        given = {"receiver": "接收单位", "basis": "通知", "from_day": today, "started_by_id": self.pm.user_id}
        feed, _ = Feed.objects.get_or_create(project=self.project, stopped_at=None, defaults=given)
        return FeedDelivery.objects.create(
            feed=feed,
            project=self.project,
            day=today - timedelta(days=feed.deliveries.count()),
            rows=0,
            receiver="接收单位",
            file="a.zip",
            digest="0" * 64,
            status="failed",
            stored=files.store(b"PK", kind="feed", media_type="application/zip"),
        )

    @cached_property
    def health_file(self):
        stored = files.store(b"%PDF-1.7 %%EOF", kind="health", media_type="application/pdf")
        return HealthFile.objects.create(
            kind="resumption",
            project=self.project,
            name="复工检查表.pdf",
            size=14,
            media_type="application/pdf",
            stored=stored,
            uploaded_by_id=self.pm.user_id,
        )

    @cached_property
    def entry(self):
        return DictionaryEntry.objects.filter(table="trade").first()

    @cached_property
    def day(self):
        return timezone.localdate()


def own(cast: Cast, actor: Actor | None) -> Objects:
    """滨江一期 for this actor: the place of the actor's firm, and one of its employees."""
    places = {cast.hongji.pk: cast.gc_place, cast.mingcheng.pk: cast.supervision_place}
    place = places.get(actor.company_id if actor else None, cast.labour_place)
    person = cast.zhang if place == cast.labour_place else cast.person(f"{place.company}职工")
    _with_portrait(person)
    pms = {cast.gc_place.pk: cast.gc_pm, cast.supervision_place.pk: cast.supervision_pm}
    pm = pms.get(place.pk, cast.labour_pm)
    station = cast.binjiang.station
    made = Objects(cast, person=person, company=place.company, place=place, pm=pm, station=station, actor=actor)
    assert made.stay.on_site
    ProjectCheck.objects.create(project=cast.binjiang, code="health", effect="refuse", from_date=timezone.localdate())
    return made


def foreign(cast: Cast) -> Objects:
    pm = cast.stranger_pm
    person = _with_portrait(cast.person("外人"))
    station = cast.chengdong.station
    made = Objects(cast, person=person, company=cast.yuanda, place=cast.stranger_place, pm=pm, station=station)
    assert made.stay.on_site
    return made


def uploaded(by: Actor, kind: str, *lines: list) -> str:
    """The number of an Excel file that has been uploaded and checked, but not imported."""
    book, typed = Workbook(), BytesIO()
    for line in lines:
        book.active.append(line)
    book.save(typed)
    file = SimpleUploadedFile("表.xlsx", typed.getvalue())
    answer = client_of(by).post(f"/imports/{kind}/", {"file": file})
    return re.search(r"/files/([0-9a-f-]{36})/", answer["Location"])[1]


def _declared(name: str) -> dict:
    return Declared(name, timezone.now(), "上海市", "36.5", "无异常症状").as_dict()


def _with_portrait(person):
    if person.portrait_id is None:
        person.portrait = files.store(_drawn(), kind="portrait", media_type="image/jpeg")
        person.save()
    return person


def _drawn() -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (60, 80), "#888").save(drawn, "JPEG")
    return drawn.getvalue()
