"""Random bytes on the line: no crash, no endless loop, and each accepted frame is one that was sent."""

from hypothesis import given
from hypothesis import strategies as st

from shiming.devices.reader import frames
from shiming.devices.tests import vectors

bodies = st.binary(min_size=3, max_size=1500)


def received(*pieces: bytes) -> list:
    receiver = frames.Receiver()
    return [body for piece in pieces for body in receiver.feed(piece)]


def test_protocol_example_is_built():
    assert frames.build(b"\x20\x01").hex() == "aaaaaa966900032001" + "22"


@given(st.lists(bodies, max_size=3), st.data())
def test_frames_split_anywhere_arrive_whole(sent, data):
    stream = b"".join(map(frames.build, sent))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=6)))
    pieces = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    assert received(*pieces) == sent


@given(st.binary(max_size=40).filter(lambda noise: frames.PREAMBLE not in noise), bodies)
def test_noise_before_a_frame_is_skipped(noise, body):
    if frames.PREAMBLE not in (noise + frames.PREAMBLE)[: -len(frames.PREAMBLE)]:
        assert received(noise + frames.build(body))[-1] == body


@given(st.binary(max_size=3000))
def test_random_bytes_neither_crash_nor_pile_up(data):
    receiver = frames.Receiver()
    for byte in data:
        receiver.feed(bytes([byte]))
    assert len(receiver.buffer) <= frames.LONGEST + len(frames.PREAMBLE) + 2


@given(bodies, st.data())
def test_frame_with_wrong_byte_is_refused(body, data):
    frame = bytearray(frames.build(body))
    frame[data.draw(st.integers(0, len(frame) - 1))] ^= data.draw(st.integers(1, 255))
    assert body not in received(bytes(frame))


@given(bodies, bodies, st.data())
def test_cut_frame_is_dropped_before_next_question(first, second, data):
    receiver = frames.Receiver()
    frame = frames.build(first)
    receiver.feed(frame[: data.draw(st.integers(0, len(frame) - 1))])
    receiver.clear()
    assert receiver.feed(frames.build(second)) == [second]


def test_shared_vectors_hold():
    for vector in vectors.streams():
        assert [body and body.hex() for body in received(bytes.fromhex(vector["bytes"]))] == vector["bodies"]
    assert vectors.FILE.read_text() == vectors.written(), "run python -m shiming.devices.tests.vectors"
