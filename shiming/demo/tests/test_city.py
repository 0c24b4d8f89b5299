"""The city: people in every state, a plausible trail, no real data."""

import json
import random
from collections import Counter

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from shiming.accounts.hats import offers
from shiming.accounts.models import User
from shiming.admission.models import ProjectCheck
from shiming.admission.queries import would_stop
from shiming.assignment.models import Assignment
from shiming.attachments.models import Attachment
from shiming.attendance.days import DayStatus, days_of
from shiming.attendance.models import AttendanceEvent, Correction
from shiming.binding.models import SelfForm
from shiming.binding.queries import filed_managers
from shiming.bulletins.queries import shown
from shiming.companies.models import Company
from shiming.core import seals
from shiming.core.environment import Environment, environment
from shiming.core.models import AuditEntry
from shiming.demo.city import accounts, build
from shiming.demo.city.moments import clock_at, moment
from shiming.demo.management.commands import build_city
from shiming.demo.tests import demo_urls
from shiming.devices.models import CardReading
from shiming.employment.models import Employment, Transfer
from shiming.evidence import business
from shiming.evidence.seals import verify
from shiming.faces.models import HandCheck
from shiming.health.models import (
    DailyHealth,
    DeclarationOnFile,
    Disposition,
    FeedDelivery,
    PreRegistration,
    Proposal,
    SiteInfo,
)
from shiming.idcard import number as id_number
from shiming.inbox.models import InboxItem
from shiming.people.models import Credential, Person
from shiming.presence.eligibility import eligibility
from shiming.presence.models import Stay
from shiming.projects.models import Grant, Participation, Project
from shiming.restrictions.models import Restriction

pytestmark = pytest.mark.django_db  # pytest-django then sorts them before the tests that empty every table

PEOPLE = 1000


@pytest.fixture(scope="module")
def printed(django_db_setup, django_db_blocker):
    """The output of building a city of PEOPLE; the city exists until the end of these tests."""
    lines = []
    with django_db_blocker.unblock(), transaction.atomic():
        build.build(people=PEOPLE, seed=11, detailed=PEOPLE, say=lines.append)
        yield lines
        transaction.set_rollback(True)
    accounts.path().unlink()
    for path in environment().anchor_files:
        path.unlink()


def states(model, name="status"):
    return set(model.objects.values_list(name, flat=True))


@pytest.mark.parametrize(
    ("model", "name"),
    [(Person, "identity_status"), (Employment, "status"), (Transfer, "status"), (Assignment, "status"),
     (Correction, "status"), (Project, "status")],
    ids=lambda value: getattr(value, "__name__", ""),
)  # fmt: skip
def test_every_state_has_a_row(printed, model, name):
    assert states(model, name) == set(dict(model._meta.get_field(name).choices))


def test_every_command_of_today_succeeds(printed):
    assert [line for line in printed if "未办成" in line] == []


def test_people_leave_and_some_are_on_site(printed):
    stays = Stay.objects.all()
    assert Person.objects.count() == PEOPLE
    assert stays.filter(exited_on=None).count() > PEOPLE / 2
    assert {stays.filter(exited_on__isnull=False, auto=auto).exists() for auto in (True, False)} == {True}
    assert Assignment.objects.filter(status="accepted", stays=None).exists(), "nobody waits at the gate"


def test_stay_copies_firm_crew_and_trade(printed):
    asked = Stay.objects.values_list("company", "team", "trade", "project", "person")
    through = Stay.objects.values_list(
        "assignment__participation__company", "assignment__team", "assignment__trade", "assignment__project",
        "assignment__person",
    )  # fmt: skip
    assert list(asked.order_by("pk")) == list(through.order_by("pk"))


def test_two_sites_are_in_trouble(printed):
    late = Assignment.objects.filter(status="pending", allocated_on__lt=_days_ago(3))
    ((worst, most),) = Counter(late.values_list("project", flat=True)).most_common(2)
    assert most > 5
    grants = Grant.objects.filter(participation__project=worst, revoked_at=None)
    assert {grant.state for grant in grants} == {Grant.State.EXPIRED}

    closed = Counter(AttendanceEvent.objects.filter(method="auto_close").values_list("project_id", flat=True))
    (forgetful, most), (_, next_most) = closed.most_common(2)
    assert forgetful != worst and most > 3 * next_most


def test_trail_of_worker_is_in_order(printed):
    person = Stay.objects.filter(exited_on=None, assignment__role="worker", method="scan").latest("entered_at").person
    lines = list(AuditEntry.objects.filter(person_id=person.pk).order_by("id"))
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    assert [line.event for line in lines][:8] == [
        *("person.submitted", "person.verified", "employment.invited", "employment.confirmed"),
        *("employment.profile", "assignment.proposed", "assignment.accepted", "stay.opened"),
    ]
    assert str(lines[0]) == f"{person.name}提交个人信息登记"


def test_months_of_worker_are_mostly_whole_days(printed):
    person = random.Random(3).choice(list(Stay.objects.filter(exited_on=None, entered_on__lt=_days_ago(60)))).person_id
    days = Counter(day.status for day in days_of(AttendanceEvent.objects.filter(person_id=person)))
    assert days[DayStatus.NORMAL] > 0.6 * days.total() > 20


def test_open_questions_stand_in_the_inbox(printed):
    asked = InboxItem.objects.filter(asks=True, answered_at=None)
    assert Employment.objects.filter(status="invited").count() <= asked.filter(person__isnull=False).count()
    assert asked.filter(project__isnull=False).exists()


def test_trail_agrees_with_its_seals(printed):
    assert [finding for chain in seals.CHAINS.values() for finding in verify(chain)] == []


def test_business_rows_agree_with_trail(printed):
    assert [str(finding) for finding in business.verify()] == []


def test_city_has_invented_numbers_only_encrypted(printed):
    numbers = [person.id_number.plain for person in Person.objects.all()[:200]]
    assert all(id_number.is_valid(number) and id_number.is_invented(number) for number in numbers)
    with connection.cursor() as cursor:
        for table in ("people_person", "core_auditentry", "inbox_inboxitem", "accounts_user"):
            cursor.execute(f"SELECT string_agg(t::text, '') FROM {table} t")
            text = cursor.fetchone()[0]
            assert [number for number in numbers if number in text] == [], table


def test_every_story_has_an_account(printed):
    listed = accounts.known()
    assert [account.key for account in listed] == [story.key for story in accounts.STORIES]
    assert oct(accounts.path().stat().st_mode & 0o777) == "0o600"
    assert set(json.loads(accounts.path().read_text())[0]) >= {"door", "role", "name", "password", "totp_secret"}
    staff = next(account for account in listed if account.key == "labour-hr")
    assert User.objects.get(username=staff.username).check_password(staff.password)


def test_worker_at_gate_enters_by_general_contractor(printed):
    stories = {account.key: account for account in accounts.known()}
    person = User.objects.get(pk=stories["at-the-gate"].user_id).person
    outcome = {}
    for key in ("gc-pm", "labour-pm"):
        user = User.objects.get(pk=stories[key].user_id)
        pm = next(hat.actor for hat in offers(user) if str(hat.source) == stories[key].hat)
        reasons = eligibility(person, Project.objects.get(pk=pm.project_id), scanner=pm)
        outcome[key] = [reason.code for reason in reasons]
    assert outcome == {"gc-pm": [], "labour-pm": ["R-21"]}


def test_every_flow_has_present_and_former_people(printed):
    here = Counter(Stay.objects.filter(exited_on=None).values_list("project__policies__base", flat=True))
    gone = Counter(Stay.objects.exclude(exited_on=None).values_list("project__policies__base", flat=True))
    flows = {"site_direct", "two_tier", "audit_bind", "invite_scan"}
    assert (set(here), set(gone)) == (flows, flows)
    assert min(here.values()) > 20


def test_entry_desk_has_every_kind_of_stay(printed):
    rows = Stay.objects.filter(project__policies__base="site_direct")
    irregular = rows.filter(person__identity_status="unverified", exited_on=None)
    left = rows.exclude(exited_on=None)
    teams = set(rows.values_list("assignment__team__off_site_leader", flat=True))
    assert set(rows.values_list("method", flat=True)) == {"form"}
    assert irregular.exists() and left.exists() and not left.filter(rating="").exists()
    assert rows.filter(assignment__employment__is_leader=True).exists() and {True, False} <= teams
    assert not left.filter(assignment__employment__status="active").exists(), "the employment outlived the last exit"
    assert Counter(rows.values_list("person", flat=True)).most_common(1)[0][1] > 1, "nobody came back"
    assert CardReading.objects.filter(project__policies__base="site_direct", newly_verified=True).exists()


def test_overlay_has_people_in_every_status(printed):
    assert states(Disposition) == {"clear", "isolate", "suspected", "confirmed"}
    assert PreRegistration.objects.values("project").distinct().count() == 2
    assert DailyHealth.objects.exists() and SiteInfo.objects.count() == 4
    declared = set(DeclarationOnFile.objects.values_list("id_digest", flat=True))
    assert declared - set(PreRegistration.objects.values_list("person__id_digest", flat=True))


def test_certificates_are_valid_expiring_expired_and_missing(printed):
    today = timezone.localdate()
    days = {
        (day - today).days
        for day in Credential.objects.filter(valid_from__isnull=False).values_list("valid_until", flat=True)
    }
    assert {-9, 18, 400} <= days
    check = ProjectCheck.objects.get(code="credentials")
    lacking = would_stop(check.project, "credentials", check.settings, today)
    assert {item.code for refusals in lacking.values() for item in refusals} == {"R-50"}
    assert any("到期" not in refusals[0].sentence for refusals in lacking.values()), "no certificate is missing"
    assert would_stop(check.project, "training", ProjectCheck.objects.get(code="training").settings)


def test_one_restriction_waits_for_an_answer_and_one_for_the_second_company(printed):
    rows = Restriction.objects.order_by("from_date")
    found = [(row.status, [opinion.status for opinion in row.opinions.all()]) for row in rows]
    assert found == [("appealed", ["opinion_agreed"]), ("standing", ["opinion_asked"])]


def test_two_tier_flow_has_every_state(printed):
    rows = Assignment.objects.filter(project__policies__base="two_tier", employment__mode="direct")
    assert {"pending", "accepted", "rejected", "ended"} <= set(rows.values_list("status", flat=True))
    assert {"labour"} == set(rows.values_list("participation__kind", flat=True))
    entered = Stay.objects.filter(assignment__in=rows)
    assert set(entered.values_list("method", flat=True)) == {"acceptance"}
    assert {*entered.values_list("assignment__lodges_on_site", flat=True)} == {True, False}
    direct = Employment.objects.filter(mode="direct")
    assert {"active", "ended"} == set(direct.values_list("status", flat=True))
    assert Counter(direct.values_list("person", "company")).most_common(1)[0][1] > 1, "no second registration"
    assert direct.filter(status="active", assignments=None).exists(), "nobody is left in the tree"
    objected = direct.exclude(objected_at=None)
    assert {*objected.values_list("status", flat=True)} == {"active", "ended"}
    assert not objected.filter(Q(objected_at__lt=F("ended_at")) | Q(objected_at__lt=F("started_at"))).exists()


def test_audited_sites_have_every_state(printed):
    rows = Assignment.objects.filter(project__policies__base="audit_bind")
    main = rows.filter(participation__kind="general", project=_of_story("clerk"))
    for people in (main.filter(role="worker"), main.exclude(role="worker")):
        assert set(people.values_list("status", flat=True)) == {"draft", "pending", "rejected", "accepted", "ended"}
    assert set(Stay.objects.filter(assignment__in=rows).values_list("method", flat=True)) == {"approval"}
    again = AuditEntry.objects.filter(event="assignment.resubmitted", project_id=_of_story("clerk"))
    assert [entry.params["changes"] for entry in again] == ["（工种 油漆工 → 抹灰、镶贴工）"]

    drafts = main.filter(status="draft").select_related("person", "employment")
    faces = {(row.person.face_status, row.person.hand_checked_at is not None) for row in drafts}
    assert faces == {("none", False), ("none", True), ("registered", False), ("withdrawn", False)}
    assert {"是", "否（人工核验）"} == {row.person.face_answer for row in main.filter(status="accepted")}
    assert HandCheck.objects.filter(status="waiting").count() == 1


def test_audited_managers_show_every_gap(printed):
    place = Participation.objects.get(project=_of_story("clerk"), kind="general")
    listed = filed_managers(place)
    assert all(row.filed for row in listed)
    rows = {row.position: row for row in sorted(listed, key=lambda row: row.word == "draft")}
    gaps = {position: {item.code for item in row.lacks} for position, row in rows.items()}
    assert (gaps["标准员"], gaps["机械员"], gaps["劳务员"]) == ({"R-28"}, {"R-05"}, {"R-26"})
    assert {row.word for row in rows.values() if row.assignment} == {"draft", "pending", "rejected", "accepted"}

    proofs = Attachment.objects.filter(kind="社保记录", company=place.company)
    ages = {row.about: (timezone.localdate() - row.issued_on).days for row in proofs}
    assert ages[rows["材料员"].name] > 60 >= ages[rows["安全员"].name] and rows["测量员"].name not in ages
    moved = Employment.objects.filter(person__name=rows["机械员"].name, duty="机械员")
    assert [(row.status, row.company == place.company) for row in moved.order_by("started_at")] == [
        ("ended", True),
        ("active", False),
    ]


def test_poster_has_forms_in_every_state(printed):
    forms = SelfForm.objects.filter(participation__project=_of_story("clerk"))
    assert sorted(forms.values_list("status", flat=True)) == ["discarded", "open", "taken"]
    taken = forms.get(status="taken").person.assignments.get()
    assert (taken.status, taken.origin, taken.person.identity_status) == ("draft", "qr", "pending")


def test_audit_stories_lead_to_filled_pages(printed, client, settings):
    settings.DEMO, settings.ROOT_URLCONF = True, demo_urls.__name__
    pages = {}
    for key in ("clerk", "implementer", "enroller"):
        came = client.post(f"/demo/{key}/entrance/")
        pages[key] = (came["Location"], client.get(came["Location"]).content.decode())
    assert [address for address, _ in pages.values()] == ["/binding/projects/", "/audits/", "/m/faces/"]
    projects = [Project.objects.get(pk=pk).name for pk in _audited()]
    assert projects[0] in pages["clerk"][1]
    assert all(name in pages["implementer"][1] for name in projects)
    assert "立即注册" in pages["enroller"][1]


def test_punches_of_every_flow_have_days(printed):
    for flow in ("site_direct", "two_tier", "audit_bind"):
        stay = Stay.objects.filter(project__policies__base=flow, exited_on=None).earliest("entered_at")
        events = AttendanceEvent.objects.filter(person_id=stay.person_id, project_id=stay.project_id)
        assert len(days_of(events)) > 20, flow


def test_four_stories_start_on_filled_pages(printed, client, settings):
    """Each login opens the first page of its story, with the rows the story needs."""
    stories = {account.key: account for account in accounts.known()}
    desk = Person.by_id_number(stories["entry-desk"].hint.split()[-1])
    sender = Person.by_id_number(stories["sender-hr"].hint.split()[-1])
    assert {person.identity_status for person in (desk, sender)} == {"verified"}
    assert not Employment.objects.filter(person__in=[desk, sender]).exists()
    settings.DEMO, settings.ROOT_URLCONF = True, demo_urls.__name__
    outcome = {}
    for key in ("entry-desk", "sender-hr", "receiver-pm", "top-pm"):
        came = client.post(f"/demo/{key}/entrance/")
        page = client.get(came["Location"])
        outcome[key] = (page.status_code, came["Location"], page.content.decode().count("<tr") > 3)
    assert outcome == {
        "entry-desk": (200, "/stays/desk/", True),
        "sender-hr": (200, "/employments/registrations/", True),
        "receiver-pm": (200, "/assignments/acceptance/", True),
        "top-pm": (200, "/stays/query/", True),
    }


def test_hint_of_the_epidemic_site_is_a_declared_person_without_preregistration(printed):
    [account] = [account for account in accounts.known() if account.key == "health-pm"]
    person = Person.by_id_number(account.hint.split()[-1])
    declared = DeclarationOnFile.objects.get(id_digest=person.id_digest).values
    assert (declared["name"], declared["temperature"]) == (person.name, "36.5")
    assert not PreRegistration.objects.filter(person=person).exists()


def test_notices_feed_and_phone_forms_stand_in_the_city(printed):
    assert [row.public for row in shown(None)] == [True, True]
    assert FeedDelivery.objects.filter(status="waiting").count() >= 3
    assert Proposal.objects.filter(status="open").exists()


def test_city_is_built_into_an_empty_database_only(db):
    Company.objects.create(name="宏基总包", credit_code="91990000000000000X", kind="general")
    with pytest.raises(CommandError, match="不是空的"):
        call_command("build_city")


def test_real_installation_gets_no_invented_people(monkeypatch):
    there = Company.objects.count()
    monkeypatch.setattr(build_city, "environment", lambda: Environment(mode="production"))
    with pytest.raises(CommandError, match="演示环境"):
        call_command("build_city")
    assert Company.objects.count() == there


def test_clock_is_restored_after_a_scene():
    with clock_at(moment(_days_ago(3), 7.5)):
        assert timezone.localdate() == _days_ago(3) or timezone.localtime().hour == 7
    assert abs((timezone.now() - timezone.localtime()).total_seconds()) < 5


def _of_story(key):
    """The project where the company of this story has a binding in every state."""
    user = next(account.user_id for account in accounts.known() if account.key == key)
    places = Participation.objects.filter(company__staff__user=user, project__in=_audited(), kind="general")
    return places.get().project_id


def _audited():
    return list(Project.objects.filter(policies__base="audit_bind").order_by("pk").values_list("pk", flat=True))


def _days_ago(days):
    return timezone.localdate() - timezone.timedelta(days=days)
