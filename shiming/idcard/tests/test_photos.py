"""Photo checks: good photos pass, bad ones get reason and advice; cleaning removes the photographer's metadata."""

import io
import random
import struct
import zlib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageEnhance

from shiming.demo import cards, invented
from shiming.demo.portraits import portrait
from shiming.idcard import photos
from shiming.idcard.photos import UnusablePhoto, clean, fingerprint, inspect, similar

ON = date(2025, 6, 1)
PERSON = next(invented.people(3, 1, on=ON))
CARD = cards.front(cards.card_of(PERSON, on=ON))
FACE = portrait(7)


def codes(content):
    return [problem.code for problem in inspect(content).problems]


def encoded(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize("tilt", [-8, 0, 5])
@pytest.mark.parametrize("blur", [0, 1])
def test_good_card_photo_passes(tilt, blur):
    report = inspect(cards.photograph(CARD, tilt=tilt, blur=blur))

    assert report.ok
    assert (report.format, max(report.width, report.height)) == ("JPEG", 1600)


@pytest.mark.parametrize("seed", range(6))
def test_good_face_photo_passes(seed):
    assert inspect(cards.photograph(portrait(seed), side=1000)).ok
    assert inspect(cards.jpeg(portrait(seed))).ok


@pytest.mark.parametrize(
    ("photo", "code"),
    [
        (cards.photograph(CARD, blur=5), "blurred"),
        (cards.photograph(CARD, blur=10), "blurred"),
        (cards.photograph(FACE, blur=5), "blurred"),
        (cards.photograph(CARD, light=0.25), "dark"),
        (cards.photograph(FACE, light=0.2), "dark"),
        (cards.photograph(CARD, light=9), "bright"),
        (cards.jpeg(FACE.resize((180, 225))), "small"),
        (cards.jpeg(CARD.crop((0, 0, 1012, 330))), "aspect"),
    ],
)
def test_bad_photo_names_its_problem(photo, code):
    assert codes(photo) == [code]


def test_every_problem_has_advice():
    (problem,) = inspect(cards.photograph(CARD, blur=8)).problems

    assert str(problem) == "照片模糊，请擦净镜头、拿稳手机，对焦清楚后重拍"


def test_all_problems_are_reported_together():
    assert codes(cards.jpeg(Image.new("RGB", (600, 100), "black"))) == ["small", "aspect", "dark"]


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "JPEG"])
def test_format_is_detected_from_content(kind):
    report = inspect(encoded(FACE, kind))

    assert (report.ok, report.format) == (True, kind)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "format"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "format"),
        (encoded(FACE, "GIF"), "format"),
        (encoded(FACE, "TIFF"), "format"),
        (encoded(FACE, "BMP"), "format"),
        (encoded(FACE, "PDF"), "format"),
        (b"\xff" * (5 * 1024 * 1024 + 1), "size"),
        (encoded(FACE, "JPEG")[:4000], "broken"),
        (encoded(FACE, "PNG", save_all=True, append_images=[portrait(8)]), "frames"),
        (encoded(FACE, "WEBP", save_all=True, append_images=[portrait(8)]), "frames"),
    ],
)
def test_other_file_is_refused_with_reason(content, code):
    assert codes(content) == [code]
    with pytest.raises(UnusablePhoto) as refusal:
        clean(content)
    assert "，请" in refusal.value.sentence


def bomb(width, height):
    """A PNG of a few bytes that claims to be enormous."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.filterwarnings("error::PIL.Image.DecompressionBombWarning")  # pytest resets the module's filters
@pytest.mark.parametrize(("width", "height"), [(5001, 5000), (9000, 9000), (60_000, 60_000)])
def test_decompression_bomb_is_refused_by_header(width, height):
    assert codes(bomb(width, height)) == ["pixels"]


def test_cleaned_photo_has_no_metadata():
    exif = Image.Exif()
    exif[0x010F], exif[0x8769] = "Phone maker", {0x9003: "2025:06:01 07:00:00"}
    exif[0x8825] = {1: "N", 2: (31.0, 14.0, 5.0)}
    photo = encoded(CARD, "JPEG", exif=exif, comment=b"taken by somebody")
    kept = Image.open(io.BytesIO(clean(photo)))

    assert b"Phone maker" in photo
    assert (dict(kept.getexif()), kept.info.get("comment"), kept.info.get("icc_profile")) == ({}, None, None)
    assert b"Phone maker" not in clean(photo)


def test_sideways_photo_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    sideways = encoded(FACE.rotate(90, expand=True), "JPEG", exif=exif)

    assert Image.open(io.BytesIO(clean(sideways))).size == FACE.size
    assert similar(fingerprint(sideways), fingerprint(encoded(FACE, "JPEG")))


def test_large_photo_is_reduced_on_white():
    large = Image.open(io.BytesIO(clean(cards.photograph(CARD, side=3000), max_side=1200)))
    clear = Image.open(io.BytesIO(clean(encoded(Image.new("RGBA", (400, 400), (0, 0, 0, 0)), "PNG"))))

    assert (large.format, large.mode, max(large.size)) == ("JPEG", "RGB", 1200)
    assert clear.getpixel((200, 200)) == (255, 255, 255)


def test_copies_of_a_photo_are_recognised():
    original = cards.photograph(CARD)
    copies = [
        clean(original, max_side=700, quality=60),
        encoded(ImageEnhance.Brightness(Image.open(io.BytesIO(original))).enhance(1.08), "JPEG", quality=70),
        encoded(Image.open(io.BytesIO(original)), "PNG"),
    ]

    assert [similar(fingerprint(original), fingerprint(copy)) for copy in copies] == [True] * 3


def test_photos_of_different_people_are_different():
    prints = [fingerprint(cards.photograph(portrait(seed), seed=seed)) for seed in range(8)]

    assert not [1 for a in range(8) for b in range(a) if similar(prints[a], prints[b])]


@settings(max_examples=150)
@given(st.integers(0, 10**6))
def test_damaged_file_never_crashes(seed):
    rng = random.Random(seed)
    content = bytearray(rng.choice(WHOLE))
    for _ in range(rng.randint(1, 30)):
        content[rng.randrange(len(content))] = rng.randrange(256)
    content = bytes(content[: rng.randint(len(content) // 2, len(content))])

    report = inspect(content)
    assert report.ok or all(str(problem) for problem in report.problems)
    assert report.width * report.height <= photos.MAX_PIXELS


WHOLE = [encoded(FACE, kind) for kind in ("JPEG", "PNG", "WEBP")]
