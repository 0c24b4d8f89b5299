"""What the tests of posters and their forms share."""

import re

import pytest
from django.test import Client

from shiming.binding import poster_codes
from shiming.binding.models import SelfForm
from tests.cast import invented_id, phone_number

TYPED = {
    "name": "周工人",
    "id_number": invented_id(4711),
    "birth_date": "1985-03-12",
    "sex": "1",
    "ethnicity": "汉族",
    "native_place": "安徽省阜阳市颍上县",
    "phone": phone_number(4711),
    "residence": "上海市宝山区",
    "residence_detail": "沿河路 8 号 2 楼",
    "nature": "现场作业人员",
    "trade": "钢筋工",
    "household_type": "农村户口",
    "household_place": "安徽省阜阳市颍上县",
    "political_status": "群众",
    "agreed": "on",
}


@pytest.fixture
def address(cast) -> str:
    """What the poster of 安泰劳务 on 沿河修缮 opens."""
    return f"/q/{poster_codes.code_of(cast.repair_place)}/"


@pytest.fixture
def scan(address):
    """A phone that scanned the poster and sends its form; what is given differs from TYPED."""

    def send(client: Client | None = None, **given):
        return (client or Client()).post(address, TYPED | given)

    return send


def newest() -> SelfForm:
    return SelfForm.objects.order_by("-sent_at").first()


def text_of(answer) -> str:
    """The page without what differs each time it is drawn: the token of its forms and of its address."""
    page = re.sub(r'(name="csrfmiddlewaretoken" value=)"[^"]*"', r"\1", answer.content.decode())
    return re.sub(r"/q/sent/[^/\"]+/", "/q/sent/", page)
