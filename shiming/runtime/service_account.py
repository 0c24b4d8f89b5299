"""As whom the pages and the worker run: not as root, if that can be helped.

Started by root, they become the account the database runs as. What they write is handed to it; the folder itself, the
database's passwords and the backups stay root's. Where that account cannot reach the program, its Python or the data,
or the port is root's alone, they stay root, and the start says so.
"""

import os
import pwd
import subprocess
import sys
from pathlib import Path

from shiming.runtime.directories import server_user
from shiming.runtime.system import can_reach, child_setup, write_whole

FOLDERS = ("media", "logs", "static")
FILES = {"anchors.jsonl": "", "outbox.jsonl": ""}
DEMO_FILES = {"demo-accounts.json": "[]"}
NOTE = "runs-as"
TRY = (
    "import sys, django, granian, shiming.cli; "
    "[open(path, mode).close() for path, mode in zip(sys.argv[1::2], sys.argv[2::2])]"
)


def servant(home: Path) -> pwd.struct_passwd | None:
    """Whom the last start chose; None means as ourselves."""
    try:
        return pwd.getpwnam((home / NOTE).read_text().strip()) if os.geteuid() == 0 else None
    except (OSError, KeyError):
        return None


def choose_servant(home: Path, port: int, *, demo: bool) -> str:
    """Hand the files over, note the account, and answer what to tell whoever starts us."""
    if os.geteuid() != 0:
        return ""
    user = server_user(home)
    if hindrance := _hindrance(user, home, port):
        write_whole(home / NOTE, "")
        english, chinese = hindrance
        return (
            f"Pages and worker run as root, because {english}. Safer: start Shiming as an ordinary user.\n"
            f"网页与后台任务以 root 运行，因为{chinese}。建议改用普通用户启动。"
        )
    _hand_over(home, user, FILES | (DEMO_FILES if demo else {}))
    return f"Pages and worker run as {user.pw_name}, not as root. / 网页与后台任务以账号 {user.pw_name} 运行。"


def environment_of(user: pwd.struct_passwd | None, home: Path) -> dict[str, str]:
    """Root's home is closed to him, and libraries look into $HOME."""
    return {"HOME": str(home), "USER": user.pw_name, "LOGNAME": user.pw_name} if user else {}


def _hindrance(user: pwd.struct_passwd, home: Path, port: int) -> tuple[str, str] | None:
    if not can_reach(home, user):
        return f"the account {user.pw_name} cannot reach the data folder {home}", f"账号 {user.pw_name} 无法进入 {home}"
    if port < _first_free_port():
        return f"only root may listen on port {port}", f"只有 root 可以监听端口 {port}"
    if not _can_run(user, home):
        return (
            f"the account {user.pw_name} cannot run this program or its Python ({sys.executable})",
            f"账号 {user.pw_name} 无法运行本程序或其 Python（{sys.executable}）",
        )
    return None


def _can_run(user: pwd.struct_passwd, home: Path) -> bool:
    """Tried rather than deduced: the interpreter, the libraries, our own code, the files that lie elsewhere."""
    elsewhere = [(os.environ.get("SHIMING_MASTER_KEY_FILE"), "rb"), (os.environ.get("SHIMING_ANCHORS"), "ab")]
    words = [word for path, mode in elsewhere if path for word in (path, mode)]
    env = os.environ | environment_of(user, home)
    try:
        tried = subprocess.run(
            [sys.executable, "-c", TRY, *words], env=env, capture_output=True, preexec_fn=child_setup(user), timeout=60
        )
    except (OSError, subprocess.SubprocessError):  # he may not even execute it
        return False
    return tried.returncode == 0


def _hand_over(home: Path, user: pwd.struct_passwd, files: dict[str, str]) -> None:
    before = servant(home)
    for name in FOLDERS:
        (home / name).mkdir(mode=0o700, exist_ok=True)
        if before != user:
            _give_all_below(home / name, user)
        _give(home / name, user)
    for name, text in files.items():
        if not (home / name).exists():
            write_whole(home / name, text)
        _give(home / name, user)
    _give_master_key(home, user)
    write_whole(home / NOTE, user.pw_name)


def _give_master_key(home: Path, user: pwd.struct_passwd) -> None:
    """He may walk through keys/, where the database's own passwords stay closed to him."""
    from shiming.runtime.master_key import create_master_key

    if not os.environ.get("SHIMING_MASTER_KEY_FILE"):
        _give(create_master_key(home / "keys" / "master.key"), user)
        (home / "keys").chmod(0o711)


def _give_all_below(folder: Path, user: pwd.struct_passwd) -> None:
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            _give(Path(place, name), user)


def _give(path: Path, user: pwd.struct_passwd) -> None:
    os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)


def _first_free_port() -> int:
    try:
        return int(Path("/proc/sys/net/ipv4/ip_unprivileged_port_start").read_text())
    except (OSError, ValueError):
        return 1024
