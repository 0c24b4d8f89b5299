"""限制进场: dates at the gate, the thirty days, the second company, appeals, sight, retention, and the whole journey."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shiming.admission import commands as admission
from shiming.admission import queries as admission_queries
from shiming.attendance.models import AttendanceEvent
from shiming.attendance.site_status import standing_before
from shiming.core.actor import Role, system
from shiming.core.errors import Conflict, DomainError, Invalid, NotAllowed
from shiming.core.models import AuditEntry, StoredFile
from shiming.inbox import queries as inbox
from shiming.inbox.models import InboxItem
from shiming.people.sections import own_data
from shiming.presence.eligibility import eligibility, facts_for
from shiming.restrictions import commands, queries, rules
from shiming.restrictions.models import Line, Opinion, Restriction
from shiming.restrictions.tests.cases import EVIDENCE, PDF, day, issue

pytestmark = pytest.mark.django_db


def refused(cast, on=0, project=None):
    return "R-47" in [item.code for item in eligibility(cast.zhang, project or cast.binjiang, day(on))]


# The gate


def test_entry_counts_from_its_first_through_its_last_day(site):
    issue(site, from_date=day(2), until=day(5))
    assert [refused(site, on) for on in (1, 2, 5, 6)] == [False, True, True, False]
    assert Restriction.objects.count() == 1  # on record after its end


def test_lifted_entry_no_longer_counts(site):
    row = issue(site)
    commands.lift(row, text="已和解", by=site.gc_pm)
    assert not refused(site)


def test_entry_of_a_site_does_not_count_elsewhere(site):
    other = site.participation(site.chengdong, site.antai, "labour", site.stranger_place)
    site.assignment(site.employment(site.zhang, site.antai, status="ended", ended_at=timezone.now()), other)
    row = admission.draft(site.chengdong, "restriction", effect="refuse", settings={}, by=site.admin)
    admission.start(row, on=day(0), by=site.admin)
    issue(site)
    assert (refused(site), refused(site, project=site.chengdong)) == (True, False)
    issue(site, by=site.hr, project=None)
    assert refused(site, project=site.chengdong)


def test_entry_of_a_company_counts_only_on_its_sites(site):
    issue(site, by=site.hr, project=None)
    assert refused(site)
    site.labour_place.left_on = day(-1)
    site.labour_place.save()
    assert not refused(site)


def test_gate_learns_neither_category_nor_evidence(site):
    issue(site)
    checks = facts_for(site.zhang.pk, site.binjiang.pk, day(0)).checks
    assert checks["restriction"]["facts"] == {"restricted": True}
    [found] = [item for item in eligibility(site.zhang, site.binjiang) if item.code == "R-47"]
    assert (found.sentence, str(found.who)) == ("在限制进场名单中，可提出申诉", "作出限制的单位")


def test_check_costs_the_entry_no_further_statement(site):
    issue(site)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        facts_for(site.zhang.pk, site.binjiang.pk, day(0))
    assert len([query for query in asked.captured_queries if "restrictions_restriction" in query["sql"]]) == 1
    assert len(asked) == 1


def test_person_on_site_punches_red(site):
    stay = site.stay(site.worker)
    issue(site)
    event = AttendanceEvent(project_id=stay.project_id, person_id=stay.person_id, occurred_at=timezone.now())
    assert [block.code for block in standing_before(event).blocks] == ["R-47"]


def test_what_if_names_the_restricted_people(site):
    issue(site)
    found = admission_queries.would_stop(site.binjiang, "restriction", {}, day(0))
    assert [item.code for item in found[site.worker.pk]] == ["R-47"]


# Thirty days and the second company


def test_days_beyond_thirty_count_only_with_another_company(site):
    row = issue(site, until=day(59), second=site.supervision_place)
    assert [refused(site, on) for on in (29, 30, 59)] == [True, False, False]
    commands.agree(row.opinions.get(), text="属实", by=site.supervision_pm)
    assert [refused(site, on) for on in (29, 30, 59, 60)] == [True, True, True, False]


def test_declined_days_do_not_count_and_another_company_is_asked(site):
    row = issue(site, until=day(59), second=site.supervision_place)
    commands.decline(row.opinions.get(), text="过重", by=site.supervision_pm)
    assert not refused(site, 30)
    commands.ask(row, site.labour_place, by=site.gc_pm)
    with pytest.raises(ValidationError, match="已提请一家单位"):
        Opinion(
            restriction=row,
            issuer_key=row.issuer_key,
            project=site.binjiang,
            place=site.supervision_place,
            firm=site.mingcheng,
            asked_by_id=site.gc_pm.user_id,
        ).full_clean()


def test_issuer_on_site_is_notified_of_the_answer_and_no_other_company(site):
    row = issue(site, by=site.labour_pm, until=day(59), second=site.supervision_place)
    assert [group.url for group in inbox.groups(site.supervision_pm)] == ["/restrictions/"]
    commands.decline(row.opinions.get(), text="过重", by=site.supervision_pm)
    assert not inbox.waiting(site.supervision_pm).exists()
    titles = {who: [item.title for item in inbox.inbox(who)] for who in (site.labour_pm, site.supervision_pm, site.hr)}
    assert "明诚监理不同意对张三的限制进场" in titles[site.labour_pm]
    assert "明诚监理不同意对张三的限制进场" in titles[site.hr]
    assert "明诚监理不同意对张三的限制进场" not in titles[site.supervision_pm]


def test_repeated_entries_give_an_issuer_no_more_days_alone(site):
    first = issue(site, until=day(9))
    commands.lift(first, text="换一条", by=site.gc_pm)
    second = issue(site, until=day(59))
    assert second.alone_until == first.alone_until == day(29)
    third = issue(site, from_date=day(80), until=day(100))
    assert third.alone_until == day(29) and not refused(site, 80)
    fresh = issue(site, by=site.labour_pm)  # another company counts its own days
    assert fresh.alone_until == day(29)


def test_entry_before_a_later_one_is_refused(site):
    issue(site, from_date=day(31), until=day(40))
    with pytest.raises(Invalid, match="以后开始"):
        issue(site)


@pytest.mark.parametrize(
    ("who", "answers"),
    [
        (lambda cast: cast.supervision_pm, True),
        (lambda cast: cast.gc_pm, False),
        (lambda cast: cast.labour_pm, False),
        (lambda cast: cast.operator("明诚操作", cast.supervision_place), False),
        (lambda cast: cast.regulator(), False),
        (lambda cast: cast.himself(), False),
    ],
)
def test_only_the_company_asked_answers(site, who, answers):
    row = issue(site, until=day(59), second=site.supervision_place)
    try:
        commands.agree(row.opinions.get(), text="属实", by=who(site))
    except NotAllowed:
        assert not answers
    else:
        assert answers


def opinion_of(row, cast, **changes):
    about = {"restriction": row, "issuer_key": row.issuer_key, "project": cast.binjiang, "firm": cast.mingcheng}
    about |= {"place": cast.supervision_place, "asked_by_id": cast.gc_pm.user_id}
    return Opinion(**(about | changes))


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("second_company_is_another", lambda cast: {"firm": cast.hongji}),
        ("opinion_repeats_the_issuer", lambda cast: {"firm": cast.hongji, "issuer_key": cast.antai.pk}),
        (
            "second_officer_is_another",
            lambda cast: {
                "status": "opinion_agreed",
                "answered_by_id": cast.gc_pm.user_id,
                "answered_at": timezone.now(),
            },
        ),
        ("answered_opinion_says_who_and_when", lambda cast: {"status": "opinion_agreed"}),
    ],
)
def test_database_refuses_the_issuer_as_second_company(site, name, changes):
    row = issue(site, until=day(59))
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        opinion_of(row, site, **changes(site)).save()
        connection.check_constraints()


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("restriction_ends_within_a_year", lambda cast: {"until": day(365)}),
        ("restriction_ends_within_a_year", lambda cast: {"until": day(-1)}),
        ("issuer_restricts_alone_for_thirty_days", lambda cast: {"alone_until": day(30)}),
        ("restriction_has_one_issuer", lambda cast: {"issuer_key": cast.antai.pk}),
        ("restriction_has_one_issuer", lambda cast: {"station": cast.station()}),
        ("lifted_restriction_says_when", lambda cast: {"status": "lifted"}),
        ("restrictions_of_an_issuer_do_not_overlap", lambda cast: {"pk": None}),
    ],
)
def test_database_refuses_what_no_entry_may_be(site, name, changes):
    row = issue(site)
    for field, value in changes(site).items():
        setattr(row, field, value)
    if row.pk is None:
        row.pk, row._state.adding = Restriction().pk, True
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        row.save()


@pytest.mark.parametrize(
    "changes",
    [{"until": day(365)}, {"until": day(-1)}, {"from_date": day(-1)}, {"text": " "}, {"category": "不知道"}],
    ids=["too long", "ends first", "past", "no evidence", "no category"],
)
def test_impossible_entry_leaves_no_row(site, changes):
    with pytest.raises((DomainError, ValidationError)):
        issue(site, **changes)
    assert not Restriction.objects.exists()


def test_site_without_the_check_takes_no_entry(cast):
    cast.assignment()
    with pytest.raises(Invalid, match="没有启用"):
        issue(cast)


# Who issues, who sees


@pytest.mark.parametrize(
    ("who", "project", "issues"),
    [
        (lambda cast: cast.gc_pm, True, True),
        (lambda cast: cast.labour_pm, True, True),
        (lambda cast: cast.supervision_pm, True, True),
        (lambda cast: cast.hr, True, True),
        (lambda cast: cast.hr, False, True),
        (lambda cast: cast.gc_pm, False, False),
        (lambda cast: cast.regulator(), True, True),
        (lambda cast: cast.regulator(), False, False),
        (lambda cast: cast.regulator("远监督", "西区监督站"), True, False),
        (lambda cast: cast.operator(), True, False),
        (lambda cast: cast.stranger_pm, True, False),
        (lambda cast: cast.stranger_hr, False, False),
        (lambda cast: cast.admin, True, False),
        (lambda cast: cast.himself(), True, False),
    ],
)
def test_who_issues(site, who, project, issues):
    assert rules.may_issue(who(site), site.zhang, site.binjiang if project else None) is issues


EVERYONE = {
    "himself": lambda cast: cast.himself(),
    "another": lambda cast: cast.himself(cast.person("李四")),
    "gc_pm": lambda cast: cast.gc_pm,
    "gc_hr": lambda cast: cast.gc_hr,
    "gc_clerk": lambda cast: cast.staff("宏基经办", cast.hongji, Role.PARTICIPANT_CLERK),
    "gc_operator": lambda cast: cast.operator(),
    "hr": lambda cast: cast.hr,  # the employer
    "labour_pm": lambda cast: cast.labour_pm,
    "specialist_pm": lambda cast: cast.specialist_pm,
    "supervision_pm": lambda cast: cast.supervision_pm,
    "implementer": lambda cast: cast.implementer,
    "stranger_pm": lambda cast: cast.stranger_pm,
    "stranger_hr": lambda cast: cast.stranger_hr,
    "regulator": lambda cast: cast.regulator(),
    "other_regulator": lambda cast: cast.regulator("远监督", "西区监督站"),
    "admin": lambda cast: cast.admin,
}


@pytest.mark.parametrize(
    ("arrange", "seeing"),
    [
        (lambda cast: issue(cast), {"himself", "gc_pm", "gc_hr", "regulator"}),
        (
            lambda cast: issue(cast, until=day(59), second=cast.supervision_place),
            {"himself", "gc_pm", "gc_hr", "regulator", "supervision_pm"},
        ),
        (lambda cast: issue(cast, by=cast.hr, project=None), {"himself", "hr", "labour_pm", "regulator"}),
        (lambda cast: issue(cast, by=cast.regulator()), {"himself", "regulator"}),
    ],
    ids=["site", "site with second company", "company", "authority"],
)
def test_who_sees_an_entry_and_opens_its_papers(site, arrange, seeing):
    row = arrange(site)
    found = {name for name, who in EVERYONE.items() if queries.seen(who(site)).filter(pk=row.pk).exists()}
    assert found == seeing


def test_regulator_reads_and_decides_only_on_own_entries(site):
    row = issue(site)
    with pytest.raises(NotAllowed):
        commands.lift(row, text="不当", by=site.regulator())
    own = issue(site, by=site.regulator())
    commands.lift(own, text="期限已够", by=site.regulator())
    assert Restriction.objects.get(pk=own.pk).status == "lifted"


# Appeals


def test_person_appeals_once_at_a_time_and_issuer_decides(site):
    row = issue(site)
    commands.appeal(row, text="不是我先动手", by=site.himself())
    with pytest.raises(Conflict):
        commands.appeal(row, text="再说一次", by=site.himself())
    assert [group.url for group in inbox.groups(site.gc_pm)] == ["/restrictions/"]
    assert inbox.waiting(site.gc_hr).exists()
    commands.uphold(row, text="有录像", by=site.gc_pm)
    assert refused(site) and not inbox.waiting(site.gc_pm).exists()
    commands.appeal(row, text="录像不全", by=site.himself())
    commands.lift(row, text="录像不全，解除", by=site.gc_hr)
    assert not refused(site)
    assert [line.step for line in queries.thread(row)] == ["issued", "appealed", "upheld", "appealed", "lifted"]


@pytest.mark.parametrize(
    "act",
    [
        lambda row, cast: commands.appeal(row, text="替他说", by=cast.himself(cast.person("李四"))),
        lambda row, cast: commands.lift(row, text="算了", by=cast.labour_pm),
        lambda row, cast: commands.lift(row, text="算了", by=cast.himself()),
        lambda row, cast: commands.ask(row, cast.supervision_place, by=cast.supervision_pm),
    ],
)
def test_others_neither_appeal_nor_decide(site, act):
    row = issue(site, until=day(59))
    with pytest.raises(NotAllowed):
        act(row, site)


def test_entry_that_is_over_takes_no_step(site):
    row = issue(site)
    Restriction.objects.update(from_date=day(-9), until=day(-1), alone_until=day(-1))
    for act in (lambda: commands.appeal(row, text="不服", by=site.himself()), lambda: lifted(row, site)):
        with pytest.raises(Conflict, match="已到期"):
            act()


def lifted(row, cast):
    return commands.lift(row, text="到期了", by=cast.gc_pm)


def test_trail_names_every_step_without_category_and_text(site):
    row = issue(site, until=day(59), second=site.supervision_place)
    commands.agree(row.opinions.get(), text="属实", by=site.supervision_pm)
    commands.appeal(row, text="不是我先动手", by=site.himself())
    commands.lift(row, text="录像不全", by=site.gc_pm)
    assert [str(entry) for entry in queries.trail(row)][::-1] == [
        f"王总包代表宏基总包限制张三进场：滨江一期，{day(0)}至{day(59)}",
        f"王总包提请明诚监理同意宏基总包对张三的限制进场（滨江一期），至{day(59)}",
        f"吴监理代表明诚监理同意宏基总包对张三的限制进场（滨江一期），至{day(59)}",
        "张三对宏基总包的限制进场提出申诉",
        "王总包代表宏基总包解除对张三的限制进场（滨江一期）",
    ]
    kept = " ".join(str(vars(entry)) for entry in AuditEntry.objects.filter(event__startswith="restriction."))
    assert not {word for word in ("打架", EVIDENCE, "动手", "属实", "录像") if word in kept}
    notices = InboxItem.objects.filter(person=site.zhang, kind__startswith="restriction.").order_by("created_at", "id")
    assert [item.title for item in notices] == [
        "宏基总包限制您进场：滨江一期",
        f"明诚监理同意限制您进滨江一期，至{day(59)}",
        "宏基总包解除了对您的限制进场",
    ]


# Retention


def test_entry_goes_two_years_after_its_end_with_papers(site):
    row = issue(site, papers=[("经过.pdf", PDF)])
    end = row.until + queries.KEPT
    assert commands.forget_ended(by=system(), today=end) == 0
    assert commands.forget_ended(by=system(), today=end + timedelta(days=1)) == 1
    assert not (Restriction.objects.exists() or Line.objects.exists() or StoredFile.objects.exists())
    last = AuditEntry.objects.order_by("-id").first()
    assert str(last) == f"宏基总包对张三的限制进场记录保存期满，已删除（{row.from_date}至{row.until}）"


def test_own_data_hold_what_was_written(site):
    issue(site)
    [row] = dict(own_data(site.zhang))["限制进场"]
    assert (row["类别"], row["往来"]) == ("打架斗殴", f"作出限制（王总包）：{EVIDENCE}")
