"""The entrance without proof: one click in a demonstration, absent elsewhere."""

import json
import re
import time
from copy import deepcopy
from dataclasses import asdict

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse

from shiming.accounts import sessions
from shiming.accounts.commands.factors import new_secret
from shiming.accounts.hats import offers
from shiming.accounts.models import Totp, User
from shiming.demo import checks
from shiming.demo.city import accounts
from shiming.demo.tests import demo_urls
from tests.doors import export

BANNER = "演示数据，人物均为虚构"


def account_of(actor, key, start):
    hat = next(hat for hat in offers(User.objects.get(pk=actor.user_id)) if hat.actor == actor)
    words = {"door": actor.door.label, "role": actor.role.label, "name": actor.name, "at": actor.project_name or ""}
    given = {"key": key, "story": "早上六点半在门口扫码", "start": start, "user_id": str(actor.user_id)}
    return accounts.Account(**words, **given, hat=str(hat.source))


@pytest.fixture
def city(cast, monkeypatch, tmp_path):
    """Two stories, in a folder of this test."""
    monkeypatch.setattr(accounts, "path", lambda: tmp_path / "demo-accounts.json")
    stories = [account_of(cast.gc_pm, "gc-pm", "stay-entry"), account_of(cast.hr, "labour-hr", "no-such-page")]
    accounts.path().write_text(json.dumps([asdict(story) for story in stories]))


@pytest.fixture
def demo(settings):
    settings.DEMO = True
    settings.ROOT_URLCONF = demo_urls.__name__
    engines = deepcopy(settings.TEMPLATES)
    engines[0]["OPTIONS"]["context_processors"].append("shiming.demo.context.demonstration")
    settings.TEMPLATES = engines


def test_entrance_lists_stories_by_door(client, city, demo):
    page = client.get("/").content.decode()
    assert page.index("企业端") < page.index("早上六点半在门口扫码")
    assert page.count('<button class="demo__story">') == 2
    assert BANNER in page


def test_one_click_opens_first_page_of_story(city, demo, cast):
    client = Client()
    assert client.post("/demo/gc-pm/entrance/")["Location"] == reverse("stay-entry")
    page = client.get(reverse("stay-entry"))
    assert (page.status_code, page.wsgi_request.actor) == (200, cast.gc_pm)
    assert BANNER in page.content.decode()


def test_story_without_page_begins_at_start_page(client, city, demo):
    assert client.post("/demo/labour-hr/entrance/")["Location"] == reverse("home-company")


def test_get_request_does_not_log_in(client, city, demo):
    assert client.get("/demo/gc-pm/entrance/").status_code == 405
    assert client.post("/demo/nobody/entrance/").status_code == 404


def test_routes_exist_only_in_demonstration(client, city):
    for name, words in (("demo-accounts", []), ("demo-enter", ["gc-pm"])):
        with pytest.raises(NoReverseMatch):
            reverse(name, args=words)
    assert client.get("/demo/").status_code == 404
    assert client.post("/demo/gc-pm/entrance/").status_code == 404
    assert BANNER not in client.get("/").content.decode()


def test_routes_log_in_only_in_demonstration(client, city, settings, cast):
    settings.ROOT_URLCONF = demo_urls.__name__
    assert client.post("/demo/gc-pm/entrance/").status_code == 404
    with pytest.raises(PermissionDenied):
        sessions.login(RequestFactory().post("/"), User.objects.get(pk=cast.gc_pm.user_id), cast.gc_pm)


def test_real_installation_with_demo_files_does_not_start(city, settings, monkeypatch):
    assert checks.the_demonstrations_entrance_is_closed(None) == []
    settings.ROOT_URLCONF = demo_urls.__name__
    monkeypatch.setattr(checks, "path", accounts.path)
    monkeypatch.setattr(checks, "environment", lambda: type("Real", (), {"mode": "production"}))
    found = [error.id for error in checks.the_demonstrations_entrance_is_closed(None)]
    assert found == ["shiming.demo.E001", "shiming.demo.E002"]
    settings.DEMO = True
    assert checks.the_demonstrations_entrance_is_closed(None) == []


@pytest.mark.parametrize(("key", "who"), [("labour-hr", "hr"), ("gc-pm", "gc_pm")])
def test_reauthentication_page_shows_the_code(city, demo, cast, key, who):
    user = User.objects.get(pk=getattr(cast, who).user_id)
    if key == "labour-hr":
        Totp(user=user, secret=new_secret()).save(force_insert=True)
    client = Client()
    client.post(f"/demo/{key}/entrance/")
    session = client.session
    assert session["proved_at"] <= time.time()
    session["proved_at"] -= 400
    session.save()
    assert export(client, "/people/")["Location"].startswith("/login/again/")

    if key == "gc-pm":
        assert "先发送验证码" in client.get("/login/again/").content.decode()
        client.post("/login/again/code/")
    page = client.get("/login/again/")
    code = re.search(r"该填的验证码是 <b[^>]*>(\d{6})</b>", page.content.decode())[1]
    assert client.post("/login/again/", {"code": code, "kind": "totp"}).status_code == 302
    assert client.session["proved_at"] > time.time() - 60
