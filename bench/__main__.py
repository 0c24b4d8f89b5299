"""python -m bench [--people N] [--quick] [--remove]: figures, each beside a reference of the same run."""

import argparse
import os
import platform
import sys

from bench import place


def main() -> int:
    if sys.argv[1:2] == ["faces"]:  # needs no city
        from bench import faces

        return faces.main(sys.argv[2:])
    wanted = _arguments()
    if wanted.remove:
        place.remove()
        return 0
    people = wanted.people or (20_000 if wanted.quick else 1_000_000)
    say = print
    say(
        f"{os.cpu_count()} 个处理器，{platform.machine()}，Python {platform.python_version()}，负载 {os.getloadavg()[0]:.1f}"
    )
    with place.city(people):
        import django

        django.setup()
        kept = _measure(wanted, say)
    say("全部达到要求" if kept else "有一项没有达到要求，见上")
    return 0 if kept else 1


def _measure(wanted, say) -> bool:
    from bench import audit, gate, month, oversight, pages, reading, roster, sheets
    from bench.serving import server
    from shiming.people.models import Person

    times, kept = 30 if wanted.quick else 100, []
    say(f"{Person.objects.count():,} 人")
    with server() as port:
        for name, title, measure in (
            ("reading", "查询与页面（经 HTTP，已登录，一个客户端）", lambda: reading.measure(port, times, say)),
            ("pages", "每个菜单的每一页", lambda: pages.measure(port, say)),
            ("roster", "用工查询，全部条件", lambda: roster.measure(port, times, say)),
            ("oversight", "监督端，此刻与从前", lambda: oversight.measure(port, times, say)),
            ("gate", "门口扫码（经 HTTP，已登录，落盘）", lambda: gate.measure(port, wanted.quick, say)),
            ("audit", "实施单位审核", lambda: audit.measure(port, times, wanted.quick, say)),
            ("month", "月考勤表", lambda: month.measure(port, max(5, times // 5), say)),
            ("sheets", "Excel 导入与导出", lambda: sheets.measure(wanted.quick, say)),
        ):
            if not wanted.parts or name in wanted.parts:
                say(f"\n{title}，负载 {os.getloadavg()[0]:.1f}")
                kept.append(measure())
    return all(kept)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parts = ["reading", "pages", "roster", "oversight", "gate", "audit", "month", "sheets"]
    parser.add_argument("parts", nargs="*", choices=[*parts, []], help="only these")
    parser.add_argument("--people", type=int, help="how many people the city has (1000000; 20000 with --quick)")
    parser.add_argument("--quick", action="store_true", help="a small city and few requests: does it all still run?")
    parser.add_argument("--remove", action="store_true", help="forget the kept databases")
    return parser.parse_args()


if __name__ == "__main__":
    sys.path.insert(0, os.getcwd())
    sys.exit(main())
