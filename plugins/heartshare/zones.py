"""Which time zone does a name mean?"""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones


def read_zone(name: str) -> ZoneInfo | None:
    """Return the IANA zone of a name, None where there is none.

    A folder of zones, such as Europe, is none either.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_like(name: str) -> str:
    """Return the zone that is spelt alike but for capitals; empty if none is."""
    spelt = {known.casefold(): known for known in available_timezones()}
    return spelt.get(name.casefold(), "")
