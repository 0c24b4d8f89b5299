"""The account of pages and worker: not root, if possible.

Started by root, they run as the account of the database. Files they write belong to it; the data folder itself, the
database's passwords and the backups stay root's. If that account cannot reach the program, its Python or the data, or
the port needs root, they run as root, and the start prints the reason.
"""

import os
import pwd
import subprocess
import sys
from pathlib import Path

from shiming.runtime.directories import server_user
from shiming.runtime.system import can_reach, child_setup, write_whole

FOLDERS = ("media", "logs", "static", "anchors")
FILES = {"anchors.jsonl": "", "outbox.jsonl": ""}
DEMO_FILES = {"demo-accounts.json": "[]"}
NOTE = "runs-as"
TRY = (
    "import sys, django, granian, shiming.cli; "
    "[open(path, mode).close() for path, mode in zip(sys.argv[1::2], sys.argv[2::2])]"
)


def servant(home: Path) -> pwd.struct_passwd | None:
    """The account chosen at the last start; None means the current account."""
    try:
        return pwd.getpwnam((home / NOTE).read_text().strip()) if os.geteuid() == 0 else None
    except (OSError, KeyError, ValueError):
        return None


def choose_servant(home: Path, port: int, *, demo: bool) -> str:
    """Hand the files over, save the account, and return the message to print at start."""
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
    """The account cannot read root's home, and libraries read $HOME."""
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
    """Tested by a run, not deduced: interpreter, libraries, our code, and files outside the data folder."""
    elsewhere = [(os.environ.get("SHIMING_MASTER_KEY_FILE"), "rb"), (os.environ.get("SHIMING_ANCHORS"), "ab")]
    if copy := os.environ.get("SHIMING_ANCHORS_COPY"):
        name = Path(os.environ.get("SHIMING_ANCHORS") or "anchors.jsonl").name
        elsewhere.append((str(Path(copy, name)), "ab"))
    words = [word for path, mode in elsewhere if path for word in (path, mode)]
    env = os.environ | environment_of(user, home)
    try:
        tried = subprocess.run(
            [sys.executable, "-c", TRY, *words], env=env, capture_output=True, preexec_fn=child_setup(user), timeout=60
        )
    except (OSError, subprocess.SubprocessError):  # the account may not even execute Python
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
    give_master_key(home, user)
    write_whole(home / NOTE, user.pw_name)


def give_master_key(home: Path, user: pwd.struct_passwd | None) -> None:
    """The account can enter keys/, where it can read the master key but not the passwords of the database. Called
    again when the key is created, after the database of a new installation."""
    key = home / "keys" / "master.key"
    if user and key.exists() and not os.environ.get("SHIMING_MASTER_KEY_FILE"):
        _give(key, user)
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
