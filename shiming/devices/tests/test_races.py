"""One reading sent twice at the same moment, as a page does whose answer was slow."""

import threading

import pytest
from django.db import connection, transaction

from shiming.core.models import AuditEntry
from shiming.devices.commands import record_reading
from shiming.devices.models import CardReading
from shiming.devices.tests.test_commands import read
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


def test_parallel_uploads_of_one_reading_get_the_same_answer():
    cast, sent, begun = Cast(), read(), threading.Event()
    clerk, answers = cast.hr, {}

    def first():
        with transaction.atomic():
            answers["first"] = record_reading(sent, by=clerk).pk
            begun.set()
            waiting.wait(10)
        connection.close()

    def second():
        begun.wait(10)
        threading.Timer(0.3, waiting.set).start()  # the second request waits for the first by then
        answers["second"] = record_reading(sent, by=clerk).pk
        connection.close()

    waiting = threading.Event()
    threads = [threading.Thread(target=each) for each in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    kept = CardReading.objects.get()
    assert answers == {"first": kept.pk, "second": kept.pk}
    assert AuditEntry.objects.filter(event="person.card_read").count() == 1
