"""What is accepted as a living person, and what is said to one who is not seen well."""

import pytest

from shiming.faces.engine import engine, similarity
from shiming.faces.liveness import FRAMES, Move, advise, challenge, judge
from shiming.faces.tests import drawn

MOVES = [Move.STRAIGHT, Move.RIGHT, Move.CLOSER, Move.LEFT]


def judged(frames: list[bytes], moves=MOVES):
    here = engine()
    return judge(moves, frames, [here.look(frame) for frame in frames], here.threshold)


def said(frames: list[bytes], moves=MOVES) -> list[str]:
    return [advice.code for advice in judged(frames, moves).advice]


@pytest.mark.parametrize("seed", [drawn.ZHANG, drawn.OTHER, 9])
def test_person_who_does_as_asked_is_accepted(seed):
    verdict = judged(drawn.frames(MOVES, seed))

    [face] = engine().look(drawn.jpeg(seed))
    assert verdict.alive
    assert similarity(verdict.embedding, face.embedding) > 0.9


def test_moves_in_another_order_than_asked_are_refused():
    asked = [Move.STRAIGHT, Move.LEFT, Move.CLOSER, Move.RIGHT]
    assert said(drawn.frames(MOVES), asked) == ["left", "right"]


def test_printed_picture_that_is_turned_is_refused():
    still = [drawn.jpeg(yaw=yaw, step=at, flat=True) for at, yaw in enumerate((0, 0, -35, -35, 0, 0, 35, 35))]
    assert {"left", "right"} <= set(said(still))


def test_one_frame_eight_times_is_refused():
    assert said([drawn.jpeg()] * FRAMES) == ["repeated"]


def test_change_of_person_is_refused():
    frames = drawn.frames(MOVES)[:-2] + drawn.frames(MOVES, drawn.OTHER)[-2:]
    assert "another" in said(frames)


def test_all_that_is_wrong_is_said_at_once():
    frames = drawn.frames(MOVES)
    frames[1], frames[4] = drawn.jpeg(light=0.2), drawn.jpeg(twice=True)
    assert said(frames) == ["dark", "many"]


@pytest.mark.parametrize(
    ("look", "expected"),
    [
        ({}, []),
        ({"light": 0.2}, ["dark"]),
        ({"blur": 6}, ["blurred"]),
        ({"twice": True}, ["many"]),
        ({"small": 0.4}, ["far"]),
        ({"small": 0.02}, ["nobody"]),
        ({"yaw": 30}, ["askew"]),
        ({"helmet": True}, ["helmet"]),
    ],
)
def test_advice_on_a_single_frame(look, expected):
    assert [advice.code for advice in advise(engine().look(drawn.jpeg(**look)))] == expected


@pytest.mark.parametrize("seed", range(12))
def test_helmet_is_noticed_and_hair_is_not(seed):
    codes = [[each.code for each in advise(engine().look(drawn.jpeg(seed, helmet=on)))] for on in (True, False)]
    assert codes == [["helmet"], []]


def test_helmet_only_hints():
    [advice] = advise(engine().look(drawn.jpeg(helmet=True)))
    assert advice.hints


def test_challenge_begins_straight_and_its_order_varies():
    found = [challenge() for _ in range(40)]
    assert all(moves[0] == Move.STRAIGHT and set(moves) == set(Move) for moves in found)
    assert len({tuple(moves) for moves in found}) > 1
