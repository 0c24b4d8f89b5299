"""Start page and 待办 of 个人端, and 待办 of 企业端 and 工地端."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shiming.employment import commands as employment
from shiming.employment.models import Employment
from shiming.inbox import queries
from shiming.inbox.models import InboxItem
from shiming.inbox.today import today
from tests.doors import client_of


@pytest.fixture
def phone(cast):
    return client_of(cast.himself())


def text(response):
    return response.content.decode()


def invited(cast):
    return employment.invite(name="张三", number=cast.zhang.id_number.plain, by=cast.hr)


def next_step(cast):
    return str(today(cast.himself()).next.sentence)


def test_next_step_follows_the_persons_state(cast):
    cast.zhang.identity_status, cast.zhang.verified_at = "pending", None
    cast.zhang.save()
    steps = [next_step(cast)]
    cast.zhang.identity_status, cast.zhang.verified_at = "verified", timezone.now()
    cast.zhang.save()
    steps.append(next_step(cast))
    invitation = invited(cast)
    steps.append(next_step(cast))
    employment.confirm(invitation, by=cast.himself())
    steps.append(next_step(cast))
    row = employment.complete_profile(invitation, kind="worker", trade="钢筋工", team=cast.team(), by=cast.hr)
    steps.append(next_step(cast))
    assignment = cast.assignment(row, status="pending", confirmed_at=None)
    steps.append(next_step(cast))
    assignment.status, assignment.confirmed_at = "accepted", timezone.now()
    assignment.save()
    steps.append(next_step(cast))
    cast.stay(assignment)
    steps.append(next_step(cast))

    assert steps == [
        *("身份信息正在核验", "等单位聘用", "有事等您答复", "等单位完善您的信息"),
        *("等单位分配工地", "等工地同意", "可以进场了", "您已进场"),
    ]


def test_failed_identity_comes_first(cast):
    cast.zhang.identity_status = "failed"
    cast.zhang.save()
    assert next_step(cast) == "身份信息没有通过核验"


def test_start_page_greets_and_shows_open_items(cast, phone):
    invited(cast)
    page = text(phone.get("/m/"))
    assert "张三，您好" in page and "有事等您答复" in page and "去待办" in page
    assert '<b class="count">1</b>' in page


def test_worker_reads_consequences_and_answers(cast, phone):
    invitation = invited(cast)
    item = InboxItem.objects.get()
    assert "1 件事等您答复" in text(phone.get("/m/inbox/"))

    page = text(phone.get(f"/m/inbox/{item.pk}/"))
    assert "您在这家单位在职，单位可以分配您到工地。" in page and "什么也不改变，单位会知道您拒绝了。" in page
    assert f"/m/employments/{invitation.pk}/answer/" in page

    phone.post(f"/m/employments/{invitation.pk}/answer/", {"answer": "agree"})
    assert Employment.objects.get(pk=invitation.pk).status == "active"
    assert "已确认" in text(phone.get(f"/m/inbox/{item.pk}/"))


def test_notices_are_read_singly_or_together(cast, phone):
    employment.withdraw(invited(cast), by=cast.hr)
    notice = InboxItem.objects.get(asks=False)
    assert queries.unread(cast.himself()) == 1
    phone.post(f"/m/inbox/{notice.pk}/reading/")
    assert queries.unread(cast.himself()) == 0

    employment.withdraw(invited(cast), by=cast.hr)
    phone.post("/m/inbox/readings/")
    assert queries.unread(cast.himself()) == 0


def test_reading_does_not_answer_a_question(cast, phone):
    invited(cast)
    phone.post(f"/m/inbox/{InboxItem.objects.get().pk}/reading/")
    assert queries.waiting(cast.himself()).count() == 1


def test_firm_sees_counts_and_links(cast):
    for name in ("张三", "李四"):
        person = cast.person(name)
        employment.request_leave(cast.employment(person), reason="回家", by=cast.himself(person))
    hr = client_of(cast.hr)
    page = text(hr.get("/inbox/"))
    assert "离职申请待答复" in page and "/employments/leaves/" in page and "张三申请离职" in page
    assert 'aria-label="2 项待处理"' in page
    assert "张三申请离职" not in text(hr.get("/inbox/?what=notice")).split("<main")[1]


def test_empty_inbox_shows_a_hint(cast, phone):
    assert "没有待办" in text(phone.get("/m/inbox/"))
    assert "没有待办" in text(client_of(cast.gc_pm).get("/inbox/"))


@pytest.mark.parametrize("path", ["/m/inbox/{}/", "/m/inbox/{}/reading/"])
def test_items_of_others_are_not_found(cast, path):
    invited(cast)
    item = InboxItem.objects.get()
    stranger = client_of(cast.himself(cast.person("李四")))
    call = stranger.post if "reading" in path else stranger.get
    assert call(path.format(item.pk)).status_code == 404
    assert InboxItem.objects.get().read_at is None


def test_items_reach_only_their_firm(cast):
    employment.request_leave(cast.employment(), reason="回家", by=cast.himself())
    seen = {name: "张三申请离职" in text(client_of(actor).get("/inbox/")) for name, actor in {
        "安泰": cast.hr, "远大": cast.stranger_hr, "宏基工地": cast.gc_pm}.items()}  # fmt: skip
    assert seen == {"安泰": True, "远大": False, "宏基工地": False}


@pytest.mark.parametrize(
    ("path", "who"), [("/inbox/", "himself"), ("/m/inbox/", "hr"), ("/m/", "gc_pm"), ("/inbox/", "regulator")]
)
def test_inbox_page_belongs_to_its_door(cast, path, who):
    actor = getattr(cast, who)
    assert client_of(actor() if callable(actor) else actor).get(path).status_code == 403


def test_three_rows_cost_the_queries_of_one(cast):
    hr = client_of(cast.hr)

    def cost():
        with CaptureQueriesContext(connection) as made:
            hr.get("/inbox/")
        return len(made)

    counts = []
    for name in ("张三", "李四", "王五"):
        person = cast.person(name)
        employment.request_leave(cast.employment(person), reason="回家", by=cast.himself(person))
        hr.get("/inbox/")
        counts.append(cost())
    assert len(set(counts)) == 1
