"""The certificate login with a real nginx, a real server and a certification authority for tests."""

import re
import shutil
import ssl
import subprocess
from pathlib import Path

import httpx
import pytest

from shiming.accounts.tests.authority import Authority
from shiming.runtime.system import wait_until
from tests.server import addresses, at, free_port, serving

CONFIGURATION = Path(__file__).parents[3] / "docs/certificate-login/nginx.conf"
SECRET = "a secret of at least thirty-two characters"


@pytest.fixture
def authority(tmp_path):
    return Authority(tmp_path)


@pytest.fixture
def behind_nginx(live, authority, tmp_path):
    settings = {"SHIMING_MODE": "test", "SHIMING_HTTPS": "true"}
    settings |= {"SHIMING_TRUSTED_PROXIES": "127.0.0.1", "SHIMING_PROXY_SECRET": SECRET}
    with serving(at(addresses()[0].app, live.database), **settings) as upstream:
        port = free_port()
        nginx = _start(tmp_path, authority, port, upstream.rpartition(":")[2])
        try:
            yield f"https://localhost:{port}", upstream
        finally:
            nginx.terminate()
            nginx.wait(10)


def _start(folder: Path, authority: Authority, port: int, upstream_port: str) -> subprocess.Popen:
    """nginx with the configuration of our documentation, in a folder of its own."""
    certificate, key, _ = authority.server()
    given = {
        "port": f"127.0.0.1:{port}",
        "server_name": "localhost",
        "server_certificate": certificate,
        "server_key": key,
        "client_authority": authority.file,
        "upstream_port": upstream_port,
        "proxy_secret": SECRET,
    }
    server = re.sub(r"\$\((\w+)\)", lambda blank: str(given[blank[1]]), CONFIGURATION.read_text().split("\n\n", 1)[1])
    places = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    main = f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/errors.log; events {{}}"
    file = folder / "nginx.conf"
    file.write_text(f"{main}\nhttp {{ access_log off; {places}\n{server}\n}}\n")
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    nginx = subprocess.Popen([program, "-c", file, "-p", folder, "-e", folder / "errors.log"])
    ready = wait_until(lambda: nginx.poll() is not None or _answers(port, authority), 20)
    assert ready and nginx.poll() is None, (folder / "errors.log").read_text()
    return nginx


def _answers(port: int, authority: Authority) -> bool:
    try:
        return httpx.get(f"https://localhost:{port}/healthz", verify=_trust(authority)).is_success
    except httpx.TransportError:
        return False


def _trust(authority: Authority, issued=None) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=authority.file)
    if issued:
        context.load_cert_chain(*issued[:2])
    return context


def browser(url: str, authority: Authority, issued=None) -> httpx.Client:
    return httpx.Client(base_url=url, verify=_trust(authority, issued), headers={"Referer": url + "/"})


def log_in(client: httpx.Client, **headers) -> httpx.Response:
    page = client.get("/login/company/", headers=headers)
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page.text)[1]
    return client.post("/login/company/certificate/", data={"csrfmiddlewaretoken": token}, headers=headers)


def test_certificate_opens_the_door_of_its_company(live, behind_nginx, authority):
    url, _ = behind_nginx
    issued = authority.company("安泰劳务", "ID-0001", "赵法人")
    company = live.cast.antai
    company.certificate_id, company.certificate_serial = "ID-0001", issued[2]
    company.save()

    with browser(url, authority, issued) as client:
        shown = client.get("/login/company/").text
        assert all(text in shown for text in ("安泰劳务", "ID-0001", issued[2], "赵法人"))
        assert log_in(client).headers["Location"] == "/company/"
        assert client.get("/account/").status_code == 200
        assert all(name.startswith("__Host-") for name in client.cookies if name != "device")


def test_login_without_certificate_gets_R_02(behind_nginx, authority):
    url, _ = behind_nginx
    with browser(url, authority) as client:
        answer = log_in(client)
        assert answer.status_code == 422 and "请先插入数字证书后再输入密码" in answer.text


def test_nginx_refuses_another_authority(behind_nginx, authority, tmp_path):
    url, _ = behind_nginx
    stranger = Authority(tmp_path, "别处证书中心").company("安泰劳务", "ID-0001", "赵法人")
    with browser(url, authority, stranger) as client:
        assert client.get("/login/company/").status_code == 400


def test_invented_headers_are_removed(live, behind_nginx, authority):
    url, upstream = behind_nginx
    company = live.cast.antai
    company.certificate_id = "ID-0001"
    company.save()
    pem = authority.company("安泰劳务", "ID-0001", "赵法人")[0].read_text()
    forged = {"X-Client-Verify": "SUCCESS", "X-Client-Cert": httpx.QueryParams({"c": pem}).__str__()[2:]}
    with browser(url, authority) as client:
        assert log_in(client, **forged).status_code == 422
    direct = httpx.get(f"{upstream}/login/company/", headers=forged | {"X-Proxy-Secret": "guess"})
    assert "ID-0001" not in direct.text
