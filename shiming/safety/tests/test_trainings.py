"""安全培训: what the check asks, who records, deletes and sees a training, Excel, reminders."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from shiming.admission import commands as admission
from shiming.admission import queries as admission_queries
from shiming.core.errors import Conflict, Invalid, NotAllowed
from shiming.core.models import AuditEntry
from shiming.inbox.models import InboxItem
from shiming.people.sections import own_data
from shiming.presence.eligibility import eligibility
from shiming.safety import commands, queries
from shiming.safety.commands.recording import months_later
from shiming.safety.models import Training
from tests.doors import client_of, export
from tests.tables import commit, problems, tally, upload

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
SETTINGS = {"company": 15.0, "project": 15.0, "team": 20.0, "months": 12}


def days(count: int):
    return timedelta(days=count)


def check(cast, **settings):
    row = admission.draft(cast.binjiang, "training", effect="refuse", settings=SETTINGS | settings, by=cast.admin)
    return admission.start(row, on=TODAY(), by=cast.admin)


def train(cast, row, level="project", *, hours="15", by=None, on=None, passed=True, **given):
    return commands.record_training(
        row.employment,
        level=level,
        project=None if level == "company" else row.project,
        taken_on=on or TODAY() - days(10),
        hours=Decimal(hours),
        passed=passed,
        by=by or cast.hr,
        **given,
    )


def trained(cast, row):
    return [train(cast, row, level, hours=hours) for level, hours in HOURS.items()]


HOURS = {"company": "15", "project": "15", "team": "20"}


def refused(cast, row, on=None):
    found = eligibility(row.person, cast.binjiang, on or TODAY())
    return [item.sentence.partition("：")[2] for item in found if item.code == "R-49"]


# The check


def test_three_levels_let_the_worker_in(cast):
    row = cast.assignment()
    check(cast)
    assert refused(cast, row) == ["公司级 15 学时，已有 0；项目级 15 学时，已有 0；班组级 20 学时，已有 0"]
    trained(cast, row)
    assert refused(cast, row) == []


def test_sessions_of_one_level_add_up(cast):
    row = cast.assignment()
    check(cast, company=0, team=0)
    train(cast, row, hours="8")
    assert refused(cast, row) == ["项目级 15 学时，已有 8"]
    train(cast, row, hours="7", on=TODAY() - days(9))
    assert refused(cast, row) == []


def test_failed_deleted_and_expired_trainings_do_not_count(cast):
    row = cast.assignment()
    check(cast, company=0, team=0)
    train(cast, row, passed=False)
    deleted = train(cast, row, on=TODAY() - days(9))
    commands.remove(deleted, by=cast.hr)
    train(cast, row, on=TODAY() - days(300), valid_until=TODAY() - days(1))
    assert refused(cast, row) == ["项目级 15 学时，已有 0"]
    commands.restore(deleted, by=cast.hr)
    assert refused(cast, row) == []


def test_training_counts_through_its_last_day(cast):
    row = cast.assignment()
    check(cast, company=0, team=0)
    train(cast, row, valid_until=TODAY() + days(5))
    assert [bool(refused(cast, row, TODAY() + days(ahead))) for ahead in (5, 6)] == [False, True]


def test_check_limits_the_months_of_a_record(cast):
    row = cast.assignment()
    check(cast, company=0, team=0, months=1)
    train(cast, row, on=TODAY() - days(40), valid_until=TODAY() + days(300))
    assert refused(cast, row) != []


def test_company_level_counts_only_for_that_company(cast):
    row = cast.assignment()
    other = cast.employment(cast.zhang, cast.hengli, status="ended", ended_at=timezone.now())
    Training.objects.create(
        person=cast.zhang,
        company=other.company,
        level="company",
        taken_on=TODAY(),
        hours=15,
        passed=True,
        valid_until=TODAY() + days(9),
        recorded_by_id=cast.hr.user_id,
    )
    check(cast, project=0, team=0)
    assert refused(cast, row) == ["公司级 15 学时，已有 0"]


def test_what_if_names_what_is_missing(cast):
    row = cast.assignment()
    would = admission_queries.would_stop(cast.binjiang, "training", SETTINGS)
    assert [item.code for item in would[row.pk]] == ["R-49"]
    trained(cast, row)
    assert admission_queries.would_stop(cast.binjiang, "training", SETTINGS) == {}


def test_administrator_drafts_the_check_on_its_page(cast):
    answer = client_of(cast.admin).post(f"/projects/{cast.binjiang.pk}/checks/training/", SETTINGS | {"effect": "warn"})
    assert answer.status_code == 302
    assert cast.binjiang.checks.get().settings == SETTINGS


# Records


def test_day_of_a_shorter_month_is_its_last_day():
    assert [months_later(date(2026, 1, 31), months) for months in (1, 12)] == [date(2026, 2, 28), date(2027, 1, 31)]


def test_validity_follows_the_check_of_the_site(cast):
    row = cast.assignment()
    assert train(cast, row).valid_until == months_later(TODAY() - days(10), 12)
    check(cast, months=6)
    assert train(cast, row, on=TODAY() - days(9)).valid_until == months_later(TODAY() - days(9), 6)


@pytest.mark.parametrize("who", ["stranger_hr", "stranger_pm", "supervision_pm", "gc_hr"])
def test_strangers_record_no_training(cast, who):
    row = cast.assignment()
    with pytest.raises(NotAllowed):
        train(cast, row, by=getattr(cast, who))


@pytest.mark.parametrize("who", ["hr", "gc_pm", "labour_pm", "specialist_pm"])
def test_company_and_chain_record_and_delete(cast, who):
    row, by = cast.assignment(), getattr(cast, who)
    training = train(cast, row, by=by)
    assert commands.remove(training, by=by).removed_at is not None
    assert queries.trainings(by).count() == 0
    assert queries.trainings(by, state="removed").get() == training


def test_company_training_recorded_elsewhere_is_not_deleted_by_the_site(cast):
    row = cast.assignment()
    training = train(cast, row, "company")
    assert queries.trainings(cast.gc_pm).get() == training
    with pytest.raises(NotAllowed):
        commands.remove(training, by=cast.gc_pm)


def test_training_needs_an_allocation_to_its_site(cast):
    employment = cast.employment()
    with pytest.raises(Invalid):
        commands.record_training(
            employment,
            level="team",
            project=cast.binjiang,
            taken_on=TODAY(),
            hours=Decimal(20),
            passed=True,
            by=cast.hr,
        )


def test_training_of_tomorrow_is_refused(cast):
    with pytest.raises(Invalid):
        train(cast, cast.assignment(), on=TODAY() + days(1))


def test_one_training_per_level_and_day(cast):
    row = cast.assignment()
    first = train(cast, row)
    with pytest.raises(ValidationError):
        train(cast, row)
    commands.remove(first, by=cast.hr)
    train(cast, row)
    with pytest.raises(ValidationError):
        commands.restore(first, by=cast.hr)
    with pytest.raises(IntegrityError), transaction.atomic():
        Training.objects.filter(pk=first.pk).update(removed_at=None)


def test_training_is_deleted_once(cast):
    training = train(cast, cast.assignment())
    commands.remove(training, by=cast.hr)
    with pytest.raises(Conflict):
        commands.remove(training, by=cast.hr)


def test_trail_and_person_are_notified(cast):
    training = train(cast, cast.assignment())
    commands.remove(training, by=cast.hr)
    said = [str(entry) for entry in AuditEntry.objects.filter(event__startswith="training.").order_by("pk")]
    assert said == ["陈人事登记张三的项目级安全培训（合格）", "陈人事删除张三的项目级安全培训"]
    assert InboxItem.objects.filter(person=cast.zhang, title__contains="项目级安全培训").count() == 2


def test_own_data_has_the_trainings(cast):
    train(cast, cast.assignment())
    assert [row["级别"] for row in dict(own_data(cast.zhang))["安全培训"]] == ["项目级"]


# Pages


def test_site_records_on_the_page_and_undoes_a_deletion(cast):
    row, client = cast.assignment(), client_of(cast.gc_pm)
    fields = {"number": row.person.id_number.plain, "level": "team", "taken_on": TODAY(), "hours": "20"}
    assert client.post("/safety/trainings/new/", fields | {"result": "passed"}).status_code == 302
    training = Training.objects.get()
    assert (training.project, training.company, training.hours) == (cast.binjiang, cast.antai, 20)
    client.post(f"/safety/trainings/{training.pk}/removal/")
    assert "撤销删除" in client.get("/safety/trainings/?state=removed").content.decode()
    client.post(f"/safety/trainings/{training.pk}/restoration/")
    training.refresh_from_db()
    assert training.removed_at is None


def test_company_chooses_the_site_on_the_page(cast):
    row, client = cast.assignment(), client_of(cast.hr)
    fields = {"number": row.person.id_number.plain, "taken_on": TODAY(), "hours": "15", "result": "passed"}
    assert client.post("/safety/trainings/new/", fields | {"level": "company"}).status_code == 302
    without = client.post("/safety/trainings/new/", fields | {"level": "project"})
    assert without.status_code == 422 and "须选项目" in without.content.decode()
    assert (
        client.post("/safety/trainings/new/", fields | {"level": "project", "project": row.project_id}).status_code
        == 302
    )
    assert sorted(Training.objects.values_list("level", flat=True)) == ["company", "project"]


def test_number_of_a_stranger_is_not_found(cast):
    stranger = cast.employment(cast.person("外人"), cast.yuanda)
    fields = {"number": stranger.person.id_number.plain, "level": "company", "taken_on": TODAY(), "hours": "15"}
    answer = client_of(cast.hr).post("/safety/trainings/new/", fields | {"result": "passed"})
    assert answer.status_code == 422 and "没有这名在职人员" in answer.content.decode()


def test_menu_offers_training_where_a_site_asks_for_it(cast):
    assert cast.labour_place
    assert not queries.is_asked(cast.gc_pm) and not queries.is_asked(cast.hr)
    check(cast)
    assert queries.is_asked(cast.gc_pm) and queries.is_asked(cast.hr) and not queries.is_asked(cast.stranger_hr)


# Excel


HEADS = ["姓名", "身份证号", "级别", "项目", "培训日期", "学时", "结果"]


def test_excel_adds_trainings_once(cast):
    row = cast.assignment()
    who = [row.person.name, row.person.id_number.plain]
    lines = [
        HEADS,
        [*who, "项目级", row.project.name, "2026-03-15", "15", "合格"],
        [*who, "公司级", "", "2026-03-14", "15学时", "通过"],
    ]
    for expected in ((2, 0, 0, []), (0, 0, 2, [])):
        assert tally(commit(upload("trainings", cast.hr, *lines), cast.hr)) == expected
    assert sorted(Training.objects.values_list("level", "hours")) == [("company", 15), ("project", 15)]


def test_excel_refuses_at_the_cell(cast):
    row, stranger = cast.assignment(), cast.employment(cast.person("外人"), cast.yuanda)
    who = [row.person.name, row.person.id_number.plain]
    lines = [
        HEADS,
        [stranger.person.name, stranger.person.id_number.plain, "公司级", "", "2026-03-14", "15", "合格"],
        [*who, "项目级", "城东二期", "2026-03-15", "15", "合格"],
        [*who, "公司级", "", "2026-03-15", "很多", "合格"],
    ]
    found = problems(upload("trainings", cast.hr, *lines))
    assert "没有这名在职人员" in found[2]["number"]
    assert "project" in found[3] and found[4]["hours"] == "学时写成 15 或 1.5 这样"


# Reminders


def test_person_and_company_are_reminded_once_per_step(cast):
    train(cast, cast.assignment(), valid_until=TODAY() + days(40))
    told = [commands.remind(by=cast.admin, today=TODAY() + days(ahead)) for ahead in (5, 10, 11, 33, 34, 40, 41)]
    assert told == [0, 1, 0, 1, 0, 1, 0]
    assert InboxItem.objects.filter(company=cast.antai, title__contains="快到期").count() == 3


def test_repeated_training_stops_the_reminders(cast):
    row = cast.assignment()
    train(cast, row, valid_until=TODAY() + days(20))
    train(cast, row, on=TODAY(), valid_until=TODAY() + days(365))
    assert commands.remind(by=cast.admin) == 0


def test_list_is_exported_with_masked_numbers(cast):
    row = cast.assignment()
    train(cast, row)
    answer = export(client_of(cast.hr), "/safety/trainings/", kind="csv")
    text = b"".join(answer).decode()
    assert row.person.id_number.plain not in text and "项目级" in text
