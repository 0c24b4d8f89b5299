"""Over real sockets to the real server: a connection that breaks in the middle of a piece loses that piece alone."""

import re
import socket
from base64 import b64encode
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit

from shiming.attachments import queries
from shiming.attachments.models import Attachment
from shiming.attachments.tests.conftest import pdf
from tests.server import Live

PIECE = 70_000


class Caller:
    """A client of the protocol that can hang up whenever it likes."""

    def __init__(self, live: Live, actor):
        self.place = urlsplit(live.url)
        session = live.cookie(actor)
        page = self._ask("GET", "/people/", {"Cookie": f"{session['name']}={session['value']}"})
        token = re.search(r"csrftoken=(\w+)", "; ".join(page.headers.get_all("Set-Cookie")))[1]
        self.headers = {
            "Cookie": f"{session['name']}={session['value']}; csrftoken={token}",
            "X-CSRFToken": token,
            "Tus-Resumable": "1.0.0",
        }

    def announce(self, holder: str, size: int) -> str:
        told = {"holder": holder, "kind": "其他", "filename": "证明.pdf"}
        metadata = ",".join(f"{name} {b64encode(value.encode()).decode()}" for name, value in told.items())
        answer = self._ask(
            "POST", "/uploads/", self.headers | {"Upload-Length": str(size), "Upload-Metadata": metadata}
        )
        assert answer.status == 201
        return answer.headers["Location"]

    def offset(self, address: str) -> int:
        return int(self._ask("HEAD", address, self.headers).headers["Upload-Offset"])

    def send(self, address: str, offset: int, piece: bytes) -> int:
        headers = self.headers | self._describe(offset)
        return self._ask("PATCH", address, headers, piece).status

    def hang_up_after(self, address: str, offset: int, part: bytes, announced: int) -> None:
        """Announce a longer piece than is sent, then close the connection."""
        headers = self.headers | self._describe(offset) | {"Host": self.place.netloc, "Content-Length": str(announced)}
        lines = [f"PATCH {address} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
        with socket.create_connection((self.place.hostname, self.place.port)) as connection:
            connection.sendall("\r\n".join(lines).encode() + part)

    def _describe(self, offset: int) -> dict:
        return {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)}

    def _ask(self, method: str, address: str, headers: dict, body: bytes | None = None) -> HTTPResponse:
        connection = HTTPConnection(self.place.hostname, self.place.port, timeout=30)
        connection.request(method, address, body, headers)
        answer = connection.getresponse()
        answer.read()
        return answer


def test_connection_cut_at_every_tenth_resumes_where_it_stopped(live):
    cast, whole = live.cast, pdf(1_000_000)
    row, caller = cast.employment(), Caller(live, cast.clerk)
    for tenth in range(1, 10):
        address = caller.announce(f"employments:{row.pk}", len(whole))
        cut, offset = tenth * len(whole) // 10, 0
        while offset + PIECE <= cut:
            assert caller.send(address, offset, whole[offset : offset + PIECE]) == 204
            offset += PIECE

        caller.hang_up_after(address, offset, whole[offset:cut], announced=PIECE)

        assert caller.offset(address) == offset
        for start in range(offset, len(whole), 300_000):
            assert caller.send(address, start, whole[start : start + 300_000]) == 204
    kept = Attachment.objects.filter(status="kept")
    assert kept.count() == 9 and {b"".join(queries.content(attachment)) for attachment in kept} == {whole}
