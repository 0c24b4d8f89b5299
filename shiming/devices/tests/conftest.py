"""A reading desk: the simulator on a pseudo-terminal, `reader-bridge` before it, and a server with their addresses."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from shiming.devices.bridges.command import SerialSource, admits
from shiming.devices.bridges.server import Bridge
from shiming.devices.reader.text import Card
from shiming.devices.simulator.command import everyone
from shiming.devices.simulator.sam import Sam
from shiming.devices.simulator.stack import Specimen, Stack
from shiming.devices.simulator.terminal import Terminal
from shiming.devices.tests.vectors import CARDS
from tests.server import Live, addresses, at, drop, free_port, recreate, serving, template

DECODER = "shiming.demo.wlt:decode"


def specimens() -> list[Specimen]:
    from shiming.demo.reader_cards import specimen

    return [specimen(card) for card in CARDS.values()]


@pytest.fixture(scope="session")
def drawn() -> list[Specimen]:
    """The cards of the vectors, each with a portrait."""
    return specimens()


@dataclass
class Desk:
    """The devices on the clerk's table."""

    stack: Stack
    terminal: Terminal
    ports: dict[str, int]
    running: list = field(default_factory=list)

    def put(self, card: Card) -> None:
        self.stack.put([specimen.card for specimen in self.stack.specimens].index(card))

    def reader_bridge(self) -> Bridge:
        """`shiming reader-bridge` on the pseudo-terminal, as bridge A."""
        return self._start(Bridge("a", SerialSource(self.terminal.path, DECODER), self.ports["a"], admits([])))

    def maker_bridge(self, letter: str) -> Bridge:
        """A bridge as a reader's maker ships it, over the same stack."""
        return self._start(Bridge(letter, self.stack, self.ports[letter], everyone))

    def _start(self, bridge: Bridge) -> Bridge:
        self.running.append(bridge.start())
        return bridge


@pytest.fixture(scope="session")
def reader_ports() -> dict[str, int]:
    return {letter: free_port() for letter in "abcd"}


@pytest.fixture
def terminal(drawn) -> Iterator[Terminal]:
    opened = Terminal(Sam(Stack(drawn))).start()
    yield opened
    opened.stop()


@pytest.fixture
def desk(terminal, reader_ports) -> Iterator[Desk]:
    table = Desk(terminal.sam.stack, terminal, reader_ports)
    yield table
    for bridge in table.running:
        bridge.stop()


@pytest.fixture(scope="session")
def running(worker_id, reader_ports) -> Iterator[Live]:
    """The server of the browser journeys with the ports of this process's bridges."""
    database = f"reader_{worker_id}"
    recreate(database, template())
    ports = ",".join(str(port) for port in reader_ports.values())
    settings = {"SHIMING_MODE": "test", "SHIMING_READER_PORTS": ports, "SHIMING_WLT_DECODER": DECODER}
    with serving(at(addresses()[0].app, database), **settings) as url:
        yield Live(url, database)
    drop(database)
