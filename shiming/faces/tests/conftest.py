"""A site that asks for faces, its manager, and an engine whose pictures are words: `zhang left 3`."""

from dataclasses import dataclass
from math import sqrt

import pytest

from shiming.core.actor import Actor, Role
from shiming.core.environment import environment
from shiming.faces import commands
from shiming.faces.engine import EngineFailed, Face
from shiming.faces.liveness import FRAMES_PER_MOVE, Move
from shiming.faces.models import FaceSession
from shiming.people.models import Person
from tests.cast import Cast

# Two vectors whose similarity is the second number: `zhang` and `cousin` are alike, `other` is not.
VECTORS = {"zhang": (1.0, 0.0, 0.0), "cousin": (0.8, 0.6, 0.0), "other": (0.3, 0.0, sqrt(1 - 0.09))}
NOSE = {"left": 0.3, "right": -0.3}


class Words:
    """Reads a picture that is written in words; every word beside the name is what it looks like."""

    name, threshold = "words-1", 0.45

    def look(self, jpeg: bytes) -> list[Face]:
        name, *look = jpeg.decode(errors="replace").split()
        if name == "nobody":
            return []
        if name not in VECTORS:
            raise EngineFailed(name)
        return [_face(name, look)] * (2 if "twice" in look else 1)


def _face(name: str, look: list[str]) -> Face:
    size = 90 if "closer" in look else 60
    nose = next((NOSE[word] for word in look if word in NOSE), 0) * size
    marks = ((100, 100), (100 + size, 100), (100 + size / 2 + nose, 140), (110, 100 + size), (90 + size, 100 + size))
    brightness = 10 if "dark" in look else 120
    return Face((80, 80, 100, 120), marks, sharpness=50, brightness=brightness, embedding=VECTORS[name])


def frames(moves, name: str = "zhang") -> list[bytes]:
    return [f"{name} {move} {move}{time}".encode() for move in moves for time in range(FRAMES_PER_MOVE)]


@dataclass
class Site:
    """沿河修缮 with 孙经理, who manages it for 安泰劳务, and 张三, who works there."""

    cast: Cast
    manager: Actor
    manager_person: Person
    worker: Person

    def shoot(self, person: Person, name: str = "zhang", by: Actor | None = None) -> FaceSession:
        by = by or self.manager
        session = commands.start(person, by=by)
        return commands.judge(session, frames(session.moves, name), by=by)

    def enrol(self, person: Person, name: str = "zhang", by: Actor | None = None) -> FaceSession:
        commands.agree(person, by=by or self.manager)
        return self.shoot(person, name, by)

    @property
    def ready(self) -> "Site":
        """The manager's own face is registered, and so proved."""
        assert self.enrol(self.manager_person, "other").status == FaceSession.Status.PASSED
        return self

    @property
    def second(self) -> Actor:
        return self.cast.staff("另一经办", self.cast.antai, Role.PARTICIPANT_CLERK)


@pytest.fixture
def engine(monkeypatch):
    monkeypatch.setattr(environment(), "face_engine", f"{__name__}:Words")
    return Words()


@pytest.fixture
def site(cast, engine) -> Site:
    manager = cast.person("孙经理")
    drafted(cast, manager, kind="manager", role="安全员")
    worker = cast.person("张三", status="pending")
    drafted(cast, worker)
    return Site(cast, cast.himself(manager), manager, worker)


def drafted(cast: Cast, person: Person, *, place=None, role: str = "worker", **employment):
    """待提交 on 沿河修缮."""
    place = place or cast.repair_place
    row = cast.employment(person, place.company, mode="direct", **employment)
    return cast.assignment(row, place, status="draft", role=role, confirmed_at=None)


def moves() -> list[Move]:
    return [Move.STRAIGHT, Move.LEFT, Move.RIGHT, Move.CLOSER]
