"""index.html: every page by door and role."""

from html import escape
from itertools import groupby
from pathlib import Path

from tests.screens.crawl import Walk
from tests.screens.shoot import Shot

STYLE = """
body { margin: 2rem; background: #f7f6f3; color: #1b262b; font: 15px/1.6 "Noto Sans CJK SC", sans-serif; }
h2 { margin-top: 3rem; } h3 { margin: 2rem 0 .6rem; } nav a { margin-right: 1rem; }
.pages { display: grid; grid-template-columns: repeat(auto-fill, minmax(430px, 1fr)); gap: 1.4rem; }
.page { padding: .8rem; border: 1px solid #e5e2db; border-radius: 8px; background: #fff; }
.page p { margin: 0 0 .5rem; overflow-wrap: anywhere; } .page small { color: #5f6a70; }
.two { display: flex; gap: .6rem; align-items: flex-start; }
.two img { display: block; max-height: 330px; border: 1px solid #e5e2db; object-fit: cover; object-position: top; }
.two a.desk img { width: 290px; } .two a.phone img { width: 105px; }
.fault { color: #ac1f17; } details { margin: .4rem 0; }
"""


def bind(folder: Path, shots: list[Shot], walks: list[Walk]) -> Path:
    body = [f"<h1>实名 · {len(shots)} 个页面</h1>", _contents(shots), _faults(shots, walks)]
    for door, of_door in groupby(shots, key=lambda shot: shot.page.visitor.door):
        body.append(f"<h2 id='{escape(door)}'>{escape(door)}</h2>")
        for label, of_role in groupby(of_door, key=lambda shot: shot.page.visitor.label):
            body.append(f"<h3>{escape(label)}</h3><div class='pages'>{''.join(map(_page, of_role))}</div>")
    body += [_unreached(walk) for walk in walks if walk.unreached]
    path = folder / "index.html"
    path.write_text(
        f"<!doctype html><html lang='zh-CN'><meta charset='utf-8'><title>实名 · 页面</title><style>{STYLE}</style>"
        f"<body>{''.join(body)}</body></html>",
        encoding="utf-8",
    )
    return path


def _contents(shots) -> str:
    doors = dict.fromkeys(shot.page.visitor.door for shot in shots)
    return f"<nav>{''.join(f'<a href=#{escape(door)}>{escape(door)}</a>' for door in doors)}</nav>"


def _page(shot: Shot) -> str:
    pictures = "".join(
        f"<a class='{kind}' href='{escape(name)}'><img loading='lazy' src='{escape(name)}' alt=''></a>"
        for kind, name in shot.files.items()
    )
    faults = "".join(f"<p class='fault'>{escape(fault)}</p>" for fault in shot.faults)
    title = escape(shot.page.title.partition(" · ")[0])
    where = escape(f"{shot.page.route} {shot.page.url}")
    head = f"<p><b>{title}</b><br><small>{where}</small></p>"
    return f"<div class='page'>{head}{faults}<div class='two'>{pictures}</div></div>"


def _faults(shots, walks) -> str:
    lines = [fault for walk in walks for fault in walk.faults]
    lines += [f"{shot.page.visitor.label} {shot.page.url}: {fault}" for shot in shots for fault in shot.faults]
    if not lines:
        return "<p>没有发现问题。</p>"
    rows = "".join(f"<li class=fault>{escape(line)}</li>" for line in lines)
    return f"<h2 class='fault'>{len(lines)} 个问题</h2><ul>{rows}</ul>"


def _unreached(walk: Walk) -> str:
    names = "、".join(map(escape, walk.unreached))
    return f"<details><summary>{escape(walk.visitor.label)}：{len(walk.unreached)} 个页面没有走到</summary>{names}</details>"
