"""Check and clean photos on this machine: what makes a photo unusable, and how to retake it.

Nothing is decoded before the header was read: a picture may be small on disk and enormous in memory.
"""

import io
import warnings
from dataclasses import dataclass
from functools import lru_cache

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageFilter, ImageOps, ImageStat, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 5 * 1024 * 1024
MAX_PIXELS = 25_000_000
MIN_SHORT_SIDE = 320
MAX_ASPECT = 2.4

# Measured on pictures reduced to 512 pixels, drawn cards and faces on a table: in focus 190 to 1,600; out of focus by
# four pixels of 1,600 below 60; at two fifths of the light 69, at three tenths 52.
MEASURE_SIDE = 512
BLURRED_BELOW = 60
DARK_BELOW = 55
BRIGHT_ABOVE = 246

Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class Problem:
    code: str
    sentence: str
    advice: str

    def __str__(self) -> str:
        return f"{self.sentence}，{self.advice}"


class UnusablePhoto(ValueError):
    """The file is not an accepted picture; `sentence` gives the reason and the next step."""

    def __init__(self, problem: Problem):
        super().__init__(problem.code)
        self.problem = problem

    @property
    def sentence(self) -> str:
        return str(self.problem)

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True, slots=True)
class PhotoReport:
    problems: tuple[Problem, ...]
    format: str = ""
    width: int = 0
    height: int = 0
    sharpness: float = 0.0
    brightness: float = 0.0

    @property
    def ok(self) -> bool:
        return not self.problems


TOO_BIG = Problem("size", _("照片超过 5 MB"), _("请用手机重拍，或选较小的照片"))
NOT_A_PICTURE = Problem("format", _("这不是 JPG、PNG 或 WEBP 照片"), _("请直接用手机拍照上传"))
TOO_MANY_PIXELS = Problem("pixels", _("照片超过 2500 万像素"), _("请把相机的照片尺寸调小后重拍"))
ANIMATED = Problem("frames", _("这是动图"), _("请上传一张静止的照片"))
BROKEN = Problem("broken", _("照片文件已损坏"), _("请重拍后再上传"))
BLURRED = Problem("blurred", _("照片模糊"), _("请擦净镜头、拿稳手机，对焦清楚后重拍"))
DARK = Problem("dark", _("照片太暗"), _("请到光线充足处重拍"))
BRIGHT = Problem("bright", _("照片过亮或反光"), _("请避开直射的灯光和太阳后重拍"))
NARROW = Problem("aspect", _("照片太窄长"), _("请横平竖直地对准后重拍，不要裁成长条"))
PROBLEMS = {
    problem.code: problem
    for problem in (TOO_BIG, NOT_A_PICTURE, TOO_MANY_PIXELS, ANIMATED, BROKEN, BLURRED, DARK, BRIGHT, NARROW)
}


def small(width: int, height: int) -> Problem:
    sentence = format_lazy(_("照片只有 {width}×{height} 像素，看不清"), width=width, height=height)
    return Problem("small", sentence, _("请靠近些重拍，或上传原图"))


def inspect(content: bytes) -> PhotoReport:
    """Report every reason against this photo at once."""
    try:
        image = _open(content)
        grey = _measured(image)
    except UnusablePhoto as refusal:
        return PhotoReport((refusal.problem,))
    except (OSError, SyntaxError, ValueError, MemoryError):
        return PhotoReport((BROKEN,))
    width, height = image.size
    sharpness, brightness = _sharpness(grey), ImageStat.Stat(grey).mean[0]
    problems = (*_shape(width, height), *_light(sharpness, brightness))
    return PhotoReport(problems, image.format, width, height, round(sharpness, 1), round(brightness, 1))


def clean(content: bytes, max_side: int = 1600, quality: int = 88, *, max_bytes: int = MAX_BYTES) -> bytes:
    """The picture as a JPEG: upright, reduced, and without metadata of place and author."""
    return as_jpeg(reduced(upright(content, max_bytes), max_side), quality)


def reduced(image: Image.Image, max_side: int) -> Image.Image:
    image.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    return image


def as_jpeg(image: Image.Image, quality: int = 88) -> bytes:
    image.info = {}  # a comment or a colour profile would be saved again
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def upright(content: bytes, max_bytes: int = MAX_BYTES) -> Image.Image:
    """The decoded picture, turned by its EXIF orientation; raises UnusablePhoto."""
    try:
        return _on_white(ImageOps.exif_transpose(_open(content, max_bytes)))
    except UnusablePhoto:
        raise
    except (OSError, SyntaxError, ValueError, MemoryError) as broken:
        raise UnusablePhoto(BROKEN) from broken


def _open(content: bytes, max_bytes: int = MAX_BYTES) -> Image.Image:
    """Read the header only; raises UnusablePhoto before any pixel is decoded."""
    if len(content) > max_bytes:
        raise UnusablePhoto(TOO_BIG)
    try:
        image = Image.open(io.BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as bomb:
        raise UnusablePhoto(TOO_MANY_PIXELS) from bomb
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as unknown:
        raise UnusablePhoto(NOT_A_PICTURE) from unknown
    if image.width * image.height > MAX_PIXELS:
        raise UnusablePhoto(TOO_MANY_PIXELS)
    if getattr(image, "n_frames", 1) > 1:
        raise UnusablePhoto(ANIMATED)
    return image


def _on_white(image: Image.Image) -> Image.Image:
    """The image in RGB; transparent parts become white."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        layers = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", layers.size, "white"), layers).convert("RGB")
    return image.convert("RGB")


def _shape(width: int, height: int):
    short, long = sorted((width, height))
    if short < MIN_SHORT_SIDE:
        yield small(width, height)
    if long > short * MAX_ASPECT:
        yield NARROW


def _light(sharpness: float, brightness: float):
    if brightness < DARK_BELOW:
        yield DARK
    elif brightness > BRIGHT_ABOVE:
        yield BRIGHT
    elif sharpness < BLURRED_BELOW:
        yield BLURRED


def _measured(image: Image.Image) -> Image.Image:
    grey = _on_white(image).convert("L")
    grey.thumbnail((MEASURE_SIDE, MEASURE_SIDE), Image.Resampling.BILINEAR)
    return grey


def _sharpness(grey: Image.Image) -> float:
    """Variance of the Laplacian: the change from one pixel to the next."""
    inner = grey.filter(_laplacian()).crop((1, 1, grey.width - 1, grey.height - 1))
    return ImageStat.Stat(inner).var[0] * 4 if inner.width > 0 and inner.height > 0 else 0.0


@lru_cache
def _laplacian() -> ImageFilter.Kernel:
    """Halved and shifted, so that both signs fit into a byte."""
    return ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=2, offset=128)


# comparison of photos

PRINT_SIDE = 16
# Copies that were resized, recompressed or lit differ by at most 1.2; portraits of different people by at least 2.5.
# Cards are compared by number instead: two cards on one table look alike.
SAME_WITHIN = 1.6


def fingerprint(content: bytes) -> str:
    """The picture at 16 × 16 in even light, as hex: equal for its copies, different for other pictures."""
    bands = upright(content).resize((PRINT_SIDE, PRINT_SIDE), Image.Resampling.BOX).convert("YCbCr").split()
    light = _evenly_lit(bands[0])
    colours = [band.resize((PRINT_SIDE // 2, PRINT_SIDE // 2), Image.Resampling.BOX) for band in bands[1:]]
    return b"".join(band.tobytes() for band in (light, *colours)).hex()


def difference(a: str, b: str) -> float:
    """Distance of two fingerprints; 0 for equal ones."""
    pairs = zip(bytes.fromhex(a), bytes.fromhex(b), strict=True)
    return sum(abs(one - other) for one, other in pairs) * 2 / len(a)


def similar(a: str, b: str) -> bool:
    """True if both are very probably copies of one picture."""
    return difference(a, b) <= SAME_WITHIN


def _evenly_lit(band: Image.Image) -> Image.Image:
    stat = ImageStat.Stat(band)
    mean, spread = stat.mean[0], max(stat.stddev[0], 4)
    return band.point(lambda value: max(0, min(255, round(128 + (value - mean) * 48 / spread))))
