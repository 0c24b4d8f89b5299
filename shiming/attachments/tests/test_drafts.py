"""Papers uploaded before the person is registered: they stay with the registration, or go with its draft."""

from datetime import timedelta

import pytest
from django.utils import timezone

from shiming.attachments import holders
from shiming.attachments.models import Attachment, Piece
from shiming.core.actor import system
from shiming.core.models import AuditEntry, StoredFile
from shiming.employment import commands
from shiming.employment.models import ManagerDraft
from shiming.employment.tests.test_managers import ABOUT, NUMBER, WORK
from shiming.people.models import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(cast):
    assert cast.repair_place
    draft = commands.start_manager_draft(NUMBER, by=cast.clerk)
    return commands.keep_typed(draft, {"name": ["韩管理"]}, by=cast.clerk)


@pytest.fixture
def paper(cast, draft, keep) -> Attachment:
    return keep(of=holders.find("drafts", cast.clerk, draft.pk))


def stored() -> int:
    return StoredFile.objects.filter(kind="attachment").count()


def trail() -> list[str]:
    return [str(entry) for entry in AuditEntry.objects.order_by("id")]


def test_papers_of_a_discarded_draft_go_with_it_and_the_trail_says_so(cast, draft, paper):
    assert stored() == 1
    commands.discard_typed(draft, by=cast.clerk)
    assert (Attachment.objects.count(), Piece.objects.count(), stored()) == (0, 0, 0)
    assert trail()[-2:] == [
        "韩管理没有提交的管理人员登记已删除：放弃",
        f"冯经办删除{paper.person}的附件（{paper.kind_label}）",
    ]


def test_papers_of_an_expired_draft_go_with_it(draft, paper):
    ManagerDraft.objects.update(updated_at=timezone.now() - timedelta(days=7, minutes=1))
    assert commands.discard_old_drafts(by=system()) == 1
    assert (Attachment.objects.count(), stored()) == (0, 0)
    assert "韩管理没有提交的管理人员登记已删除：7 天没有改动" in trail()


def test_papers_stay_with_the_manager_who_is_registered(cast, draft, paper):
    commands.register_from_draft(draft, name="韩管理", work=WORK, about=ABOUT, by=cast.clerk)
    assert Attachment.objects.get().id_digest == Person.by_id_number(NUMBER).id_digest


@pytest.mark.parametrize("left", [False, True])
def test_giving_up_a_change_keeps_the_papers_of_the_employment(cast, draft, paper, left):
    employment = commands.register_from_draft(draft, name="韩管理", work=WORK, about=ABOUT, by=cast.clerk)
    if left:
        commands.release(employment, reason="合同到期", by=cast.clerk)
        change = commands.start_manager_draft(NUMBER, by=cast.clerk)
    else:
        change = commands.draft_of_manager(employment, by=cast.clerk)
    commands.discard_typed(change, by=cast.clerk)
    assert Attachment.objects.get() == paper and stored() == 1


def test_papers_of_other_drafts_and_companies_stay(cast, draft, paper, keep, holder):
    keep()
    keep(of=holders.Holder(cast.yuanda.pk, paper.id_digest), by=cast.stranger_hr)
    commands.discard_typed(draft, by=cast.clerk)
    assert set(Attachment.objects.values_list("company__name", flat=True)) == {"安泰劳务", "远大总包"}
