#!/usr/bin/env python3
"""Checks an export of the trail without the product: Python's standard library and `cryptography` are enough.

    python verify_trail_export.py EXPORT.zip --key PUBLIC_KEY [--anchors FILE …]

PUBLIC_KEY is what `shiming export-trail` printed, received by another way than the export. `--anchors` names copies of
the anchors that were kept elsewhere. Every finding is printed; the exit code is 1 if there is one.

Each batch of records is closed by SHA-256(digest before | columns of the batch | SHA-256 of each record). Signed
anchors name the last digest of each chain at their time, and the line before by its SHA-256.
"""

import argparse
import hashlib
import json
import sys
import zipfile
from base64 import b64decode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MANIFEST, SEALS, START = "manifest.json", "seals.jsonl", b"\0" * 32
COLUMNS = ("chain", "number", "first_id", "last_id", "count", "key_number", "at")


class Export:
    def __init__(self, archive: zipfile.ZipFile, given_key: str):
        self.archive, self.findings = archive, []
        self.names = set(archive.namelist())
        self.manifest = parsed(self.text_of(MANIFEST)) or {}
        self.key = given_key or str(self.manifest.get("public_key", ""))

    def text_of(self, name: str) -> str:
        try:
            return self.archive.read(name).decode(errors="replace")
        except (KeyError, zipfile.BadZipFile, OSError, ValueError) as error:
            self.findings.append(f"{name}：缺失或读不出（{error}）")
            return ""

    def check(self, kept_elsewhere: list[str]) -> None:
        self.check_manifest()
        batches = {}
        for number, text in enumerate(self.text_of(SEALS).splitlines(), start=1):
            batch = parsed(text)
            if isinstance(batch, dict) and {*COLUMNS, "head", "digest"} <= batch.keys():
                batches.setdefault(batch["chain"], []).append(batch)
            else:
                self.findings.append(f"{SEALS} 第 {number} 行：读不出")
        for chain in sorted(batches.keys() | {name.removesuffix(".jsonl") for name in self.chains()}):
            self.check_chain(chain, batches.get(chain, []))
        places = {name: self.text_of(name) for name in sorted(self.names) if name.startswith("anchors-")}
        for path in kept_elsewhere:
            with open(path, encoding="utf-8", errors="replace") as file:
                places[path] = file.read()
        for name, text in places.items():
            self.check_anchors(name, text, batches)

    def chains(self) -> list[str]:
        return [name for name in self.names if name not in (SEALS, MANIFEST) and not name.startswith("anchors-")]

    def check_manifest(self) -> None:
        if self.manifest.get("public_key") != self.key:
            self.findings.append("清单中的公钥与给出的公钥不同")
        if not is_signed(self.manifest, self.key):
            self.findings.append("清单的签名不符")
        files = self.manifest.get("files")
        files = files if isinstance(files, dict) else {}
        for name in sorted(files.keys() | self.names - {MANIFEST}):
            if name not in files:
                self.findings.append(f"{name}：不在清单中")
            elif name in self.names and self.sum_of(name) != files[name]:
                self.findings.append(f"{name}：内容与清单的摘要不符")
            elif name not in self.names:
                self.findings.append(f"{name}：清单中有，文件中没有")

    def sum_of(self, name: str) -> str:
        try:
            return hashlib.sha256(self.archive.read(name)).hexdigest()
        except (zipfile.BadZipFile, OSError, ValueError):
            return ""

    def check_chain(self, chain: str, batches: list[dict]) -> None:
        records = self.records_of(chain)
        digest, number, last, old = START, 0, 0, 0
        for batch in batches:
            where = f"{chain} 第 {batch['number']} 批"
            if batch["number"] != number + 1 or batch["first_id"] != last + 1:
                self.findings.append(f"{where}：封存批次不连续")
            inside = [key for key in records if batch["first_id"] <= key <= batch["last_id"]]
            texts = [records.pop(key) for key in sorted(inside)]
            if not batch["digest"]:
                old += 1
                digest = bytes.fromhex(batch["head"])
            else:
                if digest_of(batch, digest, texts) != batch["digest"]:
                    self.findings.append(
                        f"{where}：与封存不符（编号 {batch['first_id']}–{batch['last_id']}，"
                        f"应有 {batch['count']} 条，现有 {len(texts)} 条）"
                    )
                digest = bytes.fromhex(batch["digest"])
            number, last = batch["number"], batch["last_id"]
        if records:
            self.findings.append(f"{chain}：不属于任何批次的记录 {'、'.join(map(str, sorted(records)[:20]))}")
        if old:
            print(f"{chain}：最早 {old} 批没有可公开核对的摘要，只能由系统自己核对")

    def records_of(self, chain: str) -> dict[int, str]:
        records = {}
        for place, line in enumerate(self.text_of(f"{chain}.jsonl").split("\n")[:-1], start=1):
            number, _, text = line.partition("\t")
            if not number.lstrip("-").isdigit() or int(number) in records:
                self.findings.append(f"{chain}.jsonl 第 {place} 行：编号读不出或重复")
            else:
                records[int(number)] = text
        return records

    def check_anchors(self, name: str, text: str, batches: dict[str, list[dict]]) -> None:
        ends = {chain: {batch["number"]: batch for batch in some} for chain, some in batches.items()}
        before, signed = None, 0
        for place, line_text in enumerate(text.splitlines(), start=1):
            line = parsed(line_text)
            if isinstance(line, dict) and "signature" not in line and not signed:
                continue  # of a release that signed none
            if not isinstance(line, dict) or not is_signed(line, self.key):
                self.findings.append(f"{name} 第 {place} 行：锚点读不出或签名不符")
                continue
            expected = (before["number"] + 1, named(before)) if before else (1, "")
            if (line["number"], line["before"]) != expected:
                self.findings.append(f"{name} 第 {place} 行：锚点不连续")
            before, signed = line, signed + 1
            for chain, end in line["chains"].items():
                batch = ends.get(chain, {}).get(end["seal"]) if end else {}
                if batch is None:
                    self.findings.append(
                        f"{name} 第 {place} 行：{chain} 尾部被截断，{line['at']} 时已有第 {end['seal']} 批"
                    )
                elif end and (end["last"], end["head"], end["digest"]) != tuple(
                    batch[key] for key in ("last_id", "head", "digest")
                ):
                    self.findings.append(f"{name} 第 {place} 行：与 {chain} 第 {end['seal']} 批不符")
        if batches and not signed:
            self.findings.append(f"{name}：没有签名的锚点")


def digest_of(batch: dict, before: bytes, texts: list[str]) -> str:
    hashed = hashlib.sha256(before)
    hashed.update("|".join(str(batch[column]) for column in COLUMNS).encode())
    for text in texts:
        hashed.update(hashlib.sha256(text.encode()).digest())
    return hashed.hexdigest()


def is_signed(facts: dict, key: str) -> bool:
    unsigned = {name: value for name, value in facts.items() if name != "signature"}
    try:
        Ed25519PublicKey.from_public_bytes(b64decode(key)).verify(
            b64decode(str(facts.get("signature"))), as_text(unsigned).encode()
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def as_text(facts: dict) -> str:
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def named(line: dict) -> str:
    return hashlib.sha256(as_text(line).encode()).hexdigest()


def parsed(text: str):
    try:
        return json.loads(text)
    except ValueError:
        return None


def main() -> int:
    parser = argparse.ArgumentParser(description="核对痕迹导出文件，不需要安装实名系统")
    parser.add_argument("export")
    parser.add_argument("--key", default="", help="公钥，应从导出文件以外的途径得到")
    parser.add_argument("--anchors", nargs="*", default=[], help="另存的锚点文件")
    options = parser.parse_args()
    try:
        with zipfile.ZipFile(options.export) as archive:
            export = Export(archive, options.key)
            export.check(options.anchors)
    except (OSError, zipfile.BadZipFile) as error:
        print(f"{options.export} 打不开：{error}")
        return 1
    if not options.key:
        print("没有给出公钥，只用了文件自带的公钥：这只说明文件前后一致，不说明出自哪个系统。")
    for finding in export.findings:
        print(f"  {finding}")
    print("核对不通过。" if export.findings else "核对通过。")
    return 1 if export.findings else 0


if __name__ == "__main__":
    sys.exit(main())
