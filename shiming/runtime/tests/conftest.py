"""Clusters in folders of their own. As root, each test runs twice: as root and as an ordinary account."""

import os
import pickle
import pwd
import shutil
import tempfile
import traceback
from pathlib import Path

import pytest

from shiming.runtime.directories import forget, programs_for, remembered
from shiming.runtime.postgres import find_programs
from shiming.runtime.system import processes_in, wait_until

ROOT = os.geteuid() == 0


class Someone:
    """Runs a function in its own process, as this account, and returns its result."""

    def __init__(self, user: pwd.struct_passwd | None):
        self.user = user

    def tells(self, story, *words):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            self._tell(story, words, writing)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            reply = pipe.read()
        os.waitpid(child, 0)
        outcome, value = pickle.loads(reply)
        if outcome == "failed":
            pytest.fail(value, pytrace=False)
        return value

    def _tell(self, story, words, writing) -> None:
        try:
            if self.user:
                programs = programs_for(find_programs(), self.user)
                os.environ["SHIMING_PG_BIN"] = str(programs / "bin")
                os.setgroups([])
                os.setgid(self.user.pw_gid)
                os.setuid(self.user.pw_uid)
            reply = ("reply", story(*words))
        except BaseException:
            reply = ("failed", traceback.format_exc())
        os.write(writing, pickle.dumps(reply))
        os._exit(0)


@pytest.fixture(params=["as we are", "as an ordinary user"] if ROOT else ["as we are"])
def someone(request):
    return Someone(pwd.getpwnam("nobody") if request.param == "as an ordinary user" else None)


@pytest.fixture
def home(request):
    """A data folder that the account of the test owns and PostgreSQL's account can reach."""
    folder = Path(tempfile.mkdtemp(prefix="shiming-supervisor-"))
    folder.chmod(0o711)
    someone = request.getfixturevalue("someone") if "someone" in request.fixturenames else None
    if someone and someone.user:
        os.chown(folder, someone.user.pw_uid, someone.user.pw_gid)
    yield folder
    # After a kill, processes of the dead server may write a moment longer into the folder that is to be removed.
    if base := remembered(folder):
        wait_until(lambda: not processes_in(base / "data"), 10)
    forget(folder)
    shutil.rmtree(folder, ignore_errors=True)
