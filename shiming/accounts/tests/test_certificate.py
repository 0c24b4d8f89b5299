"""Certificate headers count only from the configured proxy with its secret."""

from urllib.parse import quote

import pytest
from django.test import Client

from shiming.accounts.hats import hats_of
from shiming.accounts.middleware import Doorstep
from shiming.accounts.models import User
from shiming.accounts.tests.authority import Authority
from shiming.accounts.tests.conftest import PASSWORD, code_of, with_password
from shiming.companies.commands import appoint
from shiming.core.actor import Role
from shiming.core.models import AuditEntry

SECRET = "a secret of at least thirty-two characters"


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


@pytest.fixture
def proxied(monkeypatch):
    """The site behind a proxy at 10.0.0.1."""

    def configured(self, get_response):
        self.get_response, self.proxies, self.secret = get_response, {"10.0.0.1"}, SECRET

    monkeypatch.setattr(Doorstep, "__init__", configured)
    return Client(REMOTE_ADDR="10.0.0.1", HTTP_X_PROXY_SECRET=SECRET)


def headers(issued, verify="SUCCESS") -> dict:
    certificate, _, _ = issued
    return {"HTTP_X_CLIENT_VERIFY": verify, "HTTP_X_CLIENT_CERT": quote(certificate.read_text())}


def file_certificate(company, unique_id="", serial=""):
    company.certificate_id, company.certificate_serial = unique_id, serial
    company.save()
    return company


def log_in(client, issued, **more):
    return client.post("/login/company/certificate/", **(headers(issued) | more))


def codes(answer) -> list[str]:
    return [item.code for item in answer.context["refusals"]]


def test_entrance_shows_the_certificate(proxied, authority, db):
    issued = authority.company("安泰劳务", "ID-0001", "赵法人")
    shown = proxied.get("/login/company/", **headers(issued)).context["certificate"]
    assert (shown.company, shown.unique_id, shown.serial, shown.holder) == ("安泰劳务", "ID-0001", issued[2], "赵法人")


def test_holder_acts_for_the_company(cast, proxied, authority):
    issued = authority.company("安泰劳务", "ID-0001", "赵法人")
    file_certificate(cast.antai, "ID-0001", issued[2])

    assert log_in(proxied, issued)["Location"] == "/company/"
    actor = proxied.get("/account/").wsgi_request.actor
    assert (actor.role, actor.company_id, actor.name) == (Role.LEGAL_REP, cast.antai.pk, "赵法人")
    assert "赵法人登录企业端" in [str(entry) for entry in AuditEntry.objects.all()]


def test_second_login_uses_the_same_account(cast, proxied, authority):
    issued = authority.company("安泰劳务", "ID-0001", "赵法人")
    file_certificate(cast.antai, "ID-0001")
    log_in(proxied, issued), log_in(proxied, issued)
    assert User.objects.filter(posts__company=cast.antai).count() == 1


def test_login_without_certificate_gets_R_02(proxied, db):
    assert codes(proxied.post("/login/company/certificate/")) == ["R-02"]


@pytest.mark.parametrize(
    "forgery",
    [
        {"REMOTE_ADDR": "10.0.0.2"},
        {"HTTP_X_PROXY_SECRET": ""},
        {"HTTP_X_PROXY_SECRET": SECRET[:-1]},
        {"HTTP_X_CLIENT_VERIFY": "FAILED:unable to verify"},
        {"HTTP_X_CLIENT_VERIFY": "NONE"},
        {"HTTP_X_CLIENT_CERT": "not a certificate"},
    ],
)
def test_forged_certificate_is_ignored(cast, proxied, authority, forgery):
    issued = authority.company("安泰劳务", "ID-0001", "赵法人")
    file_certificate(cast.antai, "ID-0001")
    assert codes(log_in(proxied, issued, **forgery)) == ["R-02"]


def test_missing_proxy_secret_disables_certificates(cast, authority):
    issued = authority.company("安泰劳务", "ID-0001", "赵法人")
    file_certificate(cast.antai, "ID-0001")
    assert codes(log_in(Client(HTTP_X_PROXY_SECRET=""), issued)) == ["R-02"]


@pytest.mark.parametrize(("unique_id", "serial"), [("", ""), ("ID-0002", ""), ("ID-0001", "ABCD"), ("", "ABCD")])
def test_certificate_of_unknown_company_is_refused(cast, proxied, authority, unique_id, serial):
    file_certificate(cast.antai, unique_id, serial)
    issued = authority.company("安泰劳务", "ID-0001", "赵法人")
    assert codes(log_in(proxied, issued)) == ["L-07"]


def test_expired_certificate_is_refused(cast, proxied, authority):
    file_certificate(cast.antai, "ID-0001")
    assert codes(log_in(proxied, authority.company("安泰劳务", "ID-0001", "赵法人", days=-1))) == ["L-08"]


def test_nameless_certificate_matches_no_company(cast, proxied, authority):
    file_certificate(cast.antai), file_certificate(cast.hongji)
    assert codes(log_in(proxied, authority.company("某公司", " ", "某人"))) == ["L-07"]


def test_visitor_address_is_read_behind_proxy(proxied, db):
    proxied.post(
        "/login/company/",
        {"username": "nobody", "password": "x"},
        HTTP_X_FORWARDED_FOR="192.0.2.66, 198.51.100.7, 10.0.0.1",
    )
    assert AuditEntry.objects.get(event="login.failed").address == "198.51.100.7"


def test_certificate_and_password_both_reach_audit_and_register(cast, proxied, authority):
    """4-01: CA key or user name and password. The holder acts as 法人, who does what clerk and auditor do; a holder who
    is auditor as well chooses that role."""
    issued = authority.company("安居实施", "ID-0004", "贾法人")
    file_certificate(cast.anju, "ID-0004", issued[2])
    assert cast.implementer and log_in(proxied, issued)["Location"] == "/company/"
    assert [proxied.get(page).status_code for page in ("/audits/", "/company/profile/")] == [200, 200]

    holder = User.objects.get(username=f"cert-{cast.anju.pk}")
    for role in (Role.IMPLEMENTER, Role.PARTICIPANT_CLERK):
        appoint(cast.anju, holder, role, by=cast.admin)
    roles = {hat.role for hat in hats_of(holder)}
    assert roles == {Role.LEGAL_REP, Role.IMPLEMENTER, Role.PARTICIPANT_CLERK}


@pytest.mark.parametrize("who", ["clerk", "implementer"])
def test_password_reaches_both_roles(cast, visitor, app_secret, who):
    actor = getattr(cast, who)
    user = with_password(actor, app_secret)
    visitor.post("/login/company/", {"username": user.username, "password": PASSWORD})
    answer = visitor.post("/login/second-factor/", {"kind": "totp", "code": code_of(app_secret)})
    assert answer["Location"] == "/company/"
    page = visitor.get("/company/")
    assert (page.wsgi_request.actor.role, page.status_code) == (actor.role, 200)
