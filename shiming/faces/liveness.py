"""Whether the frames of a session show one living person who did what the server asked. Pure functions.

The order of the moves is chosen by the server at the start of each session, so a film made beforehand does not fit. A
flat picture may be turned and tilted: the nose then stays between the eyes. On a head it leaves the middle, because it
stands out; that is what is measured. No certified presentation-attack detection (docs/faces.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import hypot
from secrets import SystemRandom

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shiming.faces.engine import Face, similarity


class Move(StrEnum):
    STRAIGHT = "straight"
    LEFT = "left"
    RIGHT = "right"
    CLOSER = "closer"


FRAMES_PER_MOVE = 2
SHUFFLED = (Move.LEFT, Move.RIGHT, Move.CLOSER)
FRAMES = FRAMES_PER_MOVE * (1 + len(SHUFFLED))
FRAME_BYTES = 60_000

# Pixels between the eyes in a frame of 480 × 640: about 70 cm in front of a phone.
SMALLEST = 40
# Of the aligned square of 112 pixels; grey from 0 to 255, variance of the Laplacian.
BLURRED_BELOW = 12
DARK_BELOW, BRIGHT_ABOVE = 45, 235
# By how much of the distance between the eyes the nose leaves its place: 0.12 is about 10 degrees, held still it
# moves by 0.03 at most. A face that looks straight ahead has it within 0.15 of the middle.
TURNED, CENTRED = 0.12, 0.15
CLOSER_BY = 1.2
# A turned face is less like itself: OpenCV's threshold for SFace, 0.363, is four fifths of ours.
TURNED_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do next, in words and a pictogram. One that only `hints` does not stop the session."""

    code: str
    sentence: Promise
    icon: str
    hints: bool = False


def _all(*advice: Advice) -> dict[str, Advice]:
    return {each.code: each for each in advice}


ADVICE = _all(
    Advice("nobody", _("没有看到脸，请把脸放进圆框里"), "user-question"),
    Advice("many", _("有两张脸，请让旁边的人离开画面"), "users"),
    Advice("far", _("靠近一点"), "zoom-in"),
    Advice("dark", _("太暗，请到亮处，不要背对着光"), "sun"),
    Advice("bright", _("太亮，请避开直射的阳光或灯"), "sun"),
    Advice("blurred", _("看不清，请擦净镜头，拿稳手机"), "camera"),
    Advice("helmet", _("请摘下安全帽"), "helmet", hints=True),
    Advice("askew", _("请正对手机，眼睛看镜头"), "face-id"),
    Advice(Move.LEFT, _("没有看到您向左转头，请再做一次，慢一点、多转一点"), "arrow-left"),
    Advice(Move.RIGHT, _("没有看到您向右转头，请再做一次，慢一点、多转一点"), "arrow-right"),
    Advice(Move.CLOSER, _("没有看到您靠近，请再做一次，让脸占满圆框"), "zoom-in"),
    Advice("another", _("中途换了人，请一个人从头做完"), "user-x"),
    Advice("repeated", _("画面没有变化，请对着镜头重新做一次"), "refresh"),
    Advice("stranger", _("与您登记的脸不一致，请本人来拍"), "user-x"),
    Advice("withdrawn", _("同意已撤回，没有登记"), "ban"),
    Advice("unreadable", _("照片没有传完整，请再做一次"), "wifi-off"),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`advice` says all that was wrong; empty, `embedding` is that of the face and `best` its clearest frame."""

    advice: tuple[Advice, ...] = ()
    embedding: tuple[float, ...] = ()
    best: int = 0

    @property
    def alive(self) -> bool:
        return not self.advice


def challenge() -> list[Move]:
    """Looking straight ahead first, then the other moves in a random order."""
    return [Move.STRAIGHT, *SystemRandom().sample(SHUFFLED, len(SHUFFLED))]


def advise(faces: Sequence[Face]) -> list[Advice]:
    """Of one frame that should show a face straight ahead: what to do better."""
    codes = _looks_wrong(faces)
    if not codes and abs(_nose(faces[0])) > CENTRED:
        codes = ["askew"]
    if len(faces) == 1 and faces[0].covered:
        codes.append("helmet")
    return [ADVICE[code] for code in codes]


def judge(moves: Sequence[Move], frames: Sequence[bytes], seen: Sequence[Sequence[Face]], threshold: float) -> Verdict:
    """FRAMES_PER_MOVE frames for each move in order; `seen` are the faces of each frame, `threshold` the engine's."""
    codes = [] if len(set(frames)) == len(frames) else ["repeated"]
    codes += [code for faces in seen for code in _looks_wrong(faces)]
    if codes:
        return _refused(codes)

    faces = [each[0] for each in seen]
    by_move = {move: faces[at * FRAMES_PER_MOVE :][:FRAMES_PER_MOVE] for at, move in enumerate(moves)}
    straight = by_move[Move.STRAIGHT]
    if any(abs(_nose(face)) > CENTRED for face in straight):
        return _refused(["askew"])
    codes = [move for move in SHUFFLED if not any(DONE[move](face, straight) for face in by_move[move])]
    mean = _mean(straight)
    if not all(_same(face, mean, move, threshold) for move, shown in by_move.items() for face in shown):
        codes.append("another")
    if codes:
        return _refused(codes)
    return Verdict(embedding=mean, best=max(range(FRAMES_PER_MOVE), key=lambda at: straight[at].sharpness))


def _refused(codes) -> Verdict:
    return Verdict(tuple(ADVICE[code] for code in dict.fromkeys(codes)))


def _looks_wrong(faces: Sequence[Face]) -> list[str]:
    if len(faces) != 1:
        return ["many" if faces else "nobody"]
    [face] = faces
    checks = (
        ("far", _eyes(face) < SMALLEST and _height(face) < SMALLEST),
        ("dark", face.brightness < DARK_BELOW),
        ("bright", face.brightness > BRIGHT_ABOVE),
        ("blurred", face.sharpness < BLURRED_BELOW),
    )
    return [code for code, wrong in checks if wrong]


def _same(face: Face, mean: tuple[float, ...], move: Move, threshold: float) -> bool:
    least = threshold if move in (Move.STRAIGHT, Move.CLOSER) else threshold * TURNED_SHARE
    return similarity(face.embedding, mean) >= least


def _turned(face: Face, straight: Sequence[Face]) -> float:
    """How far the nose has moved from its place, towards the person's left."""
    return _nose(face) - sum(map(_nose, straight)) / len(straight)


def _came_closer(face: Face, straight: Sequence[Face]) -> bool:
    return _size(face) >= CLOSER_BY * sum(map(_size, straight)) / len(straight)


DONE = {
    Move.LEFT: lambda face, straight: _turned(face, straight) >= TURNED,
    Move.RIGHT: lambda face, straight: _turned(face, straight) <= -TURNED,
    Move.CLOSER: _came_closer,
}


def _nose(face: Face) -> float:
    """How far the nose is from the middle between the eyes, along their line, in distances between the eyes.

    In a picture that is not mirrored the person's left is on the right: turned to the left it is above 0.
    """
    (right_x, right_y), (left_x, left_y), (nose_x, nose_y), *_ = face.landmarks
    along_x, along_y = left_x - right_x, left_y - right_y
    span = hypot(along_x, along_y) or 1
    from_x, from_y = nose_x - (right_x + left_x) / 2, nose_y - (right_y + left_y) / 2
    return (from_x * along_x + from_y * along_y) / span**2


def _eyes(face: Face) -> float:
    (right_x, right_y), (left_x, left_y), *_ = face.landmarks
    return hypot(left_x - right_x, left_y - right_y)


def _height(face: Face) -> float:
    """From the middle of the eyes to that of the mouth: turning the head does not shorten it."""
    (right_x, right_y), (left_x, left_y), _, (mouth_x, mouth_y), (corner_x, corner_y) = face.landmarks
    return hypot(right_x + left_x - mouth_x - corner_x, right_y + left_y - mouth_y - corner_y) / 2


def _size(face: Face) -> float:
    return hypot(_eyes(face), _height(face))


def _mean(faces: Sequence[Face]) -> tuple[float, ...]:
    """The direction between the vectors, of length 1."""
    added = [sum(values) for values in zip(*(face.embedding for face in faces), strict=True)]
    length = hypot(*added) or 1
    return tuple(value / length for value in added)
