"""Every page of every menu among a million people, for each role that has it: the slowest first."""

from bench.asking import Measured, cookie_of, get, send
from bench.people import actor
from shiming.demo.city.accounts import known

LIMIT = 1_000  # milliseconds, p95; sites of this city are ten times as large as real ones
TIMES = 5
SHOWN = 15


def measure(port: int, say) -> bool:
    found = sorted(_asked(port), key=lambda one: -one[0].at(0.95))
    say(f"{len(found)} 个页面，每页 {TIMES} 次；最慢的：")
    for measured, who, url in found[:SHOWN]:
        slow = "" if measured.at(0.95) <= LIMIT else f"  超过 {LIMIT} 毫秒"
        say(
            f"{who.role.label + ' ' + url:<48}p50 {measured.at(0.5):7.1f}  p95 {measured.at(0.95):7.1f} 毫秒"
            f"{slow}{measured.strange}"
        )
    return all(measured.at(0.95) <= LIMIT and not measured.strange for measured, _, _ in found)


def _asked(port: int) -> list[tuple[Measured, object, str]]:
    from shiming.web import menu

    found = []
    for account in known():
        who = actor(account.key)
        cookie = cookie_of(who)
        for url in [item.url for group in menu.groups_for(who, "/") for item in group.items]:
            send(port, 1, [get(url, cookie)])
            found.append((send(port, 1, [get(url, cookie)] * TIMES), who, url))
    return found
