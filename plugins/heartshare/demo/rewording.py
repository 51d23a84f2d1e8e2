"""What some people say in other words: expectations, verdicts, neighbours, error 403.

Who writes when and to whom stays as it was played; only the words of a few turns are
others of the same tone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from heartshare.demo import story, texts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heartshare.demo.turns import Thread

#: For a kind of turn: the kinds of words that stand in for it, and in which part of
#: the turns.
_OTHER_WORDS: dict[str, tuple[tuple[str, float], ...]] = {
    "complaint": (("expectation", 0.14), ("distrust", 0.12)),
    "question": (("reminder", 0.06),),
    "gripe": (("distrust", 0.14), ("envy", 0.10)),
    "praise": (("trust", 0.20),),
    "chat": (("trust", 0.05), ("pride", 0.02)),
    "remark": (("neighbours", 0.06),),
    "outage": (("error_page", 0.62),),
}


def reword(threads: Iterable[Thread]) -> None:
    """Give some English turns other words; the same ones on every call."""
    for thread in threads:
        for turn in thread.turns:
            if turn.kind not in _OTHER_WORDS or turn.person.language != "en":
                continue
            rng = story.dice(f"words of {turn.sequence}")
            chance = rng.random()
            for wording, ratio in _OTHER_WORDS[turn.kind]:
                if chance < ratio:
                    turn.wording = wording
                    turn.text = texts.community_text(rng, wording, turn.theme)
                    break
                chance -= ratio
