"""Two administrators at the same time: a database constraint decides, and the second gets a refusal."""

import threading

import pytest
from django import forms
from django.db import connection, transaction

from shiming.projects.models import Participation
from shiming.web.forms import carry_out
from tests.cast import Cast


@pytest.mark.django_db(transaction=True)
def test_second_general_contractor_is_refused_in_race():
    cast = Cast()
    project, first, second = cast.binjiang, cast.hongji, cast.yuanda
    entered, go_on, heard = threading.Event(), threading.Event(), []

    def add(company):
        return Participation.objects.create(project=project, company=company, kind="general")

    def slow():
        with transaction.atomic():
            add(first)
            entered.set()
            go_on.wait(10)
        connection.close()

    def quick():
        form = forms.Form({})
        heard.append(carry_out(form, lambda: transaction.atomic(add)(second)))
        heard.extend(form.non_field_errors())
        connection.close()

    one, two = threading.Thread(target=slow), threading.Thread(target=quick)
    one.start()
    entered.wait(10)
    two.start()
    go_on.set()
    one.join()
    two.join()
    assert heard == [False, "本项目已有施工总包。"]
