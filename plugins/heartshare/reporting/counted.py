"""Counts with their nouns, as sentences of the report take them in.

A sentence with two counts needs two plurals; each is a message of its own here.
"""

from __future__ import annotations

from heartshare.language import say_many
from heartshare.reporting.wording import number_text


def people(count: float) -> str:
    """Return a count of people: 1 person, 2 people."""
    text = number_text(count)
    return say_many("{count} person", "{count} people", count, count=text)


def mentions(count: float) -> str:
    """Return a count of mentions: 1 mention, 2 mentions."""
    text = number_text(count)
    return say_many("{count} mention", "{count} mentions", count, count=text)


def posts(count: float) -> str:
    """Return a count of posts by anybody: 1 post, 2 posts."""
    text = number_text(count)
    return say_many("{count} post", "{count} posts", count, count=text)


def labels(count: float) -> str:
    """Return a count of labels that people gave: 1 label, 2 labels."""
    text = number_text(count)
    return say_many("{count} label", "{count} labels", count, count=text)


def english_texts(count: float) -> str:
    """Return a count of texts in English: 1 English text, 2 English texts."""
    text = number_text(count)
    return say_many("{count} English text", "{count} English texts", count, count=text)
