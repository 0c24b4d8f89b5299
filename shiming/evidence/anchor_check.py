"""The check of the anchors: each file line by line, the files against each other, and the seals against both."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from shiming.core.environment import environment
from shiming.core.models import Seal
from shiming.core.seals import CHAINS
from shiming.evidence import anchors
from shiming.evidence.anchors import RHYTHM, Why
from shiming.evidence.findings import Finding

# A line is late when the next round was missed as well.
LATE = 2 * RHYTHM
NAMED = 20


def verify() -> Iterator[Finding]:
    """Yield everything wrong with the anchor files and every seal that differs from them."""
    first, second = environment().anchor_files
    # A release before lines were signed wrote one file, and seals without tags.
    signed = Seal.objects.filter(records__isnull=False).exists()
    lines = {}
    for path, needed in ((first, signed or Seal.objects.exists()), (second, signed)):
        known, sentences = _read(path, needed, signed)
        lines[path] = known
        yield from (Finding("anchors", number, f"{sentence}（{path}）") for number, sentence in sentences)
    yield from _against_each_other(first, second, lines)
    whole = {line["number"]: line for path in (second, first) for line in lines[path]}
    yield from _rhythm([whole[number] for number in sorted(whole)])
    yield from _against_seals(list(whole.values()) + _unsigned(first))


def _read(path: Path, needed: bool, signed: bool) -> tuple[list[dict], list[tuple[int, str]]]:
    """(lines signed by this installation, [(number of the line in the file, what is wrong)])."""
    try:
        texts = path.read_bytes().decode(errors="replace").split("\n")
    except OSError as trouble:
        return [], [(0, f"锚点文件缺失或读不出：{trouble.strerror}")] if needed else []
    if not any(texts):
        return [], [(0, "锚点文件是空的")] if needed else []
    wrong = [] if texts[-1] == "" else [(len(texts), "最后一行不完整")]
    known = []
    for place, text in enumerate(texts if wrong else texts[:-1], start=1):
        line = anchors.parsed(text)
        if anchors.is_ours(line):
            wrong += [(place, sentence) for sentence in _break(known[-1] if known else None, line)]
            known.append(line)
        elif not (_is_unsigned(line) and not known):
            wrong.append((place, "签名不符" if isinstance(line, dict) else "内容损坏，读不出。请从另一处或备份取回"))
    if signed and not known:
        wrong.append((0, "文件中没有本系统签名的锚点"))
    return known, wrong


def _break(before: dict | None, line: dict) -> list[str]:
    """What is wrong between two neighbours of one file; the first line has the number 1."""
    expected = before["number"] + 1 if before else 1
    if line["number"] != expected:
        return [f"锚点不连续：应为第 {expected} 号，却是第 {line['number']} 号"]
    return [] if line["before"] == (anchors.named(before) if before else "") else ["与前一锚点不相连"]


def _against_each_other(first: Path, second: Path, lines: dict[Path, list[dict]]) -> Iterator[Finding]:
    numbered = {path: {line["number"]: line for line in known} for path, known in lines.items()}
    for path, other in ((first, second), (second, first)):
        if not numbered[path]:
            continue  # reported as missing or empty
        if lacking := sorted(numbered[other].keys() - numbered[path].keys()):
            yield Finding("anchors", 0, f"少了第 {lacking[0]}–{lacking[-1]} 号中的 {len(lacking)} 个锚点（{path}）")
    both = numbered[first].keys() & numbered[second].keys()
    for number in sorted(number for number in both if numbered[first][number] != numbered[second][number]):
        yield Finding("anchors", 0, f"两处的第 {number} 号锚点不同")


def _rhythm(lines: list[dict]) -> Iterator[Finding]:
    """No line is late while the system runs, and no seal waits longer for its line than one may be late.

    After a power cut the next line says `start`: nothing was sealed in the meantime, so the pause is no gap.
    """
    for before, line in pairwise(lines):
        since, at = datetime.fromisoformat(before["at"]), datetime.fromisoformat(line["at"])
        stood = before["why"] == Why.STOP or line["why"] == Why.START
        if at - since > LATE and (not stood or _sealed_between(since + LATE, at)):
            yield Finding("anchors", 0, f"{since:%Y-%m-%d %H:%M} 至 {at:%Y-%m-%d %H:%M}（UTC）没有锚点")
    if lines:
        since = datetime.fromisoformat(lines[-1]["at"])
        if _sealed_between(since + LATE, None):
            yield Finding("anchors", 0, f"{since:%Y-%m-%d %H:%M}（UTC）以后没有锚点，其后仍有封存")


def _sealed_between(since: datetime, until: datetime | None) -> bool:
    rows = Seal.objects.filter(at__gt=since)
    # The seal that the late line itself names may be a moment older than that line.
    return (rows.filter(at__lt=until - timedelta(seconds=30)) if until else rows).exists()


def _against_seals(lines: list[dict]) -> Iterator[Finding]:
    """Each head and digest that a line names, compared with the batch of that number."""
    for chain in CHAINS:
        stored = {
            number: (last, bytes(head or b"").hex(), bytes(digest or b"").hex())
            for number, last, head, digest in Seal.objects.filter(chain=chain).values_list(
                "number", "last_id", "head", "digest"
            )
        }
        cut, differing = {}, {}
        for line in lines:
            ends = (line.get("chains") or {}).get(chain)
            if not ends:
                continue
            anchored = (ends["last"], ends["head"], ends["digest"])
            if ends["seal"] not in stored:
                cut.setdefault(ends["seal"], line["at"])
            elif not _agree(anchored, stored[ends["seal"]]):
                differing.setdefault(ends["seal"], line["at"])
        if cut:
            number = max(cut)
            yield Finding(
                chain, number, f"尾部被截断：{cut[number]} 时已有第 {number} 批，现有至第 {max(stored, default=0)} 批"
            )
        yield from (Finding(chain, number, f"与 {at} 的锚点不符") for number, at in sorted(differing.items()))


def _agree(anchored: tuple, stored: tuple) -> bool:
    return all(one is None or one == other for one, other in zip(anchored, stored, strict=True))


def _unsigned(path: Path) -> list[dict]:
    """Lines of a release that signed none, in the form of a signed one."""
    try:
        texts = path.read_bytes().decode(errors="replace").splitlines()
    except OSError:
        return []
    lines = [line for text in texts if _is_unsigned(line := anchors.parsed(text))]
    return [
        {
            "at": line["at"],
            "chains": {line["chain"]: {"seal": line["seal"], "last": None, "head": line["head"], "digest": None}},
        }
        for line in lines
    ]


def _is_unsigned(line) -> bool:
    if not isinstance(line, dict) or {"at", "chain", "seal", "head"} != line.keys():
        return False
    return isinstance(line["seal"], int) and all(isinstance(line[name], str) for name in ("at", "chain", "head"))
