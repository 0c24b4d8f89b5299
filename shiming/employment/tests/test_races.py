"""Parallel requests: the database decides, and the second gets a refusal."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from shiming.core.errors import DomainError
from shiming.employment import commands
from shiming.employment.models import Employment


def at_once(*calls):
    """Run the calls in threads that start together; return the codes of the refused ones."""
    barrier, codes = Barrier(len(calls)), []

    def run(call):
        barrier.wait()
        try:
            call()
        except DomainError as error:
            codes.extend(error.codes)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return codes


@pytest.mark.django_db(transaction=True)
def test_parallel_confirmations_give_one_employer(cast):
    rows = [cast.employment(company=firm, status="invited", started_at=None) for firm in (cast.antai, cast.yuanda)]
    himself = cast.himself()
    codes = at_once(*(lambda row=row: commands.confirm(row, by=himself) for row in rows))

    assert codes == ["R-05"]
    assert sorted(Employment.objects.values_list("status", flat=True)) == ["active", "invited"]


@pytest.mark.django_db(transaction=True)
def test_parallel_invitations_make_one_row(cast):
    asked = {"name": "张三", "number": cast.zhang.id_number.plain, "by": cast.hr}
    codes = at_once(*(lambda: commands.invite(**asked) for _ in range(3)))

    assert codes == ["R-08", "R-08"]
    assert Employment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_withdrawal_and_confirmation_have_one_winner(cast):
    row = cast.employment(status="invited", started_at=None)
    hr, himself = cast.hr, cast.himself()
    codes = at_once(lambda: commands.withdraw(row, by=hr), lambda: commands.confirm(row, by=himself))

    assert (len(codes), Employment.objects.get().status) in [(1, "active"), (1, "withdrawn")]
