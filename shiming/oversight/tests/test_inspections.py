"""到场检查: the list of a moment, ticks, strangers, and a signed report that nobody changes."""

import io
import zipfile

import pytest
from django.utils import timezone

from shiming.core.errors import Conflict, Invalid, NotAllowed
from shiming.core.models import AuditEntry
from shiming.inbox.models import InboxItem
from shiming.oversight import commands, inspections
from shiming.oversight.models import Inspection
from shiming.presence.models import Stay
from shiming.web import signatures
from tests.doors import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(cast):
    cast.stay()
    cast.stay(cast.assignment(cast.employment(cast.person("李四"))))
    cast.stay(cast.assignment(cast.employment(cast.person("王五"), cast.hongji), cast.gc_place))
    return cast


def names(inspection):
    return [row.stay.person.name for row in inspections.people(inspection)]


def test_list_is_kept_while_people_leave(site):
    inspection = commands.start(site.binjiang, by=site.regulator())
    Stay.objects.filter(person=site.zhang).update(exited_on=timezone.localdate(), exited_at=timezone.now())
    assert sorted(names(inspection)) == ["张三", "李四", "王五"]
    assert not InboxItem.objects.exists()  # the site is not told


def test_one_firm_alone(site):
    assert names(commands.start(site.binjiang, by=site.regulator(), place=site.gc_place)) == ["王五"]


def test_nobody_on_site_and_too_many_are_refused(site, monkeypatch):
    monkeypatch.setattr(inspections, "MOST", 2)
    with pytest.raises(Invalid, match="超过 2 人"):
        commands.start(site.binjiang, by=site.regulator())
    with pytest.raises(Invalid, match="没有人在场"):
        commands.start(site.binjiang, by=site.regulator(), place=site.specialist_place)


def test_another_station_may_not_inspect(site):
    with pytest.raises(NotAllowed):
        commands.start(site.binjiang, by=site.regulator("远监督", "西区监督站"))


def test_ticks_are_saved_until_finished(site):
    regulator = site.regulator()
    inspection = commands.start(site.binjiang, by=regulator)
    first, second, third = inspections.people(inspection)
    note = {"strangers": "一人穿灰衣，不肯说", "note": "", "by": regulator}
    commands.note_findings(inspection, found=[first.pk, second.pk], **note)
    commands.note_findings(inspection, found=[second.pk, third.pk, 0], finish=True, **note)
    assert [row.found for row in inspections.people(inspection)] == [False, True, True]
    assert str(AuditEntry.objects.latest("id")) == "钱监督查完滨江一期，应到 3 人，查到 2 人"
    with pytest.raises(Conflict):
        commands.note_findings(inspection, found=[], **note)


def test_pages_lead_to_signed_report(site):
    browser = client_of(site.regulator())
    start = f"/oversight/sites/{site.binjiang.pk}/inspection/"
    assert "此刻在场 3 人" in browser.get(start).content.decode()
    page = browser.post(start, {"place": ""})["Location"]
    shown = browser.get(page).content.decode()
    assert "张三" in shown and site.zhang.id_number.plain not in shown
    assert browser.post(f"{page}report/").status_code == 404  # not finished yet

    ticked = inspections.people(Inspection.objects.get()).first().pk
    browser.post(page, {"found": [ticked], "strangers": "一人", "note": "补登记", "act": "finish"})
    answer = browser.post(f"{page}report/")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as opened:
        [pdf] = [name for name in opened.namelist() if name.endswith(".pdf")]
        assert opened.read(pdf).startswith(b"%PDF")
    assert signatures.check(io.BytesIO(answer.content)).genuine
    stranger = client_of(site.regulator("远监督", "西区监督站"))
    assert [stranger.get(address).status_code for address in (start, page)] == [404, 404]
