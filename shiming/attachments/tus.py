"""The protocol of resumable uploads, tus 1.0.0 with creation, expiration and termination (https://tus.io).

Here stand the headers, nothing of what is kept: views read them with these functions, `@spoken` writes those that
every answer carries and refuses what the protocol refuses.
"""

import binascii
from base64 import b64decode
from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError

from shiming.core.errors import DomainError, Invalid
from shiming.web.gatekeeping import answer

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,termination"
CONTENT_TYPE = "application/offset+octet-stream"
LONGEST_METADATA = 2_000
DIGITS = 10


class ProtocolError(Invalid):
    """The client does not speak the protocol; what it sent was not used."""

    def __init__(self, sentence: str, status: int = 400):
        super().__init__(sentence, next_step="请刷新页面后重试")
        self.status = status


def spoken(view: Callable) -> Callable:
    """Place it below the door of a view that speaks tus."""

    @wraps(view)
    def speaking(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
                raise ProtocolError("上传程序的版本不符", 412)
            response = view(request, *args, **kwargs)
        except DomainError as refused:
            response = answer(request, refused)
        if response.status_code == 412:
            response.headers["Tus-Version"] = VERSION
        response.headers["Tus-Resumable"] = VERSION
        return response

    return speaking


def described(largest: int) -> HttpResponse:
    """The answer to OPTIONS."""
    headers = {"Tus-Version": VERSION, "Tus-Extension": EXTENSIONS, "Tus-Max-Size": str(largest)}
    return HttpResponse(status=204, headers=headers)


def metadata(text: str) -> dict[str, str]:
    """The pairs of Upload-Metadata: names in ASCII, values in base64 of UTF-8, a value may be missing."""
    if len(text) > LONGEST_METADATA:
        raise ProtocolError("上传的说明太长")
    found: dict[str, str] = {}
    for pair in text.split(",") if text.strip(" ") else ():
        name, _, value = pair.strip(" ").partition(" ")
        if not name or not name.isascii() or not name.isprintable() or name in found:
            raise ProtocolError("上传的说明无法识别")
        try:
            found[name] = b64decode(value, validate=True).decode()
        except (binascii.Error, ValueError) as broken:
            raise ProtocolError("上传的说明无法识别") from broken
    return found


def number(request: HttpRequest, header: str) -> int:
    """A header that holds a size or a place."""
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdecimal() and len(text) <= DIGITS):
        raise ProtocolError(f"缺少或不能识别 {header}")
    return int(text)


def body(request: HttpRequest) -> bytes:
    """The bytes of a PATCH, all that were announced; a connection that broke off has sent nothing."""
    if request.content_type != CONTENT_TYPE:
        raise ProtocolError("上传内容的格式不符", 415)
    try:
        content = request.body
    except UnreadablePostError as broken:
        raise ProtocolError("连接中断，这一段没有收全") from broken
    if len(content) != number(request, "Content-Length"):
        raise ProtocolError("连接中断，这一段没有收全")
    return content
