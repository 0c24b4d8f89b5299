"""Two clerks at the same moment: what the second is answered."""

import threading

import pytest
from django.db import connection, transaction

from shiming.assignment import commands as assignments
from shiming.assignment.models import Assignment
from shiming.binding.tests.cases import drafted
from shiming.core.errors import DomainError
from shiming.projects import commands as projects
from shiming.projects.models import Participation
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def one_after_the_other(first, second) -> list[str]:
    """`second` begins while the transaction of `first` is open; what each answered."""
    begun, go_on, heard = threading.Event(), threading.Event(), ["", ""]

    def answered(command) -> str:
        try:
            result = command()
        except DomainError as refused:
            return str(refused)
        return "；".join(str(error) for _, error in getattr(result, "refused", []))

    def slow():
        with transaction.atomic():
            heard[0] = answered(first)
            begun.set()
            go_on.wait(10)
        connection.close()

    def quick():
        begun.wait(10)
        go_on_soon.start()
        heard[1] = answered(second)
        connection.close()

    go_on_soon = threading.Timer(0.3, go_on.set)
    threads = [threading.Thread(target=slow), threading.Thread(target=quick)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return heard


def test_two_submissions_at_once_are_one():
    cast = Cast()
    row, clerk, colleague = drafted(cast), cast.clerk, cast.hr
    heard = one_after_the_other(
        lambda: assignments.submit([row], by=clerk), lambda: assignments.submit([row], by=colleague)
    )
    assert heard == ["", "已经提交，等待实施单位审核"]
    assert Assignment.objects.get().submitted_by_id == clerk.user_id


def test_a_project_is_not_deleted_under_a_submission():
    cast = Cast()
    row, clerk, colleague = drafted(cast), cast.clerk, cast.hr
    heard = one_after_the_other(
        lambda: assignments.submit([row], by=clerk), lambda: projects.give_up_place(cast.repair_place, by=colleague)
    )
    assert heard == ["", "有人员已绑定或待审核，不能删除项目"]
    assert Participation.objects.get(pk=cast.repair_place.pk).left_on is None


def test_nobody_is_submitted_to_a_project_that_is_being_deleted():
    cast = Cast()
    row, clerk, colleague = drafted(cast), cast.clerk, cast.hr
    heard = one_after_the_other(
        lambda: projects.give_up_place(cast.repair_place, by=clerk), lambda: assignments.submit([row], by=colleague)
    )
    assert heard == ["", "合同未完成报送，不能分配人员"]
    assert Assignment.objects.get().status == "removed"


def test_nobody_is_drafted_on_a_project_that_is_being_deleted():
    cast = Cast()
    row, clerk, colleague = drafted(cast), cast.clerk, cast.hr
    again = lambda: assignments.draft(row.employment, cast.repair_place, role="worker", by=colleague)  # noqa: E731
    heard = one_after_the_other(lambda: projects.give_up_place(cast.repair_place, by=clerk), again)
    assert heard == ["", "项目未在建，不能办理进场"]


def test_two_who_draft_the_same_worker_get_one_draft():
    cast = Cast()
    row, clerk, colleague = drafted(cast), cast.clerk, cast.hr
    assignments.discard([row], by=clerk)
    place, employment = cast.repair_place, row.employment
    heard = one_after_the_other(
        lambda: assignments.draft(employment, place, role="worker", by=clerk),
        lambda: assignments.draft(employment, place, role="worker", by=colleague),
    )
    assert heard == ["", ""]
    assert Assignment.objects.filter(status="draft").count() == 1
