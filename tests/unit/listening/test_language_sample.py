"""How often the language gate is right on a sample written for it, as docs say it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from heartshare.listening.language import LanguageBucket, detect_language
from heartshare.listening.normalising import normalise

SAMPLE = Path(__file__).with_name("language_sample.tsv")
DOCS = Path(__file__).parents[3] / "docs" / "listening.md"
WANTED = {"en": LanguageBucket.ENGLISH, "-": LanguageBucket.UNDETERMINED}
NAMES = {"en": "English", "-": "No language"}


def results() -> list[tuple[str, str, bool]]:
    found = []
    for line in SAMPLE.read_text(encoding="utf-8").splitlines():
        code, kind, text = line.split("\t")
        wanted = WANTED.get(code, LanguageBucket.FOREIGN)
        bucket = detect_language(normalise(text)).bucket
        found.append((NAMES.get(code, "Foreign"), kind, bucket is wanted))
    return found


def test_documented_table_is_what_the_gate_does() -> None:
    totals: Counter[tuple[str, str]] = Counter()
    right: Counter[tuple[str, str]] = Counter()
    for group, kind, is_right in results():
        totals[group, kind] += 1
        right[group, kind] += is_right
    table = "\n".join(
        f"| {group} | {kind} | {totals[group, kind]} | {right[group, kind]} |"
        for group, kind in totals
    )
    assert table in DOCS.read_text(encoding="utf-8"), table


def test_english_is_kept_and_foreign_text_is_caught() -> None:
    def ratio(group: str) -> float:
        mine = [is_right for name, _, is_right in results() if name == group]
        return sum(mine) / len(mine)

    assert ratio("English") >= 0.97
    assert ratio("Foreign") >= 0.9
    assert ratio("No language") == 1.0


def test_sample_has_ten_foreign_languages_and_no_text_twice() -> None:
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    codes = Counter(line.split("\t")[0] for line in lines)
    assert len(codes.keys() - {"en", "-"}) >= 10
    assert len({line.split("\t", 1)[1] for line in lines}) == len(lines)
