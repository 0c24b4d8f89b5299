"""Runs the web processes and the worker, and restarts any that die, the database included."""

import json
import os
import pwd
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from shiming.runtime.errors import Refused
from shiming.runtime.log import bound, turn_over
from shiming.runtime.postgres import Cluster
from shiming.runtime.space import SpaceWatch
from shiming.runtime.system import child_setup, say, signal_quietly, started_at, wait_until, write_whole

LOOK_EVERY = 0.3
LONGEST_PAUSE = 10  # most seconds between two attempts to start a process that keeps dying
HEALTHY_AFTER = 15  # seconds of life after which an earlier death no longer counts
STOP_SECONDS = 8
PAGES_FIRST = 20  # seconds in which only the pages start, unless they answer earlier
# Per process: more threads mostly wait for each other; with 32 clients, eight let a quarter fewer workers in.
THREADS = 4
MOST_THREADS = 96  # each holds a connection; the database allows 120


class Child:
    """One child process in its own process group, so that its own children end with it."""

    def __init__(
        self,
        name: str,
        command: list[str],
        env: dict[str, str],
        user: pwd.struct_passwd | None,
        *,
        listens: bool = False,
    ):
        self.name, self.command, self.env = name, command, env
        self.user = user  # None means the current account
        self.listens = listens  # holds one connection for good, so it restarts with the database
        self.process: subprocess.Popen | None = None
        self._pause = 0.0
        self._born = self._again_at = 0.0

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    def start(self) -> None:
        self._born = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            env=self.env,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=child_setup(self.user, on_parent_death=signal.SIGTERM),
        )

    def look_after(self) -> bool:
        """Restart the process if it has ended; True if it was restarted now."""
        now = time.monotonic()
        if self.process is None:
            if now < self._again_at:
                return False
            self.start()
            return True
        if self.process.poll() is not None:
            self._bury(now)
        return False

    def ask_to_stop(self) -> None:
        if self.process:
            signal_quietly(self.process.pid, signal.SIGTERM)

    def stop(self, seconds: float) -> None:
        if self.process:
            wait_until(lambda: self.process.poll() is not None, seconds)
            self._kill_group()
            self.process.wait()
            self.process = None

    def _bury(self, now: float) -> None:
        say(f"{self.name} ended (code {self.process.returncode}); starting it again / 进程异常结束，正在重启")
        self._kill_group()
        self._pause = 0.0 if now - self._born > HEALTHY_AFTER else min(LONGEST_PAUSE, self._pause * 2 or 0.5)
        self._again_at = now + self._pause
        self.process = None

    def _kill_group(self) -> None:
        """granian's workers would hold the port after the death of their parent."""
        signal_quietly(self.process.pid, signal.SIGKILL, group=True)


class Watch:
    """Supervises all processes of one running installation until a stop signal."""

    def __init__(self, home: Path, cluster: Cluster | None, children: list[Child], url: str):
        self.home, self.cluster, self.children, self.url = home, cluster, children, url
        self._stop = threading.Event()
        self._space = SpaceWatch(home, *([cluster.places.base] if cluster else []))
        self._database_again_at = 0.0

    def serve(self, *, when_ready: Callable[[], None]) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self._stop.set())
        self.children[0].start()
        self._remember()
        try:
            self._watch(when_ready)
        finally:
            self._end()

    def _watch(self, when_ready: Callable[[], None]) -> None:
        ready, begun = False, time.monotonic()
        while not self._stop.wait(LOOK_EVERY):
            turn_over(self.home / "logs")
            if notice := self._space.notice():
                say(notice)
            if self.cluster:
                bound(self.cluster.places.base / "log")
            self._look_after_database()
            due = self.children if ready or time.monotonic() - begun > PAGES_FIRST else self.children[:1]
            restarted = [child for child in due if child.look_after()]
            if restarted:
                self._remember()
            if not ready and answers(self.url):
                ready = True
                with suppress(OSError):  # it prints
                    when_ready()

    def _look_after_database(self) -> None:
        if self.cluster is None or self.cluster.postmaster() or time.monotonic() < self._database_again_at:
            return
        say("the database ended; starting it again / 数据库异常结束，正在重启")
        try:
            self.cluster.start()
        except (Refused, OSError) as reason:  # such as a full disk
            say(str(reason), error=True)
            self._database_again_at = time.monotonic() + 10
            return
        for child in self.children:
            if child.listens:
                child.stop(0)

    def _end(self) -> None:
        deadline = time.monotonic() + STOP_SECONDS
        for child in self.children:
            child.ask_to_stop()
        for child in self.children:
            child.stop(max(0.1, deadline - time.monotonic()))
        _record(self.home).unlink(missing_ok=True)

    def _remember(self) -> None:
        """Save the process ids, so that the next start can end processes left by a kill -9."""
        left = [{"pid": child.pid, "started": started_at(child.pid)} for child in self.children if child.pid]
        try:
            write_whole(_record(self.home), json.dumps({"boot": _boot(), "processes": left}))
        except OSError as error:  # the processes run all the same
            say(
                f"{_record(self.home)} cannot be written ({error.strerror}). / {_record(self.home).name} 无法写入，请检查磁盘空间。"
            )


def end_left_over(home: Path) -> None:
    """End processes of an earlier supervisor that was killed with -9."""
    record = _record(home)
    try:
        left = json.loads(record.read_text(encoding="utf-8"))
        named = [(int(process["pid"]), str(process["started"])) for process in left["processes"]]
        same_boot = left["boot"] == _boot()
    except FileNotFoundError:
        return
    except (OSError, ValueError, TypeError, KeyError):
        say(
            f"{record} is damaged and is given up. If the port is taken, end the processes that `ps` shows with "
            f"{home}. / {record.name} 已损坏，不再使用；如端口被占用，请用 ps 查找并结束以前的进程。"
        )
        record.unlink()
        return
    for pid, started in named if same_boot else []:
        # Equal start time; or the leader is gone and its number still identifies its group.
        if pid > 1 and started_at(pid) in (started, ""):
            signal_quietly(pid, signal.SIGKILL, group=True)
    record.unlink()


def web(host: str, port: int, env: dict[str, str], user: pwd.struct_passwd | None) -> Child:
    workers = int(os.environ.get("SHIMING_WORKERS") or os.cpu_count() or 1)
    threads = int(os.environ.get("SHIMING_THREADS") or max(1, min(THREADS, MOST_THREADS // workers)))
    options = ["--interface", "wsgi", "--http", "1", "--no-ws", "--host", host, "--port", str(port)]
    options += ["--workers", str(workers), "--blocking-threads", str(threads), "--backlog", "1024"]
    options += ["--respawn-failed-workers", "--respawn-interval", "0.5", "--workers-kill-timeout", "5s"]
    options += ["--http1-header-read-timeout", "20000", "--log-level", "error"]
    return Child("web", [sys.executable, "-m", "granian", *options, "shiming.config.wsgi:application"], env, user)


def worker(env: dict[str, str], user: pwd.struct_passwd | None) -> Child:
    return Child("worker", [sys.executable, "-m", "shiming", "manage", "worker"], env, user, listens=True)


def answers(url: str) -> bool:
    host, _, port = url.removeprefix("http://").rpartition(":")
    connection = HTTPConnection(host.strip("[]"), int(port), timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status < 500  # a host name that is not allowed is answered 400
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _record(home: Path) -> Path:
    return home / "processes.json"


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""
