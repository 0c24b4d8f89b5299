"""Backup: one encrypted file with the dump of the database, the media and the trail's anchors. Never the keys."""

import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shiming import __version__
from shiming.runtime.damage import UNFINISHED_RESTORE
from shiming.runtime.directories import MADE, POINTER, forget
from shiming.runtime.encrypted_file import PIECE, OpenedFile, SealingFile
from shiming.runtime.errors import Refused
from shiming.runtime.installation import Installation, data_folder
from shiming.runtime.master_key import key_path, read_master_key, require_key_of
from shiming.runtime.postgres import Addresses, Cluster, find_programs
from shiming.runtime.versions import require_released

ANCHORS, ANCHORS_COPY = "anchors.jsonl", "anchors"
OF_DEMO = ("city-built", "demo-accounts.json")
KEPT = ("media", ANCHORS, ANCHORS_COPY, "locale", *OF_DEMO)
DUMP, MANIFEST = "database.dump", "manifest.json"


def write_backup(installation: Installation, target: Path | None = None) -> Path:
    """Write the backup and return its path. The file gets its final name only when it is complete and on disk."""
    target = target or installation.home / "backups" / f"shiming-{datetime.now():%Y%m%d-%H%M%S}.backup"
    unfinished = target.with_name(f"{target.name}.part")
    key = read_master_key(key_path(installation.home))
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Unencrypted work files stay in the data folder: the target may be a removable disk.
        with tempfile.TemporaryDirectory(dir=installation.home, prefix="backup-") as work, _private(unfinished) as file:
            _copy_anchors(installation.home, Path(work))
            rows = _dump(installation, Path(work) / DUMP)
            written = _pack(installation, Path(work), rows, file, key)
        _verify(unfinished, key, written)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise Refused(
            f"The backup cannot be written to {target} ({error.strerror}). Nothing was lost.",
            f"备份无法写入 {target}。原有数据没有改动。",
        ) from error
    except Refused:
        unfinished.unlink(missing_ok=True)
        raise
    unfinished.rename(target)
    return target


def read_backup(source: Path) -> Installation:
    """Restore into an empty data folder; an existing file is never overwritten. The master key must be in place."""
    home = data_folder()
    _must_be_empty(home)
    with _opened(source, read_master_key(key_path(home))) as archive:
        manifest = json.load(archive.extractfile(archive.next()))
        installation = Installation(manifest["kind"])
        _must_be_empty(installation.home)
        installation.claim_for_restore()
        try:
            _unpack(archive, installation.home)
            _restore(installation, manifest)
            installation.restored()
        except BaseException:
            _clear(installation.home)
            raise
    return installation


def _copy_anchors(home: Path, work: Path) -> None:
    """Copied before the dump: a later anchor would report the dumped trail as cut. From the places of the settings,
    to those that a restored folder uses without them."""
    first = Path(os.environ.get("SHIMING_ANCHORS") or home / ANCHORS)
    second = Path(os.environ.get("SHIMING_ANCHORS_COPY") or home / ANCHORS_COPY) / first.name
    (work / ANCHORS_COPY).mkdir()
    for source, target in ((first, work / ANCHORS), (second, work / ANCHORS_COPY / ANCHORS)):
        if source.exists():
            shutil.copyfile(source, target)


def _dump(installation: Installation, dump: Path) -> dict[str, int]:
    """Dump the database at one snapshot; return the number of rows per table in that snapshot."""
    with installation.database() as place, psycopg.connect(_strongest(*place)) as moment:
        require_key_of(moment, key_path(installation.home), may_create=False)
        moment.rollback()  # the snapshot below begins its own transaction
        moment.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        # The snapshot is valid only while this transaction is open, so the dump runs inside it.
        snapshot = moment.execute("SELECT pg_export_snapshot()").fetchone()[0]
        options = ["--format=custom", f"--snapshot={snapshot}", f"--file={dump}"]
        _run("pg_dump", *options, **_connection(_strongest(*place)))
        return rows_of(moment)


def rows_of(connection: psycopg.Connection) -> dict[str, int]:
    tables = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1"
    names = [name for (name,) in connection.execute(tables)]
    counts = {name: sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", name)) for name in names}
    return {name: connection.execute(count).fetchone()[0] for name, count in counts.items()}


def _pack(installation: Installation, work: Path, rows: dict[str, int], file, key: bytes) -> bytes:
    """Write the archive and return the digest of its content."""
    manifest = {
        "shiming": __version__,
        "kind": installation.kind,
        "made": datetime.now().astimezone().isoformat(timespec="seconds"),
        "rows": rows,
    }
    (work / MANIFEST).write_text(json.dumps(manifest, indent=2))
    sealing = SealingFile(file, key)
    with tarfile.open(fileobj=sealing, mode="w|", bufsize=PIECE) as archive:
        archive.add(work / MANIFEST, MANIFEST)
        archive.add(work / DUMP, DUMP)
        for name in KEPT:
            source = (work if name in (ANCHORS, ANCHORS_COPY) else installation.home) / name
            if source.exists():
                archive.add(source, name)
    sealing.finish()
    file.flush()
    os.fsync(file.fileno())
    return sealing.digest()


def _verify(written: Path, key: bytes, expected: bytes) -> None:
    """Read the file back from its disk: every piece must decrypt, and the content be the one that was packed."""
    with written.open("rb") as file:
        if hasattr(os, "posix_fadvise"):  # from the disk, not from memory
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        opened, digest = OpenedFile(file, key, str(written)), sha256()
        while piece := opened.read(PIECE):
            digest.update(piece)
    if digest.digest() != expected:
        raise Refused(
            f"The backup reads back from {written.parent} other than it was written. It was not kept. Check that disk, "
            "and name another folder.",
            f"备份写入 {written.parent} 后读回的内容不一致，未予保留。请检查该磁盘，或换一个文件夹再备份。",
        )


def _restore(installation: Installation, manifest: dict) -> None:
    dump = installation.home / DUMP
    with installation.database() as (cluster, addresses):
        address = _strongest(cluster, addresses)
        rights = [] if cluster else ["--no-owner", "--no-privileges"]
        _run("pg_restore", "--single-transaction", "--exit-on-error", *rights, str(dump), **_connection(address))
        require_released(address)
        with psycopg.connect(address) as restored:
            found = rows_of(restored)
    dump.unlink()
    if found != manifest["rows"]:
        tables = [name for name in {*found, *manifest["rows"]} if found.get(name) != manifest["rows"].get(name)]
        raise Refused(
            f"After restoring, these tables hold other numbers of rows than were saved: {', '.join(sorted(tables))}.",
            "恢复后的行数与备份时不符，恢复已撤销。请换一份备份。",
        )


def _unpack(archive: tarfile.TarFile, home: Path) -> None:
    """Unpack regular files below the folder only: the backup file is not trusted."""
    for member in archive:
        path = PurePosixPath(member.name)
        if path.is_absolute() or ".." in path.parts or path.parts[0] not in (*KEPT, DUMP, MANIFEST):
            raise Refused(f"The backup holds a strange name: {member.name}", f"备份文件中有异常的文件名：{member.name}")
        if member.isfile() and member.name != MANIFEST:
            (home / path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with archive.extractfile(member) as content, _private(home / path) as file:
                shutil.copyfileobj(content, file)
    while archive.fileobj.read(PIECE):  # the last piece proves that the file was not cut
        pass


def _must_be_empty(home: Path) -> None:
    for name in ("kind", POINTER, "postgres", MADE, UNFINISHED_RESTORE, *KEPT):
        if (home / name).exists():
            raise Refused(
                f"{home} already holds an installation. Restore into an empty folder: SHIMING_HOME=… shiming restore …",
                f"{home} 中已有数据。请用 SHIMING_HOME 指定一个空文件夹再恢复。",
            )


def _clear(home: Path) -> None:
    """Remove the files of an unfinished restore; the folder was empty before."""
    forget(home)
    for name in ("kind", DUMP, UNFINISHED_RESTORE, *KEPT):
        path = home / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _strongest(cluster: Cluster | None, addresses: Addresses) -> str:
    """The superuser of the embedded cluster, so that owners and rights are kept; else the owner of the tables."""
    return cluster.superuser_address if cluster else addresses.owner


def _connection(address: str) -> dict[str, str]:
    parts = conninfo_to_dict(address)
    return {"password": str(parts.pop("password", "")), "target": make_conninfo(**parts)}


def _run(program: str, *options: str, target: str, password: str) -> None:
    """Run a PostgreSQL program. The password goes by the environment: other users can read a command line."""
    command = [find_programs() / "bin" / program, f"--dbname={target}", *options]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"PGPASSWORD": password})
    if done.returncode:
        raise Refused(
            f"{program} failed:\n  " + "\n  ".join(done.stderr.strip().splitlines()[-5:]),
            f"{program} 执行失败，原因见上。原有数据没有改动。",
        )


@contextmanager
def _opened(source: Path, key: bytes) -> Iterator[tarfile.TarFile]:
    try:
        file = source.open("rb")
    except OSError as error:
        raise Refused(
            f"{source} cannot be read ({error.strerror}).", f"无法读取备份文件 {source}，请检查路径与权限。"
        ) from error
    with file:
        opened = OpenedFile(file, key, str(source))
        with tarfile.open(fileobj=opened, mode="r|") as archive:
            yield archive


def _private(path: Path):
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
