"""`shiming reader-bridge`: a reader on a serial line, served to the pages of this installation as bridge A.

It runs on the clerk's PC, for browsers without Web Serial.
"""

import threading

from shiming.devices.bridges import Shown, a
from shiming.devices.bridges.server import Bridge
from shiming.devices.reader import photo
from shiming.devices.reader.line import NoLine, Reader

OWN_PAGES = ("http://127.0.0.1", "http://localhost")


class SerialSource:
    """Cards from a reader on a line, with the portrait if a decoder is given."""

    def __init__(self, path: str, decoder: str = ""):
        self.reader, self.decoder = Reader(path), decoder

    @property
    def trouble(self) -> str:
        return self.reader.trouble

    def read(self, wait: float) -> Shown | None:
        reading = self.reader.read(wait)
        if reading is None or reading.card.problems:
            return None
        return Shown(reading.card, photo.decode(reading.photo, self.decoder) or b"")

    def version(self) -> str:
        return self.reader.version()


def admits(origins: list[str]):
    """Admit pages of the given origins and pages served from this PC; refuse a request without Origin."""

    def admitted(origin: str) -> bool:
        host = origin.rpartition(":")[0] if origin.count(":") == 2 else origin
        return bool(origin) and (origin in origins or host in OWN_PAGES)

    return admitted


def serve(device: str, *, port: int = a.PORT, origins: list[str] = (), decoder: str = "", stop=None) -> int:
    """Serve until interrupted. A reader that is unplugged and plugged in again is found again."""
    source = SerialSource(device, decoder)
    try:
        number = source.version()
    except NoLine as missing:
        print(f"{missing}\nThe reader cannot be opened; check the cable and that no other program uses it.")
        return 1
    bridge = Bridge("a", source, port, admits([origin.rstrip("/") for origin in origins])).start()
    print(f"Reader {number or device} at http://127.0.0.1:{bridge.port} / 阅读器已就绪，按 Ctrl-C 停止", flush=True)
    try:
        (stop or threading.Event()).wait()
    finally:
        bridge.stop()
    return 0
