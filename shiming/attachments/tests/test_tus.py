"""The protocol byte by byte: tus 1.0.0 with creation, expiration and termination, behind a session and its token."""

from base64 import b64encode

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from shiming.attachments import commands, tus
from shiming.attachments.models import Attachment, Piece
from shiming.attachments.tests.conftest import TUS, pdf
from shiming.core import files
from shiming.core.actor import Role
from shiming.core.models import StoredFile
from tests.doors import client_of

STREAM = "application/offset+octet-stream"


def told(**pairs: str) -> str:
    return ",".join(f"{name} {b64encode(value.encode()).decode()}" for name, value in pairs.items())


@pytest.fixture
def row(cast, holder):
    return cast.zhang.employments.get()


@pytest.fixture
def browser(cast):
    return client_of(cast.clerk)


def announce(browser, row, size, **more):
    pairs = {"holder": f"employments:{row.pk}", "kind": "学历证书", "filename": "毕业证.pdf"} | more
    headers = TUS | {"HTTP_UPLOAD_LENGTH": str(size), "HTTP_UPLOAD_METADATA": told(**pairs)}
    return browser.post("/uploads/", **headers)


def send(browser, address, offset, piece, **more):
    headers = TUS | {"HTTP_UPLOAD_OFFSET": str(offset)} | more
    return browser.generic("PATCH", address, piece, STREAM, **headers)


def test_options_tell_what_is_spoken(browser, row):
    answer = browser.options("/uploads/")
    told = {name: answer[name] for name in ("Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Max-Size")}
    assert answer.status_code == 204
    assert told == {
        "Tus-Resumable": "1.0.0",
        "Tus-Version": "1.0.0",
        "Tus-Extension": "creation,expiration,termination",
        "Tus-Max-Size": "20000000",
    }


def test_file_travels_in_pieces_and_comes_out_the_same(browser, row, cast):
    whole = pdf(1_200_000)
    answer = announce(browser, row, len(whole))
    address = answer["Location"]
    assert (answer.status_code, answer["Tus-Resumable"]) == (201, "1.0.0") and answer["Upload-Expires"]

    for start in range(0, len(whole), 500_000):
        answer = send(browser, address, start, whole[start : start + 500_000])
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer["Upload-Offset"] == str(min(start + 500_000, len(whole)))

    head = browser.head(address, **TUS)
    assert (head["Upload-Offset"], head["Upload-Length"]) == (str(len(whole)), str(len(whole)))
    assert "no-store" in head["Cache-Control"]
    kept = Attachment.objects.get()
    assert (kept.status, kept.media_type, kept.size) == ("kept", "application/pdf", len(whole))
    assert b"".join(files.read(piece.stored) for piece in kept.pieces.all()) == whole


def test_last_answer_that_was_lost_is_found_out_by_head(browser, row):
    whole = pdf()
    address = announce(browser, row, len(whole))["Location"]
    send(browser, address, 0, whole)
    assert browser.head(address, **TUS)["Upload-Offset"] == str(len(whole))
    assert send(browser, address, len(whole), b"more").status_code == 409


def test_wrong_place_is_a_conflict_and_keeps_nothing(browser, row):
    address = announce(browser, row, 500_000)["Location"]
    assert send(browser, address, 0, pdf(500_000)[:100_000]).status_code == 204
    for offset in (0, 99_999, 100_001, 500_000):
        answer = send(browser, address, offset, b"x" * 70_000)
        assert (answer.status_code, answer.json()["code"]) == (409, "R-43")
    assert browser.head(address, **TUS)["Upload-Offset"] == "100000"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"HTTP_TUS_RESUMABLE": "0.2.2"}, 412),
        ({"HTTP_TUS_RESUMABLE": ""}, 412),
        ({"HTTP_UPLOAD_LENGTH": "-1"}, 400),
        ({"HTTP_UPLOAD_LENGTH": "1e3"}, 400),
        ({"HTTP_UPLOAD_LENGTH": "٣٤"}, 400),
        ({"HTTP_UPLOAD_LENGTH": ""}, 400),
        ({"HTTP_UPLOAD_METADATA": "holder !!!"}, 400),
        ({"HTTP_UPLOAD_METADATA": told(holder="employments:nothing")}, 404),
        ({"HTTP_UPLOAD_METADATA": told(holder="elsewhere:1")}, 404),
        ({"HTTP_UPLOAD_METADATA": ""}, 404),
    ],
)
def test_announcement_that_is_not_understood_is_refused(browser, row, headers, status):
    given = {"holder": f"employments:{row.pk}", "kind": "其他", "filename": "a.pdf"}
    answer = browser.post(
        "/uploads/", **(TUS | {"HTTP_UPLOAD_LENGTH": "9", "HTTP_UPLOAD_METADATA": told(**given)} | headers)
    )
    assert answer.status_code == status
    assert not Attachment.objects.exists()
    assert status != 412 or answer["Tus-Version"] == "1.0.0"


def test_patch_needs_its_content_type_and_offset(browser, row):
    address = announce(browser, row, 9)["Location"]
    assert browser.generic("PATCH", address, b"x", "text/plain", **TUS, HTTP_UPLOAD_OFFSET="0").status_code == 415
    assert browser.generic("PATCH", address, b"x", STREAM, **TUS).status_code == 400


def test_piece_larger_than_the_body_limit_is_refused_before_it_is_read(browser, row):
    address = announce(browser, row, 2_000_000)["Location"]
    assert send(browser, address, 0, b"x" * 1_000_001).status_code == 413
    assert browser.head(address, **TUS)["Upload-Offset"] == "0"


def test_tiny_pieces_are_refused_unless_they_are_the_last(browser, row):
    address = announce(browser, row, 500_000)["Location"]
    assert send(browser, address, 0, b"%PDF-").status_code == 422
    assert not StoredFile.objects.filter(kind="attachment").exists()


def test_termination_frees_the_files(browser, row, django_capture_on_commit_callbacks):
    address = announce(browser, row, 500_000)["Location"]
    send(browser, address, 0, pdf(500_000)[:100_000])
    path = files.path_of(Piece.objects.get().stored)
    with django_capture_on_commit_callbacks(execute=True):
        assert browser.delete(address, **TUS).status_code == 204
    assert browser.head(address, **TUS).status_code == 404
    assert not Attachment.objects.exists() and not path.exists()


def test_upload_of_others_does_not_exist(cast, browser, row):
    """Another company, a colleague of the same company, a role without papers, an anonymous client."""
    address = announce(browser, row, 9)["Location"]
    for actor, status in ((cast.stranger_hr, 404), (cast.hr, 404), (cast.implementer, 403), (cast.labour_pm, 403)):
        other = client_of(actor)
        answers = [other.head(address, **TUS), send(other, address, 0, pdf()), other.delete(address, **TUS)]
        assert [answer.status_code for answer in answers] == [status] * 3
        assert announce(other, row, 9).status_code == (status if actor != cast.hr else 201)
    nobody = Client()
    assert nobody.head(address, **TUS).status_code == send(nobody, address, 0, pdf()).status_code == 302
    assert Attachment.objects.get(uploaded_by=cast.clerk.user_id).received == 0


def test_requests_without_the_token_are_refused(cast, row):
    browser = client_of(cast.clerk, enforce_csrf_checks=True)
    assert announce(browser, row, 9).status_code == 403
    assert not Attachment.objects.exists()


def test_upload_of_yesterday_is_gone(browser, row):
    address = announce(browser, row, 9)["Location"]
    Attachment.objects.update(expires_at=timezone.now())
    assert browser.head(address, **TUS).status_code == 404
    assert send(browser, address, 0, pdf()).status_code == 404


def test_hat_without_papers_no_longer_continues(cast, browser, row):
    address = announce(browser, row, 9)["Location"]
    upload = Attachment.objects.get()
    auditor = cast.staff("冯审核", cast.antai, Role.IMPLEMENTER)
    assert send(client_of(auditor), address, 0, pdf()).status_code == 403
    assert commands.receive.__module__ and upload.received == 0


names = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=","), min_size=1, max_size=20)


@given(st.dictionaries(names, st.text(max_size=40), max_size=6))
def test_metadata_read_is_the_metadata_written(pairs):
    assert tus.metadata(told(**pairs)) == pairs


@given(st.text(max_size=300))
def test_metadata_of_any_text_is_read_or_refused(text):
    try:
        found = tus.metadata(text)
    except tus.ProtocolError as refused:
        assert refused.status == 400
    else:
        assert all(name.isascii() and " " not in name and "," not in name for name in found)


@given(st.text(max_size=30))
def test_number_of_any_header_is_read_or_refused(text):
    request = RequestFactory().get("/", HTTP_UPLOAD_LENGTH=text)
    try:
        assert 0 <= tus.number(request, "Upload-Length") < 10**10
    except tus.ProtocolError as refused:
        assert refused.status == 400
