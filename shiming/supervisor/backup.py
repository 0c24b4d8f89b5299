"""A backup is one file: the database as pg_dump writes it, the encrypted media, the trail's anchors. Never the keys."""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from datetime import datetime
from pathlib import Path, PurePosixPath

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shiming import __version__

from .installation import Installation
from .places import forget
from .postgres import Cluster, find_programs
from .refused import Refused

KEPT = ("media", "anchors.jsonl", "locale")
DUMP, MANIFEST = "database.dump", "manifest.json"


def write_backup(installation: Installation, target: Path | None = None) -> Path:
    """Whole or not at all: it gets its name only when it is complete and on the disk."""
    target = target or installation.home / "backups" / f"shiming-{datetime.now():%Y%m%d-%H%M%S}.tar"
    unfinished = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=target.parent) as work, _private(unfinished) as file:
            _dump(installation, Path(work) / DUMP)
            _pack(installation, Path(work), file)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise Refused(
            f"The backup cannot be written to {target} ({error.strerror}). Nothing was lost.",
            f"备份无法写入 {target}。原有数据没有改动。",
        ) from error
    unfinished.rename(target)
    return target


def read_backup(source: Path) -> Installation:
    """Into an empty data folder only: nothing that exists is overwritten."""
    with _opened(source) as archive:
        manifest = json.load(archive.extractfile(MANIFEST))
        installation = Installation(manifest["kind"])
        _must_be_empty(installation.home)
        installation.claim()
        try:
            _unpack(archive, installation.home)
            _restore(installation, manifest)
        except BaseException:
            _clear(installation.home)
            raise
    return installation


def has_master_key(home: Path) -> bool:
    return Path(os.environ.get("SHIMING_MASTER_KEY_FILE") or home / "keys" / "master.key").exists()


def _dump(installation: Installation, dump: Path) -> None:
    with installation.database() as (cluster, addresses):
        _run("pg_dump", "--format=custom", f"--file={dump}", **_connection(cluster, addresses.owner))


def _pack(installation: Installation, work: Path, file) -> None:
    manifest = {
        "shiming": __version__,
        "kind": installation.kind,
        "made": datetime.now().astimezone().isoformat(timespec="seconds"),
        "database_sha256": _sha256(work / DUMP),
    }
    (work / MANIFEST).write_text(json.dumps(manifest, indent=2))
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.add(work / MANIFEST, MANIFEST)
        archive.add(work / DUMP, DUMP)
        for name in KEPT:
            if (installation.home / name).exists():
                archive.add(installation.home / name, name)
    file.flush()
    os.fsync(file.fileno())


def _restore(installation: Installation, manifest: dict) -> None:
    dump = installation.home / DUMP
    if _sha256(dump) != manifest["database_sha256"]:
        raise Refused(
            "The backup is damaged: its database does not match its checksum.", "备份文件已损坏：数据库校验不符。"
        )
    with installation.database() as (cluster, addresses):
        rights = [] if cluster else ["--no-owner", "--no-privileges"]
        options = ["--single-transaction", "--exit-on-error", *rights, str(dump)]
        _run("pg_restore", *options, **_connection(cluster, addresses.owner))
    dump.unlink()


def _unpack(archive: tarfile.TarFile, home: Path) -> None:
    """Plain files below the folder, nothing else: a backup may have been in other hands."""
    for member in archive:
        path = PurePosixPath(member.name)
        if path.is_absolute() or ".." in path.parts or path.parts[0] not in (*KEPT, DUMP, MANIFEST):
            raise Refused(f"The backup holds a strange name: {member.name}", f"备份文件中有异常的文件名：{member.name}")
        if member.isfile() and member.name != MANIFEST:
            (home / path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with archive.extractfile(member) as content, _private(home / path) as file:
                shutil.copyfileobj(content, file)


def _must_be_empty(home: Path) -> None:
    for name in ("kind", "postgres-place", "postgres", *KEPT):
        if (home / name).exists():
            raise Refused(
                f"{home} already holds an installation. Restore into an empty folder: SHIMING_HOME=… shiming restore …",
                f"{home} 中已有数据。请用 SHIMING_HOME 指定一个空文件夹再恢复。",
            )


def _clear(home: Path) -> None:
    """What an unfinished restore put into the folder that was empty."""
    forget(home)
    for name in ("kind", DUMP, *KEPT):
        path = home / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _connection(cluster: Cluster | None, owner: str) -> dict[str, str]:
    """As superuser of our own cluster, so that owners and rights are kept; outside as the owner of the tables."""
    parts = conninfo_to_dict(cluster.superuser_address if cluster else owner)
    return {"password": str(parts.pop("password", "")), "target": make_conninfo(**parts)}


def _run(program: str, *options: str, target: str, password: str) -> None:
    """The password goes by the environment: a command line can be read by everybody on the machine."""
    command = [find_programs() / "bin" / program, f"--dbname={target}", *options]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"PGPASSWORD": password})
    if done.returncode:
        raise Refused(
            f"{program} failed:\n  " + "\n  ".join(done.stderr.strip().splitlines()[-5:]),
            f"{program} 执行失败，原因见上。原有数据没有改动。",
        )


def _opened(source: Path) -> tarfile.TarFile:
    try:
        archive = tarfile.open(source)
        archive.getmember(MANIFEST)
    except (OSError, tarfile.TarError, KeyError) as error:
        raise Refused(
            f"{source} is not a backup of Shiming.", f"{source} 不是本系统的备份文件，或无法读取。"
        ) from error
    return archive


def _private(path: Path):
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
