"""What is missing or damaged in a data folder, found before a start writes anything.

A folder is new only if nothing in it comes from an earlier start. All else is an installation, and a part of it that is
absent is named and never made anew: it may lie on a volume that is not mounted.
"""

import json
import os
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

from shiming.runtime import bootstrap
from shiming.runtime.directories import MADE, POINTER, earlier_place, remembered, require_owned, server_user
from shiming.runtime.errors import RESTORE, RESTORE_ZH, Refused
from shiming.runtime.master_key import key_path, read_master_key

KINDS = {"production": "正式数据", "demo": "演示数据"}
UNFINISHED_RESTORE = "restore-unfinished"
TRACES = (MADE, "tables.stamp", "city-built")  # a database with tables was here
FSTAB = Path("/etc/fstab")
OF_EMPTY = {"lost+found", "server.lock", "postgres.starting", "postgres.users"}
LOST = "lost"  # an empty file media/lost says that the lost files are given up


def require_sound(home: Path, *, outside: bool) -> None:
    """Refused with the sentence of the first damage. Reads only. `outside`: the database is not in this folder."""
    _require_mounted(home)
    _require_finished_restore(home)
    if kind_of(home) is None:
        _require_new(home, outside=outside)
        return
    if not outside:
        _require_owner(home)
        require_database(home)
        _require_database_beside_key(home)
    _require_key(home)
    _require_folder(home / "media")


def kind_of(home: Path) -> str | None:
    """The kind of data in this folder; None without a marker, Refused for a marker that cannot be understood."""
    marker = home / "kind"
    try:
        kind = marker.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise _unknown_kind(marker, "cannot be read") from error
    if kind not in KINDS:
        raise _unknown_kind(marker, f"holds {kind[:20]!r}")
    return kind


def require_database(home: Path) -> None:
    """Refused if the embedded database of this folder, or its passwords, are gone or damaged."""
    base, pointer = remembered(home), home / POINTER
    if base is None and os.path.lexists(pointer):
        raise Refused(
            f"{pointer} should name the folder of the database, and does not. Nothing was changed. Write the path of "
            f"that folder into it, most often the word postgres. {RESTORE}",
            f"{pointer} 应写明数据库文件夹，但内容无法识别，数据没有改动。请写入该文件夹的路径（通常是 postgres）。{RESTORE_ZH}",
        )
    base = base or home / "postgres"
    restoring = (home / UNFINISHED_RESTORE).exists()  # its files come before its database
    passwords = home / "keys" / "database.json"
    if (base / "data" / "PG_VERSION").exists():
        _require_passwords(passwords)
    elif (_was_used(home) and not restoring) or (base / "data").exists() or (pointer.exists() and not base.exists()):
        raise _no_database(home, base)
    elif passwords.exists():
        _require_passwords(passwords)


def require_media(home: Path, *, rows: bool) -> None:
    """Refused if the database knows files (`rows`) and not one file is there: its volume is empty or not mounted."""
    media = home / "media"
    if rows and not any(path.is_file() for path in media.rglob("*")):
        raise Refused(
            f"{media} is empty, but the database knows files that belong there. Nothing was changed. Mount the volume "
            f"that holds them, or copy the folder back from a backup. If they are lost for good: touch {media / LOST}",
            f"{media} 是空的，但数据库中有应在此处的文件，数据没有改动。"
            f"请挂载存放文件的卷，或从备份取回该文件夹；如确已丢失，请建立空文件 {media / LOST} 后再启动。",
        )


def _require_mounted(home: Path) -> None:
    """A volume of /etc/fstab that is not mounted leaves an empty folder, which is not a new installation."""
    base = remembered(home)
    for place in (home, home / "media", *([base] if base else [])):
        for part in (place, *place.parents):
            if str(part) in set(_listed_volumes()) - {"/"} and not os.path.ismount(part):
                raise Refused(
                    f"{part} is a volume of {FSTAB} and is not mounted. Nothing was changed. Mount it: mount {part}",
                    f"{part} 是 {FSTAB} 中列出的卷，但没有挂载，数据没有改动。请先挂载：mount {part}",
                )


def _require_finished_restore(home: Path) -> None:
    if (home / UNFINISHED_RESTORE).exists():
        raise Refused(
            f"A restore into {home} did not come to its end. Nothing was changed. Restore the backup again, into "
            "another, empty folder: SHIMING_HOME=… shiming restore …",
            f"{home} 的恢复没有完成，数据没有改动。请将备份重新恢复到另一个空文件夹：SHIMING_HOME=… shiming restore …",
        )


def _require_new(home: Path, *, outside: bool) -> None:
    """Without a marker nothing of an installation may be here; an outside database is asked for its keys later."""
    left = [home / name for name in (*TRACES, POINTER, "postgres", "keys/database.json") if (home / name).exists()]
    left += [] if outside else [path for path in (home / "keys/master.key",) if path.exists()]
    left += list(islice(_files_of(home), 1))
    left += [place] if not left and (place := earlier_place(home)) else []
    if left:
        raise Refused(
            f"{left[0]} belongs to an installation, and {home} has lost its marker {home / 'kind'}. Nothing was "
            "changed. Mount or copy back all of the folder. If only the marker is gone, write the word production "
            f"(or demo) into it. {RESTORE}",
            f"{left[0]} 属于一个已有的安装，但 {home / 'kind'} 标记缺失，数据没有改动。"
            f"请挂载或放回整个文件夹；如只缺标记，请在该文件中写入 production（演示为 demo）。{RESTORE_ZH}",
        )
    if os.path.ismount(home) and {path.name for path in home.iterdir()} <= OF_EMPTY:
        raise Refused(
            f"The volume mounted at {home} is empty. Nothing was changed. Mount the one that holds the data. If a new "
            f"installation should begin on this volume, say so: echo production > {home / 'kind'}",
            f"挂载在 {home} 的卷是空的，没有任何改动。请挂载存有数据的卷；"
            f"如确要在此卷新建安装，请执行：echo production > {home / 'kind'}",
        )


def _require_database_beside_key(home: Path) -> None:
    """A new installation gets its key after its database, so a key without a database has lost it."""
    base = remembered(home) or home / "postgres"
    if (home / "keys/master.key").exists() and not (base / "data" / "PG_VERSION").exists():
        raise _no_database(home, base)


def _require_owner(home: Path) -> None:
    user = server_user(home) if os.geteuid() == 0 else None
    base = remembered(home) or home / "postgres"
    for folder in (base, base / "data"):
        if folder.exists():
            require_owned(folder, user)


def _require_key(home: Path) -> None:
    path = key_path(home)
    if os.path.lexists(path) or _was_used(home):
        read_master_key(path)


def _require_passwords(path: Path) -> None:
    roles = {bootstrap.SUPERUSER, bootstrap.OWNER, bootstrap.APP, bootstrap.JOBS}
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(held, dict) and roles <= held.keys() and all(isinstance(held[role], str) for role in roles):
            return
        reason = "is damaged"
    except FileNotFoundError:
        reason = "is missing"
    except (OSError, ValueError):
        reason = "cannot be read"
    raise Refused(
        f"{path} {reason}: it holds the passwords of the database. Nothing was changed. Put it back from a copy of the "
        f"folder keys. {RESTORE}",
        f"{path} 缺失或已损坏，其中是数据库的口令，数据没有改动。请从 keys 文件夹的副本取回。{RESTORE_ZH}",
    )


def _require_folder(path: Path) -> None:
    if os.path.lexists(path) and not path.is_dir():
        raise Refused(
            f"{path} should be a folder, and is not. Nothing was changed. Put the folder back in its place, or mount "
            "its volume.",
            f"{path} 应是文件夹，但不是，数据没有改动。请将原文件夹放回，或挂载其所在的卷。",
        )


def _no_database(home: Path, base: Path) -> Refused:
    return Refused(
        f"The database of {home} belongs in {base / 'data'}, and that folder is missing or empty. Nothing was changed. "
        f"Mount its volume, put it back, or name the outside server again with DATABASE_URL. {RESTORE}",
        f"{home} 的数据库应在 {base / 'data'}，但该文件夹不存在或是空的，数据没有改动。"
        f"请挂载其所在的卷，或将其放回；原用外部数据库的，请重新设置 DATABASE_URL。{RESTORE_ZH}",
    )


def _unknown_kind(marker: Path, found: str) -> Refused:
    return Refused(
        f"{marker} {found}; it should hold the word production or demo. Nothing was changed. Write the word that was "
        "there before.",
        f"{marker} 无法识别，其中应为 production（正式）或 demo（演示），数据没有改动。请写回原来的词。",
    )


def _was_used(home: Path) -> bool:
    return any((home / name).exists() for name in TRACES) or any(_files_of(home))


def _files_of(home: Path) -> Iterator[Path]:
    """Files that only an installation in use has: pictures, papers, anchors."""
    anchors = home / "anchors.jsonl"
    written = [anchors] if anchors.is_file() and anchors.stat().st_size else []
    media = home / "media"
    return chain(written, (path for path in media.rglob("*") if path.is_file()) if media.is_dir() else ())


def _listed_volumes() -> list[str]:
    try:
        lines = FSTAB.read_text(errors="replace").splitlines()
    except OSError:
        return []
    fields = [line.split() for line in lines if not line.lstrip().startswith("#")]
    return [field[1].replace("\\040", " ") for field in fields if len(field) > 2 and "noauto" not in field[3:4]]
