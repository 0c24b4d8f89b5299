"""What journeys stand on: a server that answers, a city that is empty each time, a camera that sees."""

import zxingcpp
from PIL import Image

from shiming.people.models import Person


def test_the_server_answers_and_knows_what_the_journey_made(live, window):
    person = live.cast.zhang
    page = window("phone", live.cast.himself(person))
    assert page.goto("/healthz").status == 200
    assert list(Person.objects.values_list("name", flat=True)) == ["张三"]


def test_the_next_journey_begins_with_nobody(live):
    assert list(Person.objects.all()) == []
    assert live.cast.hr.company_name == "安泰劳务"


def test_the_camera_sees_what_is_held_up(camera):
    camera.show_code("SM1:whoever")
    with Image.open(camera.path) as view:
        assert [found.text for found in zxingcpp.read_barcodes(view)] == ["SM1:whoever"]
