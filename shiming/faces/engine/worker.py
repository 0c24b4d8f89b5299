"""The program that looks for faces: image_worker's loop with work of its own. Knows neither Django nor our secrets."""

from functools import lru_cache
from typing import Any

from shiming.faces.engine.models import DETECTOR, RECOGNISER, WrongModel, checked
from shiming.idcard import image_worker

LONGEST = 800  # a picture is looked at no larger than this
LEAST_SCORE = 0.6
OVERLAP = 0.3
MOST = 50  # candidates of the detector
EMBEDDED = 3  # faces of one picture; more than one is refused anyway
SIDE = 112
# Where SFace expects eyes, nose and corners of the mouth in its square of 112 pixels (OpenCV Zoo).
PLACES = ((38.2946, 51.6963), (73.5318, 51.5014), (56.0252, 71.7366), (41.5493, 92.3655), (70.7299, 92.2041))
ROOM, CUT_SIDE = 0.35, 320
# A forehead that is neither skin nor dark hair. Measured on 24 drawn people with and without a helmet: with one the
# colour differs from the cheek by 28 to 70 in Lab, without one by 0 to 32, and then it is hair of less than 0.3 of the
# cheek's lightness.
HELMET_COLOUR, HELMET_LIGHTNESS = 24, 0.42


def _look(head: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    """The faces of a picture, largest first, and their vectors one after the other as 32-bit floats."""
    try:
        faces = _found(_opened(body))
    except WrongModel as wrong:
        return {"failed": str(wrong)}, b""
    vectors = b"".join(vector for _, vector in faces)
    return {"faces": [facts for facts, _ in faces], "size": len(vectors) // max(len(faces), 1)}, vectors


def _cut(head: dict[str, Any], body: bytes) -> tuple[dict[str, Any], bytes]:
    from shiming.idcard import photos

    image = photos.reduced(photos.upright(body), LONGEST)
    x, y, width, height = head["box"]
    room = max(width, height) * ROOM
    edges = (
        max(0, x - room),
        max(0, y - room),
        min(image.width, x + width + room),
        min(image.height, y + height + room),
    )
    return {}, photos.as_jpeg(photos.reduced(image.crop(tuple(map(round, edges))), CUT_SIDE), quality=80)


def _opened(body: bytes):
    """As OpenCV has pictures: blue, green, red."""
    import numpy as np

    from shiming.idcard import photos

    return np.asarray(photos.reduced(photos.upright(body), LONGEST))[:, :, ::-1].copy()


def _found(image) -> list[tuple[dict, bytes]]:
    detector, _ = _networks()
    detector.setInputSize((image.shape[1], image.shape[0]))
    rows = detector.detect(image)[1]
    rows = [] if rows is None else sorted(rows, key=lambda row: -row[2] * row[3])
    return [_facts(image, row, embed=place < EMBEDDED) for place, row in enumerate(rows)]


def _facts(image, row, *, embed: bool) -> tuple[dict, bytes]:
    import cv2

    marks = row[4:14].reshape(5, 2)
    square = _square(image, marks)
    grey = cv2.cvtColor(square, cv2.COLOR_BGR2GRAY)
    facts = {
        "box": [float(value) for value in row[:4]],
        "landmarks": [[float(x), float(y)] for x, y in marks],
        "sharpness": float(cv2.Laplacian(grey, cv2.CV_64F).var()),
        "brightness": float(grey.mean()),
        "covered": _covered(image, marks),
    }
    return facts, _vector(square) if embed else b""


def _square(image, marks):
    import cv2
    import numpy as np

    matrix, _ = cv2.estimateAffinePartial2D(marks, np.float32(PLACES), method=cv2.LMEDS)
    if matrix is None:
        matrix = np.float32([[1, 0, 0], [0, 1, 0]])
    return cv2.warpAffine(image, matrix, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)


def _vector(square) -> bytes:
    import cv2
    import numpy as np

    _, recogniser = _networks()
    blob = cv2.dnn.blobFromImage(square, 1, (SIDE, SIDE), (0, 0, 0), swapRB=True, crop=False)
    recogniser.setInput(blob, "data")  # OpenCV 5 wants the input by its name
    vector = recogniser.forward().ravel()
    return (vector / np.linalg.norm(vector)).astype("<f4").tobytes()


def _covered(image, marks) -> bool:
    """Whether the forehead, as far above the eyes as the mouth is below them, has the colour of a helmet."""
    import numpy as np

    right_eye, left_eye, _, right_mouth, left_mouth = marks
    up = (right_eye + left_eye - right_mouth - left_mouth) / 2
    places = ((right_eye + left_eye) / 2 + up, (right_eye + right_mouth) / 2, (left_eye + left_mouth) / 2)
    colours = [_colour(image, place, np.linalg.norm(up)) for place in places]
    if any(colour is None for colour in colours):
        return False
    (light, *tone), (cheek, *skin) = colours[0], (colours[1] + colours[2]) / 2
    return bool(light > HELMET_LIGHTNESS * cheek and np.hypot(*np.subtract(tone, skin)) > HELMET_COLOUR)


def _colour(image, middle, scale: float):
    """The middle colour in Lab of a small patch, None outside the picture."""
    import cv2
    import numpy as np

    reach = max(1, round(scale * 0.11))
    x, y = map(round, map(float, middle))
    patch = image[max(0, y - reach) : max(0, y + reach), max(0, x - reach) : max(0, x + reach)]
    return np.median(cv2.cvtColor(patch, cv2.COLOR_BGR2LAB).reshape(-1, 3), axis=0) if patch.size else None


@lru_cache
def _networks():
    """Loaded once in the life of the process; WrongModel when a file is not the one that was measured."""
    import cv2

    cv2.setNumThreads(image_worker.THREADS)
    detector = cv2.FaceDetectorYN.create(checked(DETECTOR), "", (320, 320), LEAST_SCORE, OVERLAP, MOST)
    return detector, cv2.dnn.readNetFromONNX(checked(RECOGNISER))


WORK = {"look": _look, "cut": _cut}

if __name__ == "__main__":
    image_worker.main(WORK)
