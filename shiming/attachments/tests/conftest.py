import io

import pytest
from django.utils import timezone
from PIL import Image

from shiming.attachments import commands
from shiming.attachments.holders import Holder
from shiming.attachments.models import Attachment

TUS = {"HTTP_TUS_RESUMABLE": "1.0.0", "HTTP_ACCEPT": "application/json"}


def pdf(size: int = 2_000) -> bytes:
    """A file that begins and ends like a PDF; nothing here opens it."""
    filling = bytes(number % 251 for number in range(max(0, size - 15)))
    return b"%PDF-1.7\n" + filling + b"%%EOF\n"


def picture(kind: str = "JPEG", size=(800, 600)) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(out, kind)
    return out.getvalue()


@pytest.fixture
def holder(cast) -> Holder:
    """张三 as 安泰劳务 keeps his papers; the trait of [004] comes with the company's place on 沿河修缮."""
    row = cast.employment(kind="manager")
    assert cast.repair_place
    return Holder(row.company_id, row.person.id_digest, row.person.name)


@pytest.fixture
def keep(cast, holder):
    """A kept attachment: `keep(kind="社保记录", issued_on=day)`."""

    def keep_it(kind: str = "其他", *, issued_on=None, whole: bytes | None = None, name="证明.pdf", by=None, of=None):
        given = {"kind": kind, "name": name, "issued_on": issued_on, "whole": whole or pdf()}
        return commands.take(of or holder, **given, by=by or cast.clerk)

    return keep_it


@pytest.fixture
def aged(keep):
    """A social proof whose date lies so many days back, or ahead as only a wrong clock could have let in."""

    def proof(days: int, **more) -> Attachment:
        today = timezone.localdate()
        attachment = keep("社保记录", issued_on=today, **more)
        attachment.issued_on = today - timezone.timedelta(days=days)
        attachment.save()
        return attachment

    return proof
