"""`shiming reader-simulator`: all bridges and the terminal, with a prompt to put cards down."""

import sys
import threading
from contextlib import ExitStack

from shiming.devices.bridges.server import PORTS, Bridge
from shiming.devices.simulator.sam import Sam
from shiming.devices.simulator.stack import Specimen, Stack
from shiming.devices.simulator.terminal import Terminal

HELP = "next 下一张 · 数字 放第几张 · off 拿开 · list 看看有哪些 · quit 退出"


def everyone(origin: str) -> bool:
    """Admit every page, because the cards are invented."""
    return True


def serve(specimens: list[Specimen], options, lines=sys.stdin) -> int:
    """Serve until `quit`, or until interrupted after the end of input."""
    stack = Stack(specimens)
    with ExitStack() as running:
        if options.serial:
            terminal = Terminal(Sam(stack, noise=options.noise, cut=options.cut)).start()
            running.callback(terminal.stop)
            print(f"SAM_A: {terminal.path}", flush=True)
        for letter in options.bridges:
            bridge = Bridge(letter, stack, _port(options, letter), everyone).start()
            running.callback(bridge.stop)
            print(f"Bridge {letter.upper()}: 127.0.0.1:{bridge.port}", flush=True)
        if options.card:
            _tell(stack, stack.put(options.card - 1))
        print(HELP, flush=True)
        return _converse(stack, lines)


def _port(options, letter: str) -> int:
    return PORTS[letter] if options.port is None else options.port


def _converse(stack: Stack, lines) -> int:
    for line in lines:
        match line.strip().lower():
            case "quit" | "q":
                return 0
            case "" | "next" | "n":
                _tell(stack, stack.next())
            case "off":
                stack.take_away()
                print("拿开了", flush=True)
            case "list":
                for place, specimen in enumerate(stack.specimens, 1):
                    print(f"{place}. {_label(specimen)}", flush=True)
            case number if number.isdigit() and int(number):
                _tell(stack, stack.put(int(number) - 1))
            case _:
                print(HELP, flush=True)
    threading.Event().wait()  # without input the simulator runs until it is interrupted
    return 0


def _tell(stack: Stack, specimen: Specimen) -> None:
    print(f"放上第 {stack.at + 1} 张：{_label(specimen)}", flush=True)


def _label(specimen: Specimen) -> str:
    card = specimen.card
    return f"{card.name or card.english_name} {card.number} {card.kind.label} 至 {card.valid_to}"
