"""What a file is, by its content and never by its name; and what of its name may be kept."""

import re
import unicodedata
from typing import NamedTuple

from shiming.attachments.models import LARGEST_PICTURE
from shiming.core.doors import MB
from shiming.core.errors import Invalid
from shiming.idcard import image_process
from shiming.idcard.photos import UnusablePhoto

PDF, JPEG = "application/pdf", "image/jpeg"
SUFFIXES = {PDF: ".pdf", JPEG: ".jpg"}
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
END_OF_PDF, TAIL = b"%%EOF", 1024
LONGEST_SIDE = 2400  # an A4 page at 200 dpi: small print stays legible
SUFFIX = re.compile(r"\.\w{1,5}$")
NAME_KEPT = 100
# Papers that come with a text, such as the answer to an inquiry.
MOST_PAPERS, LARGEST_PAPER = 5, 10 * MB


class Paper(NamedTuple):
    """One file as it is stored."""

    name: str
    media_type: str
    whole: bytes


def media_type(head: bytes) -> str:
    """The type by the first bytes: PDF, or JPEG for every picture, because that is what pictures become here."""
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP"):
        return JPEG
    raise Invalid(
        "这个文件不是 PDF，也不是 JPG、PNG 或 WEBP 图片", next_step="请另存为 PDF，或拍成照片后再上传", field="file"
    )


def checked(whole: bytes, largest: int) -> tuple[bytes, str]:
    """A whole PDF or picture as it is kept, and its type; raises Invalid in words. Outside a transaction: a picture
    takes a moment."""
    if not whole:
        raise Invalid("这是一个空文件", next_step="请重新选择文件", field="file")
    if len(whole) > largest:
        raise Invalid(f"文件超过 {largest // MB} MB", next_step="请压缩后再上传", field="file")
    return _as_kept(whole)


def _as_kept(whole: bytes) -> tuple[bytes, str]:
    kind = media_type(whole)
    if kind == PDF:
        check_pdf(whole)
        return whole, kind
    check_picture_size(len(whole))
    return cleaned_picture(whole), kind


def check_pdf(tail: bytes) -> None:
    """A PDF ends with its mark; without it the file was cut before it came here."""
    if END_OF_PDF not in tail[-TAIL:]:
        raise Invalid("这个 PDF 文件不完整", next_step="请先在电脑上打开看看，再重新导出", field="file")


def check_picture_size(size: int) -> None:
    if size > LARGEST_PICTURE:
        most = LARGEST_PICTURE // MB
        raise Invalid(f"图片超过 {most} MB", next_step="请把相机的照片尺寸调小后重拍，或另存为 PDF", field="file")


def cleaned_picture(content: bytes) -> bytes:
    """The picture as a JPEG without metadata, opened by the sandboxed process (security.md 39)."""
    try:
        return image_process.clean(content, max_side=LONGEST_SIDE, max_bytes=LARGEST_PICTURE)[0]
    except UnusablePhoto as unusable:
        problem = unusable.problem
        raise Invalid(str(problem.sentence), next_step=str(problem.advice), field="file") from unusable


def kept_name(given: str, suffix: str = "") -> str:
    """The last part of a path without what does not print; with `suffix`, that instead of the suffix it came with."""
    name = "".join(" " if letter.isspace() else letter for letter in given if _prints(letter) or letter.isspace())
    name = " ".join(re.split(r"[/\\]", name)[-1].split()).lstrip(". ")
    if suffix:
        name = SUFFIX.sub("", name)[:NAME_KEPT] + suffix
    return name[: NAME_KEPT + 6] if name.strip(".") != suffix.strip(".") else f"附件{suffix}"


def checked_papers(papers: list[tuple[str, bytes]]) -> list[Paper]:
    """The papers of one text, from (file name, content), each a PDF or a picture; Invalid at the field `papers`.

    Outside the transaction: cleaning a picture takes a moment (security.md 39, 40).
    """
    if len(papers) > MOST_PAPERS:
        raise Invalid(f"材料最多 {MOST_PAPERS} 个", field="papers")
    return [_checked_paper(name, whole) for name, whole in papers]


def _checked_paper(name: str, whole: bytes) -> Paper:
    if len(whole) > LARGEST_PAPER:
        raise Invalid(f"“{name}”超过 {LARGEST_PAPER // MB} MB", next_step="请压缩或分开后再上传", field="papers")
    try:
        whole, kind = _as_kept(whole)
    except Invalid as error:
        error.field = "papers"
        raise
    return Paper(kept_name(name, SUFFIXES[kind]), kind, whole)


def _prints(letter: str) -> bool:
    """Neither control characters nor those that turn the direction of writing: `fdp.exe` must not read `exe.pdf`."""
    return not unicodedata.category(letter).startswith("C")
