"""The stand-alone verifier checks an export in a process that has nothing of the product on its path."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import cryptography
import pytest
from django.core.management import CommandError, call_command

from shiming.core import seals
from shiming.core.actor import system
from shiming.core.audit import record
from shiming.core.environment import environment
from shiming.core.events import Event
from shiming.core.models import AuditEntry
from shiming.evidence import anchors
from shiming.evidence.commands import export_trail, public_key

pytestmark = pytest.mark.django_db
SCRIPT = Path(__file__).parents[3] / "scripts" / "verify_trail_export.py"
ALONE = """
import importlib.util, runpy, sys
sys.path.append(sys.argv[1])
assert not any(map(importlib.util.find_spec, ("shiming", "django")))
sys.argv = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
TRAIL = seals.CHAINS["trail"]


@pytest.fixture
def export(cast, tmp_path):
    """An export of three sealed and anchored records in two batches."""
    for path in environment().anchor_files:
        path.unlink(missing_ok=True)
    for times in (2, 1):
        for _ in range(times):
            record(Event.COMPANY_CHANGED, cast.antai, by=system(), company=cast.antai)
        seals.seal(TRAIL, seals.mark(TRAIL).number)
        anchors.anchor()
    export_trail(tmp_path / "trail.zip", by=system())
    yield tmp_path / "trail.zip"
    for path in environment().anchor_files:
        path.unlink(missing_ok=True)


def checked(path: Path, *options: str) -> tuple[int, str]:
    """Run without the site's packages; the only folder added holds `cryptography` and what it imports."""
    folder = path.parent / "packages"
    for needed in () if folder.exists() else ("cryptography", "cffi", "_cffi_backend*", "pycparser"):
        folder.mkdir(exist_ok=True)
        for found in Path(cryptography.__file__).parents[1].glob(needed):
            (folder / found.name).symlink_to(found)
    command = [sys.executable, "-I", "-S", "-c", ALONE, str(folder), str(SCRIPT), str(path), *options]
    done = subprocess.run(command, capture_output=True, text=True, cwd=path.parent)
    assert done.stderr == ""
    return done.returncode, done.stdout


def altered(path: Path, change) -> Path:
    """The export again, with `change(name, content)` for each file in it."""
    target = path.with_name("altered.zip")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as written:
        for name in source.namelist():
            written.writestr(name, change(name, source.read(name).decode()))
    return target


def test_untouched_export_passes_and_is_recorded(export):
    assert checked(export, "--key", public_key()) == (0, "核对通过。\n")
    assert "导出痕迹与考勤的封存记录 3 行" in str(AuditEntry.objects.order_by("id").last())
    assert "没有给出公钥" in checked(export)[1]


def test_existing_file_is_not_overwritten(export):
    before = export.read_bytes()
    with pytest.raises(CommandError, match="已存在，不会覆盖"):
        call_command("export_trail", str(export))
    assert export.read_bytes() == before


def test_changed_record_is_found(export):
    path = altered(export, lambda name, text: text.replace("安泰", "平安") if name == "trail.jsonl" else text)
    code, output = checked(path, "--key", public_key())
    assert code == 1 and "trail.jsonl：内容与清单的摘要不符" in output and "trail 第 1 批：与封存不符" in output


def test_cut_tail_is_found_by_anchors_kept_elsewhere(export):
    """An export without its last batch and anchor, compared with the anchors as they were."""
    kept = export.with_name("kept.jsonl")
    kept.write_text(environment().anchor_file.read_text())

    def cut(name, text):
        lines = text.splitlines(keepends=True)
        return "".join(lines[:-1]) if name in ("trail.jsonl", "seals.jsonl") or name.startswith("anchors") else text

    code, output = checked(altered(export, cut), "--key", public_key(), "--anchors", str(kept))
    assert code == 1 and "kept.jsonl 第 2 行：trail 尾部被截断" in output


def test_export_of_another_key_is_found(export):
    other = "A" * 43 + "="

    def claim(name, text):
        return json.dumps(json.loads(text) | {"public_key": other}) if name == "manifest.json" else text

    code, output = checked(altered(export, claim), "--key", public_key())
    assert code == 1 and "清单中的公钥与给出的公钥不同" in output and "清单的签名不符" in output


def test_garbled_file_is_reported_to_its_end(export):
    path = altered(export, lambda name, text: "\x00garbled\n" if name in ("seals.jsonl", "anchors-1.jsonl") else text)
    code, output = checked(path, "--key", public_key())
    assert code == 1
    for sentence in ("seals.jsonl 第 1 行：读不出", "不属于任何批次的记录", "anchors-1.jsonl 第 1 行", "核对不通过。"):
        assert sentence in output
