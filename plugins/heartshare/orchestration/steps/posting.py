"""Step: tell the chat channels that an issue is there, each at most once."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from heartshare.language import ENGLISH, mark, say, speaking
from heartshare.reporting.archive.issues import headline
from heartshare.reporting.delivery.chat import ChatPost, chat_channels, post_to_channels
from heartshare.reporting.delivery.outbox import Outbox
from heartshare.warehouse.whole_files import write_whole

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from heartshare.reporting.delivery.sending import DeliveryReport
    from heartshare.settings import Settings

LOGGER = logging.getLogger(__name__)


def post_issue(
    settings: Settings, folder: Path, *, at: datetime
) -> DeliveryReport | None:
    """Post the headline and link of an archived issue; None without a channel.

    The first call fixes the words: later ones post the rest of the same.

    Raises:
        ChatNotInstalledError: apprise is missing.
        ChatAddressError: an address cannot be used.
    """
    if not settings.chat_urls:
        return None
    channels = chat_channels(settings.chat_urls)
    report = post_to_channels(
        Outbox(settings.outbox),
        channels,
        _frozen(settings, folder),
        owner=f"chat-{at.isoformat()}",
        at=at,
    )
    LOGGER.info("%s: %s", report.issue, report.summary)
    return report


def _frozen(settings: Settings, folder: Path) -> ChatPost:
    """Return the issue's post as it was first written down."""
    issue = f"{folder.parent.name}.{folder.name}.chat"
    path = settings.home / "notices" / f"{issue}.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, json.dumps(_words(settings, folder)))
    words = json.loads(path.read_text(encoding="utf-8"))
    return ChatPost(issue, words["title"], words["body"])


def _words(settings: Settings, folder: Path) -> dict[str, str]:
    facts = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    revision = int(folder.name[1:])
    message = mark("Advocacy report {label}")
    if revision > 1:
        message = mark("Advocacy report {label}, corrected (revision {revision})")
    with speaking(facts.get("issue", {}).get("language", ENGLISH)):
        title = say(message, label=folder.parent.name, revision=revision)
    lines = [headline(facts)]
    if settings.archive_url:
        base = settings.archive_url.rstrip("/")
        lines.append(f"{base}/{folder.parent.name}/{folder.name}/index.html")
    else:
        LOGGER.warning("The post has no link: HEARTSHARE_ARCHIVE_URL is not set")
    return {"title": title, "body": "\n".join(lines)}
