"""扫码登记的采用与丢弃 (domain.md §11.4): one person, no verified data changed, employment begins with the company."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from shiming.assignment.models import Assignment
from shiming.binding.jobs import forget_old_self_forms
from shiming.binding.models import SelfForm, SelfFormAttempt
from shiming.binding.self_forms import commands
from shiming.binding.tests.conftest import TYPED, newest
from shiming.core.actor import Role
from shiming.core.errors import Conflict, DomainError
from shiming.core.models import AuditEntry, StoredFile
from shiming.employment.models import Employment
from shiming.people.models import Person
from shiming.people.tests.conftest import card
from shiming.projects.models import Project
from tests.doors import client_of, export

pytestmark = pytest.mark.django_db


def taken(form, by) -> Assignment:
    result = commands.take([form], by=by)
    assert result.rows == []
    return result.done[0]


def refused(form, by) -> list[str]:
    result = commands.take([form], by=by)
    form.refresh_from_db()
    assert (result.done, form.status) == ([], "open")
    return [item.code for _, refusals in result.rows for item in refusals]


def test_unknown_worker_becomes_pending_employed_and_drafted(cast, scan):
    scan()
    assignment = taken(newest(), cast.clerk)

    person, employment = assignment.person, assignment.employment
    assert (person.name, person.identity_status, person.identity_source) == ("周工人", "pending", "self_form")
    assert (person.native_place, person.residence.plain) == ("安徽省阜阳市颍上县", "上海市宝山区")
    assert person.household_type == "农村户口" and person.residence_detail.plain == "沿河路 8 号 2 楼"
    assert (employment.company, employment.kind, employment.mode) == (cast.antai, "worker", "direct")
    assert (employment.status, employment.trade, employment.profile_completed) == ("active", "钢筋工", True)
    assert (assignment.status, assignment.origin, assignment.role) == ("draft", "qr", "worker")
    assert (assignment.project, assignment.participation, assignment.trade) == (cast.yanhe, cast.repair_place, "钢筋工")
    assert (newest().status, newest().person, newest().decided_by_id) == ("taken", person, cast.clerk.user_id)


def test_phone_of_a_form_opens_no_personal_door(cast, scan):
    scan()
    assignment = taken(newest(), cast.clerk)
    assert (assignment.person.phone, assignment.person.phone_digest) == (None, "")
    assert assignment.employment.contact_phone.plain == TYPED["phone"]


def test_employment_begins_when_the_company_takes_the_form(cast, scan):
    scan()
    assert Employment.objects.count() == Assignment.objects.count() == 0
    before = timezone.now()
    assert taken(newest(), cast.clerk).employment.started_at >= before


def test_worker_is_told_and_the_trail_says_so(cast, scan):
    scan()
    taken(newest(), cast.clerk)
    said = [str(entry) for entry in AuditEntry.objects.filter(object_type__in=("binding.selfform", "people.person"))]
    receipt = newest().receipt_in_groups
    assert said == [
        f"安泰劳务在沿河修缮收到扫码登记，凭证号 {receipt}",
        "冯经办登记周工人",
        "冯经办采用周工人的扫码登记（沿河修缮）",
    ]
    assert AuditEntry.objects.filter(event="employment.started").count() == 1


def test_verified_data_never_changes_and_gaps_are_filled(cast):
    person = cast.zhang
    person.ethnicity = "回族"
    person.save()
    taken(cast.self_form(person), cast.clerk)

    person.refresh_from_db()
    assert (person.identity_status, person.identity_source, person.ethnicity) == ("verified", "photos", "回族")
    assert person.native_place == "安徽省阜阳市"
    change = AuditEntry.objects.get(event="person.changed")
    assert "民族" not in change.params["fields"] and change.after["residence"] == str(person.residence)


def test_own_worker_is_drafted_with_the_employment_that_exists(cast):
    employment = cast.employment(cast.zhang, mode="direct")
    assert taken(cast.self_form(cast.zhang), cast.clerk).employment == employment
    assert Employment.objects.count() == 1


def test_worker_of_another_company_is_refused_without_its_name(cast):
    cast.employment(cast.zhang, cast.hengli)
    form = cast.self_form(cast.zhang)
    assert refused(form, cast.clerk) == ["R-05"]
    page = client_of(cast.clerk).post("/binding/self-forms/takings/", {"ids": [str(form.pk)]}).content.decode()
    assert "该人员在另外一家单位未离职" in page and "恒立幕墙" not in page


@pytest.mark.parametrize(
    ("employment", "code"),
    [
        ({"kind": "manager"}, "R-04"),
        ({"status": "leave_requested", "leave_requested_at": timezone.now()}, "R-04"),
        ({"status": "invited", "started_at": None}, "R-08"),
    ],
)
def test_other_business_with_the_person_here_comes_first(cast, employment, code):
    cast.employment(cast.zhang, **employment)
    assert refused(cast.self_form(cast.zhang), cast.clerk) == [code]


@pytest.mark.parametrize("status", ["pending", "accepted"])
def test_worker_who_is_on_the_project_already_is_refused(cast, status):
    employment = cast.employment(cast.zhang, mode="direct")
    cast.assignment(employment, cast.repair_place, status=status)
    assert refused(cast.self_form(cast.zhang), cast.clerk) == ["R-18"]


@pytest.mark.parametrize("status", ["draft", "rejected"])
def test_form_of_a_worker_who_is_to_be_submitted_makes_no_second_row(cast, status):
    standing = cast.assignment(cast.employment(cast.zhang, mode="direct"), cast.repair_place, status=status)
    assert taken(cast.self_form(cast.zhang), cast.clerk) == standing
    assert Assignment.objects.count() == 1


@pytest.mark.parametrize("employed_here", [False, True])
def test_other_name_of_a_known_number_is_told_to_the_clerk_only(cast, employed_here):
    if employed_here:
        cast.employment(cast.zhang, mode="direct")
    form = cast.self_form(cast.zhang, name="张叁")
    assert refused(form, cast.clerk) == ["R-07"]
    assert AuditEntry.objects.filter(event="person.missed").count() == 1
    assert Employment.objects.count() == employed_here and not Assignment.objects.exists()


def test_numbers_cannot_be_found_by_sending_and_taking_forms(cast):
    forms = [cast.self_form(cast.person(f"工人{number}"), name="猜的名") for number in range(33)]
    codes = [item.code for _, refusals in commands.take(forms, by=cast.clerk).rows for item in refusals]
    assert (codes.count("R-07"), codes.count("R-72")) == (30, 3)


def test_batch_is_decided_row_by_row(cast, scan):
    scan()
    elsewhere = cast.self_form(cast.employment(cast.person("外单位"), cast.hengli).person)
    result = commands.take([newest(), elsewhere, SelfForm.objects.get(name="周工人")][1:], by=cast.clerk)

    assert [row.person.name for row in result.done] == ["周工人"]
    assert [label for label, _ in result.rows] == ["外单位"]


def test_taken_form_is_not_taken_twice(cast, scan):
    scan()
    form = newest()
    taken(form, cast.clerk)
    assert [item.code for _, refusals in commands.take([form], by=cast.clerk).rows for item in refusals] == ["R-43"]
    assert Assignment.objects.count() == 1


def test_form_of_a_finished_project_is_refused(cast):
    form = cast.self_form(cast.zhang)
    Project.objects.filter(pk=cast.yanhe.pk).update(status="finished")
    assert refused(form, cast.clerk) == ["R-67"]


def test_photos_go_to_a_new_person_and_never_to_a_known_one(cast, scan):
    scan()
    known = cast.self_form(cast.zhang)
    for form in (newest(), known, SelfForm.objects.get(name="周工人")):
        commands.add_photo(form, "id_front", card(1).front)
    new = SelfForm.objects.get(name="周工人")
    assert taken(new, cast.clerk).person.id_front == new.id_front
    assert taken(known, cast.clerk).person.id_front is None


def test_company_sees_its_own_forms_masked_and_exports_them(cast, scan):
    scan()
    address = f"/binding/places/{cast.repair_place.pk}/self-forms/"
    page = client_of(cast.clerk).get(address).content.decode()
    for shown in ("周工人", "钢筋工", newest().receipt_in_groups, "待提交", f"{TYPED['id_number'][:3]}*****"):
        assert shown in page
    assert TYPED["id_number"] not in page and TYPED["phone"] not in page
    assert export(client_of(cast.clerk), address, kind="csv").status_code == 200

    other = cast.staff("何经办", cast.hongji, Role.PARTICIPANT_CLERK)
    show = f"/binding/self-forms/{newest().pk}/"
    assert client_of(other).get(address).status_code == client_of(other).get(show).status_code == 404
    assert client_of(other).post("/binding/self-forms/takings/", {"ids": [str(newest().pk)]}).status_code == 404
    assert client_of(other).post(f"{show}discarding/", {"reason": "乱点"}).status_code == 404


def test_project_leads_to_poster_and_forms_and_shows_who_came_by_it(cast, scan):
    scan()
    browser, place = client_of(cast.clerk), f"/binding/places/{cast.repair_place.pk}"
    assert f'{place}/poster/"' in browser.get("/binding/projects/").content.decode()
    page = browser.get(f"{place}/workers/").content.decode()
    assert f'{place}/self-forms/"' in page and "扫码登记（1）" in page and "周工人" not in page

    answer = browser.post(f"/binding/self-forms/takings/?ids={newest().pk}", follow=True)
    assert "已采用，列入项目作业人员的待提交。" in answer.content.decode()
    page = browser.get(f"{place}/workers/").content.decode()
    assert "扫码登记（0）" in page and "周工人" in page and ">扫码<" in page and "待提交" in page


def test_list_of_projects_offers_no_poster_of_a_finished_one(cast):
    browser, address = client_of(cast.clerk), f"/binding/places/{cast.repair_place.pk}/poster/"
    Project.objects.filter(pk=cast.yanhe.pk).update(status="finished")
    page = browser.get("/binding/projects/", {"status": "finished"}).content.decode()
    assert "沿河修缮" in page and address not in page


def test_forms_are_found_by_receipt_name_and_state(cast, scan):
    scan()
    cast.self_form(cast.zhang)
    form, browser = SelfForm.objects.get(name="周工人"), client_of(cast.clerk)
    address = f"/binding/places/{cast.repair_place.pk}/self-forms/"
    for asked in (form.receipt_in_groups, form.receipt[2:8], "周"):
        page = browser.get(address, {"q": asked}).content.decode()
        assert ("周工人" in page, "张三" in page) == (True, False)
    commands.discard(form, reason="重复登记", by=cast.clerk)
    assert "周工人" not in browser.get(address).content.decode()
    assert "周工人" in browser.get(address, {"status": "discarded"}).content.decode()


def test_page_shows_differences_to_a_person_whom_the_company_sees(cast):
    cast.employment(cast.zhang)
    cast.zhang.native_place = "江苏省盐城市"
    cast.zhang.save()
    page = client_of(cast.clerk).get(f"/binding/self-forms/{cast.self_form(cast.zhang).pk}/").content.decode()
    assert "江苏省盐城市" in page and "不同" in page


def test_page_tells_nothing_of_a_person_whom_the_company_does_not_see(cast):
    cast.employment(cast.zhang, cast.hengli)
    cast.zhang.native_place = "江苏省盐城市"
    cast.zhang.save()
    known = client_of(cast.clerk).get(f"/binding/self-forms/{cast.self_form(cast.zhang).pk}/").content.decode()
    assert "江苏省盐城市" not in known and "已有记录" not in known


def test_discarded_form_says_why_and_can_be_restored(cast, scan):
    scan()
    form, browser = newest(), client_of(cast.clerk)
    assert browser.post(f"/binding/self-forms/{form.pk}/discarding/", {"reason": ""}).status_code == 422
    assert browser.post(f"/binding/self-forms/{form.pk}/discarding/", {"reason": "本人不来了"}).status_code == 302
    assert (newest().status, newest().discard_reason) == ("discarded", "本人不来了")

    assert browser.post(f"/binding/self-forms/{form.pk}/restoration/").status_code == 302
    assert (newest().status, newest().decided_at) == ("open", None)


def test_discarded_form_gives_way_to_a_newer_one(cast, scan):
    scan()
    form = commands.discard(newest(), reason="信息不实", by=cast.clerk)
    scan()
    with pytest.raises(Conflict, match="又提交了一份"):
        commands.restore(form, by=cast.clerk)
    assert SelfForm.objects.filter(status="open").count() == 1


@pytest.mark.parametrize(
    ("status", "days", "kept"),
    [("open", 89, True), ("open", 91, False), ("taken", 29, True), ("taken", 31, False), ("discarded", 31, False)],
)
def test_what_was_typed_goes_when_its_time_has_come(cast, scan, status, days, kept):
    scan()
    form = newest()
    commands.add_photo(form, "portrait", card(1).front)
    if status == "taken":
        taken(form, cast.clerk)
    elif status == "discarded":
        commands.discard(form, reason="重复登记", by=cast.clerk)
    then = timezone.now() - timedelta(days=days)
    SelfForm.objects.update(sent_at=then)
    SelfForm.objects.exclude(status="open").update(decided_at=then)
    SelfFormAttempt.objects.update(at=then)

    for _ in range(2):
        forget_old_self_forms(0)
    form = SelfForm.objects.get()
    assert bool(form.sealed and form.id_number and form.phone and form.name and form.id_digest) is kept
    assert form.receipt and form.notice_version and not SelfFormAttempt.objects.exists()
    photos = StoredFile.objects.filter(kind="portrait").count()
    assert photos == (1 if kept or status == "taken" else 0)
    assert (form.status == "open") is (status == "open" and kept)
    assert client_of(cast.clerk).get(f"/binding/self-forms/{form.pk}/").status_code == (200 if kept else 404)


@pytest.mark.django_db(transaction=True)
def test_two_clerks_take_the_same_form_at_once(cast):
    form = cast.self_form(cast.zhang)
    both = (cast.clerk, cast.staff("潘经办", cast.antai, Role.PARTICIPANT_CLERK))
    results = at_once([lambda by=by: commands.take([form], by=by) for by in both])
    assert sorted(len(result.done) for result in results) == [0, 1]
    assert (Employment.objects.count(), Assignment.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_two_companies_take_the_same_unknown_worker_at_once(cast):
    unknown = {"id_number": TYPED["id_number"], "name": "周工人"}
    mine, theirs = (cast.self_form(cast.zhang, place, **unknown) for place in (cast.repair_place, cast.repair_gc_place))
    other = cast.staff("何经办", cast.hongji, Role.PARTICIPANT_CLERK)
    results = at_once([lambda: commands.take([mine], by=cast.clerk), lambda: commands.take([theirs], by=other)])

    assert sorted(len(result.done) for result in results) == [0, 1]
    assert Person.objects.filter(name="周工人").count() == Employment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_phones_send_the_same_number_at_once(cast):
    cast.self_form(cast.person("李四"))  # makes the place
    person = cast.zhang
    at_once([lambda: cast.self_form(person), lambda: cast.self_form(person)])
    assert SelfForm.objects.get(name="张三").times == 2


def at_once(calls) -> list:
    """Run the calls in threads that begin together; what each returned, or the refusal it met."""
    barrier, results = Barrier(len(calls)), [None] * len(calls)

    def run(place, call):
        try:
            barrier.wait()
            results[place] = call()
        except DomainError as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
