"""What a file is and what its name may say: hostile files are refused in words, and nothing of them stays."""

import struct
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shiming.attachments import commands, content, queries
from shiming.attachments.models import Attachment
from shiming.attachments.tests.conftest import pdf, picture
from shiming.core.errors import DomainError
from shiming.core.models import StoredFile


def huge_png(side: int = 30_000) -> bytes:
    """900 megapixels of one colour in 100 kB."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    line, packer = bytes(1 + side // 8), zlib.compressobj(9)
    drawn = b"".join([*(packer.compress(line) for _ in range(side)), packer.flush()])
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", drawn) + chunk(b"IEND", b"")


HOSTILE = {
    "program": (b"MZ" + b"\0" * 500, "不是 PDF"),
    "page": (b"<!doctype html><script>alert(1)</script>", "不是 PDF"),
    "drawing": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "不是 PDF"),
    "table": (b"PK\x03\x04" + b"\0" * 500, "不是 PDF"),
    "cut pdf": (pdf(5_000)[:-8], "不完整"),
    "huge picture": (huge_png(), "2500 万像素"),
    "broken picture": (picture()[:2_000], "损坏"),
    "nearly a picture": (b"\xff\xd8\xff" + b"\0" * 500, "不是 JPG"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_file_is_refused_in_words_and_nothing_stays(cast, holder, what):
    whole, words = HOSTILE[what]
    assert len(whole) < 200_000
    with pytest.raises(DomainError, match=words) as refused:
        commands.take(holder, kind="其他", name="证明.pdf", whole=whole, by=cast.clerk)
    assert all(item.next_step for item in refused.value.refusals)
    assert not Attachment.objects.exists() and not StoredFile.objects.filter(kind="attachment").exists()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_picture_becomes_a_jpeg_whatever_it_is_called(keep, kind):
    kept = keep(whole=picture(kind), name="扫描.pdf")
    whole = b"".join(queries.content(kept))
    assert (kept.name, kept.media_type, kept.size) == ("扫描.jpg", "image/jpeg", len(whole))
    assert whole.startswith(b"\xff\xd8\xff") and kept.pieces.count() == 1


def test_picture_over_ten_megabytes_is_refused(cast, holder):
    with pytest.raises(DomainError, match="图片超过 10 MB"):
        commands.take(holder, kind="其他", name="a.jpg", whole=picture() + b"\0" * 10_000_000, by=cast.clerk)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\Users\\a\\毕业证.pdf", "毕业证.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("/a/b/", "附件.pdf"),
        ("证\x00明\r\n.pdf", "证明 .pdf"),
        ("张\u202efdp.exe", "张fdp.pdf"),
        ("...", "附件.pdf"),
        ("", "附件.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("长" * 300 + ".pdf", "长" * 100 + ".pdf"),
        ("扫描件 2026.05.pdf.exe", "扫描件 2026.05.pdf.pdf"),
    ],
)
def test_name_keeps_no_path_and_nothing_that_does_not_print(given, kept):
    assert content.kept_name(content.kept_name(given), ".pdf") == kept


@given(st.text(max_size=300), st.sampled_from(["", ".pdf", ".jpg"]))
def test_any_name_becomes_one_that_fits_and_prints(given_name, suffix):
    name = content.kept_name(given_name, suffix)
    assert 0 < len(name) <= Attachment._meta.get_field("name").max_length
    assert not set(name) & set("/\\\0\r\n\u202e") and name.endswith(suffix)


def test_memory_stays_bounded_by_a_few_pieces(cast, holder):
    """Twenty megabytes of PDF are received and read back: never more than a few pieces at once."""
    whole = pdf(20_000_000)
    upload = commands.begin(holder, kind="其他", name="a.pdf", size=len(whole), by=cast.clerk)
    tracemalloc.start()
    try:
        for start in range(0, len(whole), 1_000_000):
            upload = commands.receive(upload, start, whole[start : start + 1_000_000], by=cast.clerk)
        read = sum(len(piece) for piece in queries.content(upload))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (upload.status, read) == ("kept", len(whole))
    assert peak < 8_000_000
