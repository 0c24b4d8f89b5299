"""Faces: how often the engine errs at several thresholds, and how long it takes.

    python -m bench faces            (drawn people: times only, they look too much alike)
    python -m bench faces DIR        (one sub-folder a person, some pictures in each)

Needs the extra [face], no database and no city. Pictures are read where they lie; nothing of them is kept or printed.
"""

import os
import statistics
import time
from functools import partial
from io import BytesIO
from itertools import combinations
from pathlib import Path

THRESHOLDS = (0.30, 0.363, 0.40, 0.45, 0.50, 0.55, 0.60, 0.65, 0.70)
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
SIZES = (5_000, 100_000)
PICTURE_LIMIT, SEARCH_LIMIT = 0.080, 0.020  # seconds: one picture; 1:N among 5,000 once the vector is there
DRAWN = 40


def main(arguments: list[str], say=print) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shiming.config.settings")
    import django

    django.setup()
    from shiming.faces.engine import engine

    here = engine()
    if here is None:
        say("没有安装人脸组件：pip install -r requirements/face.txt")
        return 1
    say(f"引擎 {here.name}，门限 {here.threshold}，负载 {os.getloadavg()[0]:.1f}")
    people = _folders(Path(arguments[0])) if arguments else _drawn()
    found, kept = _look(here, people, say)
    if arguments:
        _errors(found, say)
    _apart(people, say)
    kept = _search(say) and kept
    say("全部达到要求" if kept else "有一项没有达到要求，见上")
    return 0 if kept else 1


def _folders(root: Path) -> dict[str, list[bytes]]:
    return {
        folder.name: [path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix.lower() in SUFFIXES]
        for folder in sorted(root.iterdir())
        if folder.is_dir()
    }


def _drawn() -> dict[str, list[bytes]]:
    from shiming.demo.portraits import portrait

    people = {}
    for seed in range(DRAWN):
        out = BytesIO()
        portrait(seed, "1" if seed % 2 else "2", 20 + seed).save(out, "JPEG", quality=85)
        people[str(seed)] = [out.getvalue()]
    return people


def _look(here, people: dict[str, list[bytes]], say) -> tuple[dict[str, list], bool]:
    """The vector of the largest face of each picture, as the product takes it: through the process of its own."""
    from shiming.faces.engine import EngineFailed

    times, found, without = [], {}, 0
    for name, pictures in people.items():
        for picture in pictures:
            started = time.perf_counter()
            try:
                faces = here.look(picture)
            except EngineFailed:
                faces = []
            times.append(time.perf_counter() - started)
            without += not faces
            found.setdefault(name, []).extend(face.embedding for face in faces[:1])
    warm = sorted(times[1:]) or times
    say(f"{len(people)} 人，{len(times)} 张；{without} 张没有找到脸")
    middle = statistics.median(warm)
    say(f"每张（含解码、传给子进程）：中位 {middle * 1000:.0f} ms，p95 {warm[int(len(warm) * 0.95)] * 1000:.0f} ms")
    return found, middle <= PICTURE_LIMIT


def _errors(found: dict[str, list], say) -> None:
    """Every pair of pictures once: of one person, and of two."""
    import numpy as np

    people = [name for name, vectors in found.items() for _ in vectors]
    vectors = np.array([vector for each in found.values() for vector in each], dtype=np.float32)
    scores = vectors @ vectors.T
    same = np.array([scores[i, j] for i, j in combinations(range(len(people)), 2) if people[i] == people[j]])
    other = np.array([scores[i, j] for i, j in combinations(range(len(people)), 2) if people[i] != people[j]])
    say(f"同一人 {len(same):,} 对，不同人 {len(other):,} 对")
    say("  门限   误拒      误认")
    for threshold in THRESHOLDS:
        refused = float((same < threshold).mean()) if len(same) else float("nan")
        matched = float((other >= threshold).mean()) if len(other) else float("nan")
        say(f"  {threshold:<5}  {refused:7.2%}   {matched:8.4%}")


def _apart(people: dict[str, list[bytes]], say) -> None:
    """Finding and embedding by themselves, in this process."""
    from shiming.faces.engine import worker

    pictures = [worker._opened(picture) for pictures in people.values() for picture in pictures][:DRAWN]
    detector, _ = worker._networks()
    finding, embedding = [], []
    for image in pictures:
        started = time.perf_counter()
        detector.setInputSize((image.shape[1], image.shape[0]))
        rows = detector.detect(image)[1]
        finding.append(time.perf_counter() - started)
        if rows is not None:
            square = worker._square(image, rows[0][4:14].reshape(5, 2))
            started = time.perf_counter()
            worker._vector(square)
            embedding.append(time.perf_counter() - started)
    if embedding:
        find, embed = statistics.median(finding), statistics.median(embedding)
        say(f"其中找脸 {find * 1000:.0f} ms，算出向量 {embed * 1000:.0f} ms")


def _search(say) -> bool:
    """1:N among vectors of chance, and opening as many sealed templates before it."""
    import numpy as np
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    from shiming.core.ids import uuid7
    from shiming.faces.search import Gallery

    kept, chance, cipher = True, np.random.default_rng(1), AESGCM(bytes(32))
    sealed = cipher.encrypt(bytes(12), bytes(512), b"")

    def opened(count: int) -> list[bytes]:
        return [cipher.decrypt(bytes(12), sealed, b"") for _ in range(count)]

    for size in SIZES:
        vectors = chance.standard_normal((size, 128), dtype=np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        gallery, asked = Gallery([uuid7() for _ in range(size)], vectors), tuple(map(float, vectors[0]))
        times = [_timed(partial(gallery.nearest, asked, least=0.45, most=5)) for _ in range(21)]
        opening = _timed(partial(opened, size))
        middle = statistics.median(times)
        say(f"1:{size:,}：{middle * 1000:.1f} ms；解开 {size:,} 份模板 {opening * 1000:.0f} ms")
        kept = kept and (size > SIZES[0] or middle <= SEARCH_LIMIT)
    return kept


def _timed(work) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
