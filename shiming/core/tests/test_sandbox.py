"""Foreign content is parsed by a bounded child process without secrets."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from shiming.core import sandbox

CHILDREN = {
    "tells": "import json, os, sys; sys.stdout.write(json.dumps([dict(os.environ), os.getcwd(), sys.argv]))",
    "repeats": "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())",
    "fails": "import sys; sys.stderr.write('cannot read this'); sys.exit(3)",
    "never_ends": "while True: pass",
    "is_greedy": (
        "from shiming.core.sandbox import bound\nbound(memory=200_000_000, cpu_seconds=9)\nbytearray(400_000_000)"
    ),
    "works_on": (
        "from shiming.core.sandbox import bound\nbound(memory=2_000_000_000, cpu_seconds=1)\nwhile True: pass"
    ),
    "is_modest": "from shiming.core.sandbox import bound\nbound(memory=2_000_000_000, cpu_seconds=9)\nprint('done')",
    "uses_django": "import sys\nimport shiming.core.sandbox\nprint('django' in sys.modules)",
}


@pytest.fixture(autouse=True)
def children(tmp_path, monkeypatch):
    for name, code in CHILDREN.items():
        (tmp_path / f"child_{name}.py").write_text(code)
    monkeypatch.syspath_prepend(str(tmp_path))


def run(child: str, content: bytes = b"", seconds: float = 20, **more):
    return sandbox.run(f"child_{child}", content, seconds=seconds, **more)


def test_child_environment_has_no_secrets(monkeypatch):
    for name in ("DATABASE_URL", "SHIMING_PROXY_SECRET", "SHIMING_HOME", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "secret")
    known, _, _ = json.loads(run("tells").stdout)

    assert set(known) - {"LC_CTYPE", "LC_ALL"} <= {*sandbox.KEPT, "PYTHONPATH"}
    assert "secret" not in known.values()


def test_child_gets_additional_variables(monkeypatch):
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    known, _, _ = json.loads(run("tells", MODELS="/models").stdout)
    assert (known["TZ"], known["MODELS"]) == ("Asia/Shanghai", "/models")


def test_child_runs_outside_data_folder():
    _, folder, _ = json.loads(run("tells").stdout)
    assert Path(folder) == Path(sys.prefix).resolve()


def test_content_passes_through_byte_by_byte():
    content = bytes(range(256)) * 1000
    assert run("repeats", content).stdout == content


def test_failing_child_returns_error_only():
    answer = run("fails")
    assert (answer.returncode, answer.stderr) == (3, b"cannot read this")


def test_endless_child_is_killed_at_timeout():
    with pytest.raises(subprocess.TimeoutExpired):
        run("never_ends", seconds=0.5)


def test_child_over_memory_limit_fails():
    answer = run("is_greedy")
    assert answer.returncode != 0 and b"MemoryError" in answer.stderr


def test_child_over_cpu_limit_is_stopped():
    assert run("works_on").returncode < 0


def test_child_within_limits_succeeds():
    assert run("is_modest").stdout == b"done\n"


def test_sandbox_import_does_not_load_django():
    assert run("uses_django").stdout == b"False\n"
