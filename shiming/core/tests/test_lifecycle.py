"""A state moves along a drawn arrow, on a row that is held, and every save is counted."""

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
def test_every_state_has_its_arrows_and_no_arrow_leads_out_of_the_states(model):
    states = {value for value, _ in model._meta.get_field(model.STATUS_FIELD).choices}
    reached = {state for arrows in model.NEXT.values() for state in arrows}

    assert set(model.NEXT) == states
    assert reached <= states


@pytest.mark.parametrize("model", WITH_STATES, ids=lambda model: model._meta.label)
def test_no_row_moves_to_the_state_it_has(model):
    assert [state for state, arrows in model.NEXT.items() if state in arrows] == []


def test_a_move_along_an_arrow_changes_the_state_and_saves_nothing(cast):
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
def test_a_move_that_is_not_drawn_is_refused_in_the_words_of_the_states(row, to, sentence):
    before = row.status
    with pytest.raises(Conflict) as refused:
        row.become(to)

    assert (refused.value.codes, refused.value.status, str(refused.value)) == (["R-43"], 409, sentence)
    assert row.status == before


@pytest.mark.parametrize(
    ("now", "possible"),
    [("open", ["suspended", "finished"]), ("suspended", ["open", "finished"]), ("finished", [])],
)
def test_what_a_row_can_become_is_what_the_arrows_say(now, possible):
    project = Project(status=now)
    assert [status.value for status in Project.Status if project.can_become(status)] == possible


def test_each_save_is_a_version(cast):
    firm = cast.antai
    versions = [firm.version]
    for contact in ("陈联系", "周联系"):
        firm.contact = contact
        firm.save()
        versions.append(Company.objects.get(pk=firm.pk).version)

    assert versions == [1, 2, 3]


def test_a_save_of_one_field_is_a_version_as_well_and_leaves_the_others(cast):
    firm = cast.antai
    firm.contact, firm.name = "陈联系", "不该保存的名称"
    firm.save(update_fields=["contact"])

    kept = Company.objects.get(pk=firm.pk)
    assert (kept.contact, kept.name, kept.version) == ("陈联系", "安泰劳务", 2)


def test_a_locked_row_is_read_afresh(cast):
    stale = cast.antai
    Company.objects.filter(pk=stale.pk).update(contact="陈联系")

    assert lock(stale).contact == "陈联系"
    assert stale.contact == ""


def test_a_locked_row_is_held_until_the_transaction_ends(cast):
    with CaptureQueriesContext(connection) as asked:
        lock(cast.antai)
    assert asked.captured_queries[-1]["sql"].endswith("FOR UPDATE")


def test_a_row_that_was_saved_since_it_was_seen_is_refused_as_changed(cast):
    seen = cast.antai.version
    assert lock(cast.antai, seen=seen).version == seen

    cast.antai.save()
    with pytest.raises(Conflict) as refused:
        lock(cast.antai, seen=seen)
    assert str(refused.value) == "内容已被他人更新，请刷新"


def test_without_a_version_seen_the_newest_row_is_taken(cast):
    employment = cast.employment()
    Employment.objects.get(pk=employment.pk).save()

    assert lock(employment).version == employment.version + 1
