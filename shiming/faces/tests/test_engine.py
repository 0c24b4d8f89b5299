"""The engine in its own process: what it finds, what it survives, and that its models are the measured ones."""

import pytest

from shiming.core.environment import environment
from shiming.faces import engine as engines
from shiming.faces.engine import EngineFailed, Face, engine, local, models, process, similarity
from shiming.faces.tests import drawn


class Makers:
    """A maker's SDK, as docs/faces.md shows it."""

    name, threshold = "maker-1", 0.6

    def look(self, jpeg: bytes) -> list[Face]:
        return []


@pytest.fixture
def chosen(monkeypatch):
    return lambda name: monkeypatch.setattr(environment(), "face_engine", name)


def test_face_has_box_landmarks_and_unit_vector():
    [face] = engine().look(drawn.jpeg())

    right_eye, left_eye, nose, right_mouth, _ = face.landmarks
    assert right_eye[0] < nose[0] < left_eye[0] and right_eye[1] < nose[1] < right_mouth[1]
    assert len(face.embedding) == 128 and similarity(face.embedding, face.embedding) == pytest.approx(1)


def test_one_person_is_alike_and_another_is_not():
    here = engine()
    [first], [again], [other] = (
        here.look(drawn.jpeg(seed, step=step)) for seed, step in ((drawn.ZHANG, 0), (drawn.ZHANG, 9), (drawn.OTHER, 0))
    )
    assert similarity(first.embedding, other.embedding) < here.threshold < similarity(first.embedding, again.embedding)


def test_two_faces_are_both_found():
    assert len(engine().look(drawn.jpeg(twice=True))) == 2


@pytest.mark.parametrize("content", [b"", b"no picture", drawn.jpeg()[:2000], b"\x89PNG\r\n\x1a\n" + b"\0" * 90])
def test_what_is_no_picture_fails_in_words(content):
    with pytest.raises(EngineFailed):
        engine().look(content)
    assert len(engine().look(drawn.jpeg())) == 1  # the process answers the next question


def test_picture_that_takes_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(process._process, "seconds", 0)
    with pytest.raises(EngineFailed):
        engine().look(drawn.jpeg())
    monkeypatch.undo()
    assert len(engine().look(drawn.jpeg())) == 1


def test_changed_model_file_is_refused(tmp_path, monkeypatch):
    name, _ = models.DETECTOR
    (tmp_path / name).write_bytes(b"another network")
    monkeypatch.setattr(models, "folder", lambda: tmp_path)
    with pytest.raises(models.WrongModel, match=name):
        models.checked(models.DETECTOR)


def test_face_is_cut_out_of_a_larger_picture():
    [face] = engine().look(drawn.jpeg(small=0.6))
    [again] = engine().look(process.cut(drawn.jpeg(small=0.6), face.box))
    assert similarity(face.embedding, again.embedding) > engine().threshold


def test_engine_is_a_setting(chosen):
    chosen("")
    assert engine() is None
    chosen(f"{__name__}:Makers")
    assert engine().name == "maker-1"


def test_without_the_extra_there_is_no_engine(chosen, monkeypatch):
    chosen("local")
    monkeypatch.setattr(local, "find_spec", lambda name: None)
    engines._made.cache_clear()
    assert engine() is None
    engines._made.cache_clear()
