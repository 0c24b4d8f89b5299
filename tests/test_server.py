"""The base of the journeys: a server that answers, an empty city for each, a working camera."""

import zxingcpp
from PIL import Image

from shiming.people.models import Person


def test_server_answers_with_data_of_the_journey(live, window):
    person = live.cast.zhang
    page = window("phone", live.cast.himself(person))
    assert page.goto("/healthz").status == 200
    assert list(Person.objects.values_list("name", flat=True)) == ["张三"]


def test_next_journey_starts_empty(live):
    assert list(Person.objects.all()) == []
    assert live.cast.hr.company_name == "安泰劳务"


def test_camera_reads_the_shown_code(camera):
    camera.show_code("SM1:whoever")
    with Image.open(camera.path) as view:
        assert [found.text for found in zxingcpp.read_barcodes(view)] == ["SM1:whoever"]
