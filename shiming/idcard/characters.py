"""Characters that look like others, as tables for `str.translate`."""

BLANK = "\u3000"  # no counterpart


def _table(first: int, counterparts: str) -> dict[int, str]:
    """Code points from `first` on, each with its counterpart."""
    return {first + place: other for place, other in enumerate(counterparts) if other != BLANK}


# CJK Radicals Supplement, U+2E80 to U+2EF3, and the characters that Unicode calls equivalent. Those of the Kangxi
# radicals (U+2F00 to U+2FD5) are in NFKC.
RADICALS = _table(
    0x2E80,
    "　厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑𫜹忄心扌攵　旡日月歺母民氵氺灬爫爫丬牛"
    "犭王𤴔目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑"
    "钅長镸长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
)

# GBK has 80 characters at FE50 to FEA0 that Unicode did not have at first. Fonts, input methods and cards stored them
# under U+E815 to U+E864; GB 18030 lists what has been assigned since (U+4DAE was U+E863).
ASSIGNED_SINCE = _table(
    0xE815,
    "厂𠂇𠂉𠃌乙㑳㑇刀㔾龴㖞㘚㘎小心㥮㤘龵㧏㧟㩳㧐龶龷㭎㱮㳠牛𡗗龸𤴔䁖䅟𥫗䌷㓁羊𦍌𢦏䎱"
    "䎬聿䏝䓖䙡䙌龹䜣䜩䝼䞍𧾷䥇䥺䥽䦂䦃䦅䦆䦟䦛䦷䦶龺𤇾䲣䲟䲠䲡䱷䲢䴓䴔䴕䴖䴗䴘䴙䶮龻",
)
