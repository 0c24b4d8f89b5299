"""States change along arrows only, on a locked row, and every save raises the version."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shiming.companies.models import Company
from shiming.core.errors import Conflict
from shiming.core.lifecycle import Lifecycle, lock
from shiming.employment.models import Employment
from shiming.projects.models import ContractFiling, Project
from tests.test_house import OURS

WITH_STATES = [model for model in OURS if issubclass(model, Lifecycle)]


@pytest.mark.parametrize("model", WITH_STATES, ids=lambda model: model._meta.label)
def test_every_state_has_valid_arrows(model):
    states = {value for value, _ in model._meta.get_field(model.STATUS_FIELD).choices}
    reached = {state for arrows in model.NEXT.values() for state in arrows}

    assert set(model.NEXT) == states
    assert reached <= states


@pytest.mark.parametrize("model", WITH_STATES, ids=lambda model: model._meta.label)
def test_no_state_leads_to_itself(model):
    assert [state for state, arrows in model.NEXT.items() if state in arrows] == []


def test_become_sets_state_without_saving(cast):
    firm = cast.antai
    firm.become(Company.Status.CLOSED)

    assert firm.status == "closed"
    assert Company.objects.get(pk=firm.pk).status == "active"


@pytest.mark.parametrize(
    ("row", "to", "sentence"),
    [
        (Project(status="finished"), "open", "项目竣工，不能改为在建"),
        (Project(status="finished"), "finished", "项目竣工，无需再办"),
        (Project(status="open"), "open", "项目在建，无需再办"),
        (ContractFiling(status="draft"), "closed", "合同未完成报送，不能改为合同已终止"),
        (ContractFiling(status="closed"), "filed", "合同合同已终止，不能改为合同已报送"),
    ],
)
def test_move_without_arrow_is_refused(row, to, sentence):
    before = row.status
    with pytest.raises(Conflict) as refused:
        row.become(to)

    assert (refused.value.codes, refused.value.status, str(refused.value)) == (["R-43"], 409, sentence)
    assert row.status == before


@pytest.mark.parametrize(
    ("now", "possible"),
    [("open", ["suspended", "finished"]), ("suspended", ["open", "finished"]), ("finished", [])],
)
def test_possible_states_follow_the_arrows(now, possible):
    project = Project(status=now)
    assert [status.value for status in Project.Status if project.can_become(status)] == possible


def test_each_save_raises_version(cast):
    firm = cast.antai
    versions = [firm.version]
    for contact in ("陈联系", "周联系"):
        firm.contact = contact
        firm.save()
        versions.append(Company.objects.get(pk=firm.pk).version)

    assert versions == [1, 2, 3]


def test_partial_save_raises_version_too(cast):
    firm = cast.antai
    firm.contact, firm.name = "陈联系", "不该保存的名称"
    firm.save(update_fields=["contact"])

    kept = Company.objects.get(pk=firm.pk)
    assert (kept.contact, kept.name, kept.version) == ("陈联系", "安泰劳务", 2)


def test_lock_reads_row_again(cast):
    stale = cast.antai
    Company.objects.filter(pk=stale.pk).update(contact="陈联系")

    assert lock(stale).contact == "陈联系"
    assert stale.contact == ""


def test_lock_holds_row_until_transaction_ends(cast):
    with CaptureQueriesContext(connection) as asked:
        lock(cast.antai)
    assert asked.captured_queries[-1]["sql"].endswith("FOR UPDATE")


def test_row_changed_since_seen_is_refused(cast):
    seen = cast.antai.version
    assert lock(cast.antai, seen=seen).version == seen

    cast.antai.save()
    with pytest.raises(Conflict) as refused:
        lock(cast.antai, seen=seen)
    assert str(refused.value) == "内容已被他人更新，请刷新"


def test_lock_without_version_takes_newest_row(cast):
    employment = cast.employment()
    Employment.objects.get(pk=employment.pk).save()

    assert lock(employment).version == employment.version + 1
