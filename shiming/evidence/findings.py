"""One finding of a check."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One mismatch: where (a chain, `anchors`, or a table), the number of the batch or line, and the sentence."""

    chain: str
    seal: int
    sentence: str

    def __str__(self) -> str:
        place = f"{self.chain} 第 {self.seal} {'行' if self.chain == 'anchors' else '批'}" if self.seal else self.chain
        return f"{place}：{self.sentence}"
