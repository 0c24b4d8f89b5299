"""The command `shiming`: run, demo, manage, backup, restore and the card reader tools."""

import argparse
import json
import os
import signal
import sys
import time
from pathlib import Path

from shiming import __version__
from shiming.runtime.backup import read_backup, write_backup
from shiming.runtime.damage import kind_of
from shiming.runtime.errors import Refused
from shiming.runtime.installation import Installation, connected, data_folder, outside_addresses
from shiming.runtime.master_key import key_path, require_key_of
from shiming.runtime.postgres import find_programs
from shiming.runtime.restore_drill import drill, newest_backup
from shiming.runtime.service_account import servant
from shiming.runtime.versions import MadeBeforeRelease, require_released

# These create or change tables, so they run as the owner; everything else runs as a role that owns nothing.
OWNER_COMMANDS = {"migrate", "makemigrations", "sqlmigrate", "sqlflush", "flush", "dbshell", "inspectdb"}
UNFINISHED_CITY = "city-unfinished"  # the next start builds the city again, from an empty folder
ACCOUNTS_SHOWN = 12
NOT_PRINTED = {"key", "start", "user_id", "hat"}  # used by the demo page for login by click


def main(words: list[str] | None = None) -> int:
    words = sys.argv[1:] if words is None else words
    signal.signal(signal.SIGTERM, _stopped)
    try:
        if words[:1] == ["manage"]:
            return manage(words[1:])
        options = _parser().parse_args(words)
        return options.do(options)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"The operating system refused: {error}\n系统拒绝了该操作，请检查磁盘空间与文件夹权限。", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped / 已停止", file=sys.stderr)
        return 130


def run(options) -> int:
    """Serve a real installation."""
    started = time.monotonic()
    installation = Installation("production")
    with installation.alone():
        installation.claim()
        installation.check_port()
        print(f"Shiming {__version__}, data in {installation.home} / 正在启动…", flush=True)
        installation.settle()
        with installation.database() as (cluster, addresses):
            installation.bring_up_to_date(addresses)
            installation.manage(addresses.app, "first_admin_link")  # also refuses an unsafe installation
            installation.serve(cluster, addresses, when_ready=lambda: _ready(installation, started))
    return 0


def demo(options) -> int:
    """Serve an invented city from a folder of its own."""
    started = time.monotonic()
    installation = Installation("demo")
    with installation.alone():
        installation.claim(to_empty=options.reset)
        installation.check_port()
        if options.reset or (installation.home / UNFINISHED_CITY).exists():
            installation.empty()
        print(f"Shiming {__version__}, demonstration in {installation.home} / 正在启动演示…", flush=True)
        installation.settle()
        try:
            _serve_city(installation, options.people, started)
        except MadeBeforeRelease:
            _require_consent_to_rebuild(installation)
            installation.empty()
            _serve_city(installation, options.people, started)
    return 0


def _serve_city(installation: Installation, people: int | None, started: float) -> None:
    built, unfinished = installation.home / "city-built", installation.home / UNFINISHED_CITY
    with installation.database() as (cluster, addresses):
        installation.bring_up_to_date(addresses)
        if not built.exists() and not installation.holds_people(addresses):
            unfinished.touch()
            installation.manage(addresses.app, "build_city", "--people", str(people or 2000))
            built.touch()
            unfinished.unlink()
        elif people:
            print("The city exists; --people counts together with --reset. / 演示城市已存在，更改人数请加 --reset。")
        installation.serve(cluster, addresses, when_ready=lambda: _demo_ready(installation, started))


def _require_consent_to_rebuild(installation: Installation) -> None:
    """Ask at the terminal before rebuilding a city of an earlier version, which holds no real data."""
    print(
        "This invented city was made by a version before the first release. Build it again? [y/N]\n"
        "此演示城市由正式发布以前的版本建立。是否重新建立？[y/N]",
        flush=True,
    )
    if not (sys.stdin.isatty() and input().strip().lower() in ("y", "yes", "是")):
        raise Refused(
            f"Nothing was changed in {installation.home}. To build the city again: shiming demo --reset",
            "数据没有改动。重新建立演示城市：shiming demo --reset",
        )


def manage(words: list[str]) -> int:
    """Django's own commands. Worker and other children have DATABASE_URL set and start no database."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "shiming.config.settings"
    as_owner = words[:1] and words[0] in OWNER_COMMANDS
    if (outside := outside_addresses()) and not servant(data_folder()):
        os.environ["DATABASE_URL"] = outside.owner if as_owner else outside.app
        if as_owner:
            require_released(outside.owner)
        if not (key := key_path(data_folder())).exists():  # created for an empty database only
            with connected(outside.owner) as database:
                require_key_of(database, key, may_create=True)
        return _django(words)
    installation = _existing()
    with installation.database() as (_, addresses):
        require_released(addresses.owner)
        address = addresses.owner if as_owner else addresses.app
        os.environ["PATH"] = f"{find_programs() / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"  # psql, for dbshell
        if servant(installation.home):
            return installation.run_command(address, *words)
        os.environ.update(installation.environment(address))
        return _django(words)


def backup(options) -> int:
    installation = _existing()
    target = write_backup(installation, options.file)
    print(f"Backup written: {target} ({target.stat().st_size / 1e6:.1f} MB) / 备份完成")
    print(
        f"It opens with {key_path(installation.home)} alone, which is not in it:\n"
        "keep a copy of that file in another place. / 备份已用主密钥加密，且不含主密钥，请另行妥善保管上述文件。"
    )
    return 0


def restore(options) -> int:
    installation = read_backup(options.file)
    print(
        f"Restored into {installation.home}; every table holds as many rows as were saved. / 已恢复，各表行数与备份时一致"
    )
    return 0


def restore_drill(options) -> int:
    living = _existing()
    source = options.file or newest_backup(living.home)
    drill(living, source)
    print(f"{source} comes back whole: rows, encrypted values, files, trail. / 恢复演练通过")
    return 0


def reader_simulator(options) -> int:
    """A simulated card reader with a stack of invented cards."""
    from datetime import date

    from shiming.demo.reader_cards import stack
    from shiming.devices.simulator.command import serve

    return serve(stack(options.cards, on=date.today(), expired=options.expired), options)


def reader_bridge(options) -> int:
    """Runs on the clerk's PC: serves a serial reader to browsers that cannot open serial ports."""
    from shiming.devices.bridges.command import serve

    return serve(options.device, port=options.port, origins=options.origin, decoder=options.decoder)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="shiming", description="实名: real-name management of workers on building sites"
    )
    parser.add_argument("--version", action="version", version=f"shiming {__version__}")
    commands = parser.add_subparsers(metavar="command", required=True)

    commands.add_parser("run", help="serve a real installation / 正式运行").set_defaults(do=run)

    show = commands.add_parser("demo", help="an invented city to try everything in / 演示")
    show.add_argument("--people", type=_people, metavar="N", help="how many people the city has (2000)")
    show.add_argument("--reset", action="store_true", help="start over with a fresh city / 重新开始")
    show.set_defaults(do=demo)

    commands.add_parser("manage", help="Django's management commands / 管理命令", add_help=False)
    for name, command, help_text in (
        ("verify-trail", "verify_trail", "check that the trail was not altered / 校验操作痕迹"),
        ("identity-batch", "identity_batch", "ask the identity authority about all who wait / 批量身份核验"),
    ):
        added = commands.add_parser(name, help=help_text)
        added.set_defaults(do=lambda _, command=command: manage([command]))

    export = commands.add_parser("export-trail", help="the sealed trail as a signed file / 导出痕迹供外部核对")
    export.add_argument("file", type=Path)
    export.set_defaults(do=lambda options: manage(["export_trail", str(options.file.resolve())]))

    save = commands.add_parser("backup", help="one file with everything but the keys / 备份")
    save.add_argument("file", type=Path, nargs="?")
    save.set_defaults(do=backup)

    practise = commands.add_parser("restore-drill", help="whether a backup comes back whole / 恢复演练")
    practise.add_argument("file", type=Path, nargs="?", help="the newest of our own if none is named")
    practise.set_defaults(do=restore_drill)

    load = commands.add_parser("restore", help="a backup into an empty data folder / 恢复")
    load.add_argument("file", type=Path)
    load.set_defaults(do=restore)
    _reader_commands(commands)
    return parser


def _reader_commands(commands) -> None:
    mimic = commands.add_parser("reader-simulator", help="an ID-card reader with invented cards / 仿真身份证阅读器")
    mimic.add_argument("--card", type=int, metavar="N", help="put down the N-th card at once / 先放上第 N 张")
    mimic.add_argument("--cards", type=int, default=30, metavar="COUNT", help="resident cards in the stack (30)")
    mimic.add_argument("--expired", action="store_true", help="the first card is past its day / 第一张已过期")
    mimic.add_argument("--noise", action="store_true", help="stray bytes on the line / 线路上有杂音")
    mimic.add_argument("--cut", action="store_true", help="every other reading breaks off / 隔次读到一半断开")
    mimic.add_argument("--bridges", default="abcd", metavar="LETTERS", help="which local bridges (abcd) / 哪几种本机桥")
    mimic.add_argument("--port", type=int, help="one port instead of the usual ones, 0 for a free one / 端口")
    mimic.add_argument("--no-serial", dest="serial", action="store_false", help="bridges alone / 不要串口")
    mimic.set_defaults(do=reader_simulator)

    bridge = commands.add_parser("reader-bridge", help="a serial ID-card reader for web pages / 串口阅读器转本机桥")
    bridge.add_argument("device", help="the reader's device file, such as /dev/ttyUSB0 / 阅读器的设备文件")
    bridge.add_argument("--port", type=int, default=8989, help="where pages find it (8989) / 端口")
    bridge.add_argument("--origin", action="append", default=[], metavar="URL", help="a page that may ask / 允许的网址")
    bridge.add_argument("--decoder", default="", metavar="MODULE:FUNCTION", help="decodes portraits / 照片解码")
    bridge.set_defaults(do=reader_bridge)


def _people(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 5_000_000:
        raise argparse.ArgumentTypeError(f"a number of people from 1 to 5000000, not {text} / 人数应为 1 到 5000000")
    return int(text)


def _existing() -> Installation:
    """The installation in the data folder, of either kind; Refused if there is none or a part of it is missing."""
    home = data_folder()
    kind = kind_of(home)
    if kind is None and not outside_addresses():
        raise Refused(
            f"There is no installation in {home}. Nothing was made. Name its folder with SHIMING_HOME, mount its "
            "volume, or begin a new one with `shiming run`.",
            f"{home} 中没有安装，没有新建任何内容。请用 SHIMING_HOME 指明数据文件夹，或挂载其所在的卷；新建请用 shiming run。",
        )
    installation = Installation(kind or "production")
    installation.require_sound()
    return installation


def _django(words: list[str]) -> int:
    from django.core.management import execute_from_command_line

    execute_from_command_line(["shiming manage", *words])
    return 0


def _ready(installation: Installation, started: float) -> None:
    print(f"\nReady after {time.monotonic() - started:.0f} s: {installation.url}", flush=True)
    print("Ctrl-C stops. / 系统已就绪，按 Ctrl-C 停止。", flush=True)


def _demo_ready(installation: Installation, started: float) -> None:
    accounts = installation.home / "demo-accounts.json"
    try:
        listed = [dict(account) for account in json.loads(accounts.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        print(f"{accounts} cannot be read; `shiming demo --reset` writes it again. / 演示账号清单无法读取。")
        listed = []
    print("\nAccounts / 演示账号:")
    for account in listed[:ACCOUNTS_SHOWN]:
        shown = {name: value for name, value in account.items() if value and name not in NOT_PRINTED}
        print("  " + "  ".join(f"{name}={value}" for name, value in shown.items()))
    if len(listed) > ACCOUNTS_SHOWN:
        print(f"  … {len(listed) - ACCOUNTS_SHOWN} more in / 更多见 {accounts}")
    _ready(installation, started)


def _stopped(*_) -> None:
    raise KeyboardInterrupt
