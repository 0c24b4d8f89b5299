"""python -m tests.screens [words…] [--only phone|desk]: photographs of every page of every role, in screens/.

Words filter: `python -m tests.screens attendance people --only phone`. Fails when a page that a role can reach answers
400 or more, breaks a script, or fails a check of look_over.js: no horizontal scrolling on a phone, no target under 44
pixels there, no cut text, no button without Chinese, no internal identifiers. `--pictures --people 2000` draws the
pictures of the README instead.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from shiming.runtime.test_cluster import throwaway, variables


def main() -> int:
    wanted, started = _arguments(), time.monotonic()
    with throwaway() as (home, addresses):
        os.environ.update(variables(home, addresses) | {"DJANGO_SETTINGS_MODULE": "shiming.config.settings"})
        import django

        django.setup()
        _city(wanted.people)
        if wanted.pictures:
            return _pictures()
        walks = [_walk(visitor, wanted.words) for visitor in _visitors(wanted.roles)]
        shots = _shots(walks, wanted)
        from tests.screens import papers

        printed = [] if wanted.words else papers.draw(wanted.out)
    from tests.screens.album import bind

    index = bind(wanted.out, shots, walks)
    papers.add_to(index, printed)
    faults = [fault for walk in walks for fault in walk.faults]
    faults += [f"{shot.page.visitor.label} {shot.page.url}: {fault}" for shot in shots for fault in shot.faults]
    print("\n".join(faults))
    print(f"{len(shots)} 个页面，{len(faults)} 个问题，{time.monotonic() - started:.0f} 秒：{index}")
    return 1 if faults else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.screens", description=__doc__.splitlines()[0])
    parser.add_argument("words", nargs="*", help="parts of addresses or route names")
    parser.add_argument("--only", choices=["phone", "desk"], help="one size instead of both")
    parser.add_argument("--roles", nargs="*", default=[], help="parts of story keys: gc-pm, worker, admin …")
    parser.add_argument("--people", type=int, default=420, help="how large the city is (420)")
    parser.add_argument("--out", type=Path, default=Path("screens"))
    parser.add_argument("--pictures", action="store_true", help="only the pictures of the README, into docs/pictures")
    return parser.parse_args()


def _city(people: int) -> None:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("build_city", people=people)


def _visitors(roles: list[str]):
    from django.test import Client

    from shiming.accounts.hats import offers
    from shiming.accounts.models import User
    from shiming.core.actor import Door
    from shiming.demo.city.accounts import known
    from shiming.faces.rules import places_managed
    from shiming.projects.flows import policies_for
    from tests.doors import client_of
    from tests.screens.crawl import Visitor

    visitors = [Visitor("nobody", "入口", "未登录", Client())]
    met = set()
    for account in known():
        user = User.objects.get(pk=account.user_id)
        actor = next(hat.actor for hat in offers(user) if str(hat.source) == account.hat)
        label = f"{account.door} {account.role} · {account.story}"
        start = _starts(account.start, Door(actor.door))
        # Another flow gives a role other pages; so does a position on a site, which lets a person register faces.
        shown = (actor.role, policies_for(actor), bool(places_managed(actor)))
        walks = shown not in met
        met.add(shown)
        visitors.append(Visitor(account.key, account.door, label, client_of(actor), actor.role, start, walks=walks))
    return [visitor for visitor in visitors if not roles or any(word in visitor.key for word in roles)]


def _starts(start: str, door) -> tuple[str, ...]:
    from django.urls import NoReverseMatch, reverse

    found = []
    for name in (f"home-{door}", start):
        try:
            found.append(reverse(name))
        except NoReverseMatch:
            continue
    return tuple(dict.fromkeys(found)) or ("/home/",)


def _pictures() -> int:
    """The pages of a demonstration, with the line that all people are invented."""
    from tests.screens import pictures
    from tests.server import serving

    collect = [sys.executable, "-m", "django", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(collect, env=os.environ | {"SHIMING_MODE": "demo"}, check=True)
    with serving(os.environ["DATABASE_URL"], SHIMING_MODE="demo") as url:
        pictures.draw(_visitors([]), url, Path("docs/pictures"))
    return 0


def _walk(visitor, words: list[str]):
    from tests.screens.crawl import walk

    found = walk(visitor, lambda route, url: not words or any(word in route or word in url for word in words))
    print(f"  {visitor.label}：{len(found.pages)} 个页面，{len(found.faults)} 个问题", flush=True)
    return found


def _shots(walks, wanted):
    from tests.screens.shoot import shoot
    from tests.server import serving

    shutil.rmtree(wanted.out, ignore_errors=True)
    wanted.out.mkdir(parents=True)
    pages = [page for walk in walks for page in walk.pages.values()]
    kinds = [wanted.only] if wanted.only else ["desk", "phone"]
    with serving(os.environ["DATABASE_URL"], workers=2) as url:
        return shoot(pages, url, wanted.out, kinds)


if __name__ == "__main__":
    sys.exit(main())
