"""A changed phone number ends the sessions on the old phone."""

import pytest
from django.urls import reverse

from shiming.people import commands
from tests.cast import phone_number
from tests.doors import client_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("who", "stays"), [("admin", False), ("himself", True)])
def test_phone_change_by_administrator_ends_sessions(cast, who, stays):
    client = client_of(cast.himself())
    by = cast.himself() if who == "himself" else cast.admin
    commands.change_phone(cast.zhang, phone_number(777), by=by, reason="旧号丢失")
    assert (client.get(reverse("home-person")).status_code == 200) is stays
