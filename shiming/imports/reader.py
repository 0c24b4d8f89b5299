"""Read one uploaded table in its own process, with limits on memory and time (security.md 42).

A table is a workbook, an old .xls, a .csv in any encoding of Excel, or a web page that old systems export under the
name of a workbook.

    python -m shiming.imports.reader < file.xlsx
        → {"pages": [[name, [[[kind, text], …], …], refused, hidden], …]} or {"refused": sentence}

A cell is ["s", text], ["n", number as text], ["d", date], ["f", formula] without a result, ["e", #N/A], or [] when
empty. Django is not imported here.
"""

import json
import subprocess
import sys
import zipfile
from io import BytesIO

from shiming.core import sandbox
from shiming.imports.formats import BadFile, Page, is_workbook, parse, parse_text

MEMORY = 1_500_000_000  # bytes
CPU_SECONDS = 60
WALL_SECONDS = 90

LARGEST_FILE = 10_000_000  # bytes
PARTS_PER_WORKBOOK = 2_000
LARGEST_INFLATED = 500_000_000  # bytes of all parts
HIGHEST_RATIO = 200  # inflated to compressed size of one part
RATIO_COUNTS_FROM = 2_000_000  # bytes: a small part may inflate by any ratio
ODD_PARTS = {
    "vbaproject.bin": "文件带有宏，请另存为不带宏的 .xlsx",
    "externallinks/": "文件链接到别的工作簿，请断开链接后再导入",
    "embeddings/": "文件里嵌入了别的文件，请删除后再导入",
    "activex/": "文件里嵌入了控件，请删除后再导入",
}


def read(content: bytes) -> list[Page]:
    """The non-empty sheets, read in a child process; raises BadFile when the file is refused."""
    if len(content) > LARGEST_FILE:
        raise BadFile(f"文件超过 {LARGEST_FILE // 1_000_000} MB，请分成几个文件导入")
    try:
        run = sandbox.run(__name__, content, seconds=WALL_SECONDS)
        answer = json.loads(run.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        raise BadFile("文件读不出来或太大，请用模板重新保存为 .xlsx 后再试") from None
    if "refused" in answer:
        raise BadFile(answer["refused"])
    return [Page(*page) for page in answer["pages"]]


def inspect(content: bytes) -> None:
    """Refuse, before parsing, a file that is no plain workbook or would inflate beyond the limits."""
    try:
        archive = zipfile.ZipFile(BytesIO(content))
    except zipfile.BadZipFile:
        raise BadFile("这不是 Excel 工作簿（.xlsx），请下载模板填写") from None
    parts = archive.infolist()
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        raise BadFile("这不是 Excel 工作簿（.xlsx），请下载模板填写")
    if len(parts) > PARTS_PER_WORKBOOK:
        raise BadFile("文件内部结构异常，已拒绝")
    for part in parts:
        _inspect_name(part)
    _inspect_size(archive, parts, len(content))


def _inspect_name(part) -> None:
    name = part.filename.lower()
    if name.startswith(("/", "\\")) or ".." in name.split("/") or "\\" in name or ":" in name:
        raise BadFile("文件内部结构异常，已拒绝")
    if part.flag_bits & 0x1:
        raise BadFile("文件加了密码，请去掉密码后再导入")
    for odd, sentence in ODD_PARTS.items():
        if odd in name:
            raise BadFile(sentence)


def _inspect_size(archive, parts, packed) -> None:
    """Inflate and count every part: the sizes in the directory of the archive may be forged."""
    if sum(part.file_size for part in parts) > LARGEST_INFLATED:
        raise BadFile("文件展开后过大，已拒绝")
    total = 0
    for part in parts:
        inflated = 0
        try:
            with archive.open(part) as stream:
                while piece := stream.read(1 << 20):
                    inflated += len(piece)
                    if total + inflated > LARGEST_INFLATED or _inflates(inflated, part.compress_size):
                        raise BadFile("文件展开后过大，已拒绝")
        except (zipfile.BadZipFile, OSError, EOFError, ValueError):
            raise BadFile("文件已损坏，请重新保存后再导入") from None
        total += inflated


def _inflates(inflated, packed) -> bool:
    return inflated > RATIO_COUNTS_FROM and inflated > HIGHEST_RATIO * max(packed, 1)


def understand(content: bytes) -> list[Page]:
    """The sheets of a file of any supported format."""
    if not content.strip():
        raise BadFile("文件是空的，这不是 Excel 工作簿（.xlsx），请下载模板填写")
    if content[:2] == b"PK":
        inspect(content)
    return parse(content) if is_workbook(content) else parse_text(content)


def main() -> None:
    sandbox.bound(memory=MEMORY, cpu_seconds=CPU_SECONDS)
    try:
        answer = {"pages": understand(sys.stdin.buffer.read())}
    except BadFile as refused:
        answer = {"refused": str(refused)}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode())


if __name__ == "__main__":
    main()
