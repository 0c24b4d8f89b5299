"""督办: sent by the station, answered by the site with papers before a deadline, given back or closed, all on record."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from shiming.core.errors import Conflict, DomainError, Invalid, NotAllowed
from shiming.core.models import AuditEntry
from shiming.inbox import queries as inbox
from shiming.oversight import commands, inquiries
from shiming.oversight.models import Inquiry
from tests.doors import client_of

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 a list of reasons %%EOF"


def in_days(number):
    return timezone.localdate() + timedelta(days=number)


@pytest.fixture
def silent(cast):
    """张三 on site for twenty days without a punch: one case of 在场无考勤."""
    cast.stay(cast.assignment(cast.employment(contract_start=in_days(-20))))
    assert cast.gc_pm
    return cast


def send(cast, **changes):
    asked = {"text": "请逐人说明", "due_on": in_days(7), "by": cast.regulator()} | changes
    return commands.send(cast.binjiang, "forgotten", **asked)


def test_inquiry_is_answered_with_papers_given_back_and_closed(silent):
    regulator, pm = silent.regulator(), silent.gc_pm
    inquiry = send(silent)
    commands.answer(inquiry, text="张三请假", papers=[("说明.pdf", PDF)], by=pm)
    commands.give_back(inquiry, text="请附假条", due_on=in_days(3), by=regulator)
    commands.answer(inquiry, text="假条已附", papers=[], by=pm)
    commands.close(inquiry, text="属实", by=regulator)

    said = [
        (line.from_site, line.text, [paper.name for paper in line.papers.all()]) for line in inquiries.thread(inquiry)
    ]
    assert said == [
        (False, "请逐人说明", []),
        (True, "张三请假", ["说明.pdf"]),
        (False, "请附假条", []),
        (True, "假条已附", []),
        (False, "属实", []),
    ]
    inquiry.refresh_from_db()
    assert (inquiry.status, inquiry.number, inquiry.due_on) == ("inquiry_closed", 1, in_days(3))
    trail = [str(entry) for entry in AuditEntry.objects.filter(object_id=str(inquiry.pk)).order_by("id")]
    assert trail == [
        f"钱监督就“在场无考勤”1 件督办滨江一期，请在{in_days(7)}前答复：请逐人说明",
        "王总包答复“在场无考勤”的督办，附材料 1 个",
        f"钱监督退回“在场无考勤”的答复，请在{in_days(3)}前再答复：请附假条",
        "王总包答复“在场无考勤”的督办，附材料 0 个",
        "钱监督办结“在场无考勤”的督办：属实",
    ]


def test_general_contractor_is_notified_until_it_answers(silent):
    assert silent.labour_pm
    inquiry = send(silent)
    [item] = inbox.waiting(silent.gc_pm)
    assert (item.title, item.due_on) == ("监督站督办：在场无考勤 1 件", in_days(7))
    assert [group.url for group in inbox.groups(silent.gc_pm)] == ["/site/inquiries/"]
    assert not inbox.inbox(silent.labour_pm).exists()  # another firm on the same site
    commands.answer(inquiry, text="张三请假", papers=[], by=silent.gc_pm)
    assert not inbox.waiting(silent.gc_pm).exists()


@pytest.mark.parametrize(
    ("who", "sees", "answers"),
    [
        (lambda cast: cast.regulator(), True, False),
        (lambda cast: cast.regulator("远监督", "西区监督站"), False, False),
        (lambda cast: cast.gc_pm, True, True),
        (lambda cast: cast.operator(), True, False),
        (lambda cast: cast.labour_pm, False, False),
        (lambda cast: cast.stranger_pm, False, False),
        (lambda cast: cast.hr, False, False),
        (lambda cast: cast.himself(), False, False),
    ],
)
def test_who_sees_and_who_answers(silent, who, sees, answers):
    inquiry, actor = send(silent), who(silent)
    assert inquiries.seen(actor).filter(pk=inquiry.pk).exists() is sees
    try:
        commands.answer(inquiry, text="张三请假", papers=[], by=actor)
    except NotAllowed:
        assert not answers
    else:
        assert answers


def test_only_own_station_sends_and_once(silent):
    with pytest.raises(NotAllowed):
        send(silent, by=silent.regulator("远监督", "西区监督站"))
    send(silent)
    with pytest.raises(ValidationError, match="已有未办结的督办"):
        send(silent)


@pytest.mark.parametrize(
    "changes", [{"due_on": in_days(-1)}, {"text": "  "}], ids=["deadline in the past", "nothing said"]
)
def test_impossible_inquiry_leaves_no_row(silent, changes):
    with pytest.raises(DomainError):
        send(silent, **changes)


def test_nothing_wrong_is_not_inquired(silent):
    with pytest.raises(Invalid, match="现在没有"):
        commands.send(silent.binjiang, "expired", text="请说明", due_on=in_days(7), by=silent.regulator())


def test_closed_inquiry_is_not_answered(silent):
    inquiry = send(silent)
    commands.close(inquiry, text="误发", by=silent.regulator())
    with pytest.raises(Conflict):
        commands.answer(inquiry, text="张三请假", papers=[], by=silent.gc_pm)


@pytest.mark.parametrize("content", [b"<html>", b"%PDF-1.7 cut"])
def test_paper_is_judged_by_its_content(silent, content):
    inquiry = send(silent)
    with pytest.raises(Invalid):
        commands.answer(inquiry, text="张三请假", papers=[("说明.pdf", content)], by=silent.gc_pm)


def test_pages_lead_from_trouble_to_answer(silent):
    station, site = client_of(silent.regulator()), client_of(silent.gc_pm)
    address = f"/oversight/troubles/{silent.binjiang.pk}/"
    assert f"{address}forgotten/inquiry/" in station.get(address).content.decode()
    sent = station.post(f"{address}forgotten/inquiry/", {"text": "请逐人说明", "due_on": in_days(7)})
    inquiry = Inquiry.objects.get()
    assert sent["Location"] == f"/oversight/inquiries/{inquiry.pk}/"
    assert "已督办" in station.get(address).content.decode()

    paper = SimpleUploadedFile("说明.pdf", PDF)
    page = f"/site/inquiries/{inquiry.pk}/"
    assert "请逐人说明" in site.get(page).content.decode()
    assert site.post(page, {"text": "张三请假", "papers": [paper]})["Location"] == page
    shown = station.get(sent["Location"]).content.decode()
    stored = inquiries.papers(silent.regulator()).get()
    assert "张三请假" in shown and f"/oversight/papers/{stored.pk}/" in shown
    assert station.get(f"/oversight/papers/{stored.pk}/").content == PDF
    stranger = client_of(silent.regulator("远监督", "西区监督站"))
    assert stranger.get(f"/oversight/papers/{stored.pk}/").status_code == 404
    assert client_of(silent.labour_pm).get(page).status_code == 404


def test_unknown_trouble_is_not_found(silent):
    browser = client_of(silent.regulator())
    assert browser.get(f"/oversight/troubles/{silent.binjiang.pk}/nothing/inquiry/").status_code == 404
