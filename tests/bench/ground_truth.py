"""The 23,703 texts with twenty human ratings each that upstream's source holds.

Hutto and Gilbert, ICWSM 2014. They are fetched into var/bench and not committed.
"""

from __future__ import annotations

import io
import random
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

from random_texts import EMOJI

REQUIREMENT = Path(__file__).with_name("ground_truth.txt")
SOURCE = "vaderSentiment-3.3.2"
INNER = f"{SOURCE}/additional_resources/hutto_ICWSM_2014.tar.gz"
FILES = {
    "tweets": "tweets_GroundTruth.txt",
    "movie reviews": "movieReviewSnippets_GroundTruth.txt",
    "amazon reviews": "amazonReviewSnippets_GroundTruth.txt",
    "nyt editorials": "nytEditorialSnippets_GroundTruth.txt",
}
COUNTS = {
    "tweets": 4_200,
    "movie reviews": 10_605,
    "amazon reviews": 3_708,
    "nyt editorials": 5_190,
}


@dataclass(frozen=True)
class Rated:
    """A text and the mean of its ratings, from -4 to 4."""

    text: str
    rating: float


def fetch(folder: Path) -> Path:
    """Return the folder of the rated texts, downloaded and unpacked when missing."""
    target = folder / "ground_truth"
    if all((target / name).exists() for name in FILES.values()):
        return target
    archive = folder / f"{SOURCE}.tar.gz"
    if not archive.exists():
        print(f"fetching {SOURCE}")
        command = "-m pip download -qq --disable-pip-version-check --no-deps"
        options = ["--no-binary", ":all:", "--require-hashes", "-r", str(REQUIREMENT)]
        subprocess.run(
            [sys.executable, *command.split(), *options, "--dest", str(folder)],
            check=True,
        )
    target.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as outer:
        inner = outer.extractfile(INNER)
        assert inner is not None
        with tarfile.open(fileobj=io.BytesIO(inner.read())) as texts:
            for member in texts:
                name = Path(member.name).name
                held = texts.extractfile(member)
                if name in FILES.values() and held is not None:
                    (target / name).write_bytes(held.read())
    return target


def read(folder: Path) -> dict[str, list[Rated]]:
    """Read the four sets: set name to its texts in the order of the file."""
    sets = {}
    for name, file in FILES.items():
        lines = (folder / file).read_text("utf-8", errors="replace").split("\n")
        cells = [line.rstrip("\r").split("\t", 2) for line in lines if line.strip()]
        sets[name] = [Rated(text, float(rating)) for _, rating, text in cells]
        if len(sets[name]) != COUNTS[name]:
            sys.exit(f"{file}: {len(sets[name])} texts, {COUNTS[name]} expected")
    return sets


def short_sets(sets: dict[str, list[Rated]]) -> dict[str, list[str]]:
    """Return the texts of the four sets, and tweets with emoji and with noise."""
    texts = {name: [each.text for each in rated] for name, rated in sets.items()}
    rng = random.Random(20261120)
    tweets, singles = texts["tweets"], [each for each in EMOJI if len(each) == 1]
    texts["emoji"] = [
        f"{rng.choice(tweets)} {''.join(rng.choices(singles, k=rng.randint(1, 15)))}"
        for _ in range(5_000)
    ]
    texts["noisy"] = [
        f"@reader{rng.randint(1, 9_000)} {rng.choice(tweets)} "
        f"#Topic{rng.randint(1, 300)} https://example.org/{rng.getrandbits(32):x}"
        for _ in range(5_000)
    ]
    return texts


def long_texts(sets: dict[str, list[Rated]]) -> list[str]:
    """Return 200 posts of 400 words, each of movie reviews one after another."""
    words = " ".join(each.text for each in sets["movie reviews"]).split()
    return [" ".join(words[first : first + 400]) for first in range(0, 80_000, 400)]
