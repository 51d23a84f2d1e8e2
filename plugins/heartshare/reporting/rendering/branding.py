"""How an organisation's own look enters the report: its logo and its accent colour.

Both are kept in the issue's facts, the logo with its bytes, so that an old issue is
rendered again as it was after either has changed.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from heartshare.errors import InputError
from heartshare.reporting.charts import palette

if TYPE_CHECKING:
    from pathlib import Path

    from heartshare.settings import Settings

#: A logo stands in every issue three times; more bytes than this help nobody.
LOGO_BYTES = 50_000
_ACCENT = "HEARTSHARE_ACCENT"
_LOGO = "HEARTSHARE_LOGO"
_LOGO_TEXT = "HEARTSHARE_LOGO_TEXT"
_LEAST_CONTRAST = 4.5
_GROUNDS = {"white": palette.WHITE, "the tinted boxes": palette.TINT}
_PNG = b"\x89PNG\r\n\x1a\n"
_SVG_ELEMENTS = frozenset(
    {"svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"}
    | {"defs", "title", "desc", "linearGradient", "radialGradient", "stop"}
    | {"clipPath", "mask", "use", "symbol", "text", "tspan"}
)
_LEADS_AWAY = re.compile(r"url\(\s*['\"]?(?!#)|javascript:|data:", re.IGNORECASE)


class BrandingError(InputError):
    """A logo or a colour cannot be used; the message names the setting."""

    def __init__(self, name: str, value: str, why: str) -> None:
        super().__init__(f"{name}={value!r}: {why} See docs/settings.md.")


def brand_facts(settings: Settings) -> dict[str, Any] | None:
    """Return accent and logo as an issue keeps them, None where neither is set.

    ``logo`` is None or has kind (svg or png), data (base64) and alt.

    Raises:
        BrandingError: the colour cannot be read on the report's grounds, or the logo
            is missing, too large, not an SVG or PNG, or does more than show shapes.
    """
    if not (settings.accent or settings.logo):
        return None
    return {
        "accent": _accent(settings.accent) if settings.accent else palette.GOOD,
        "logo": _logo(settings.logo, settings.logo_text) if settings.logo else None,
    }


def _accent(colour: str) -> str:
    if not re.fullmatch(r"#[0-9A-Fa-f]{6}", colour):
        raise BrandingError(_ACCENT, colour, "write a colour as #RRGGBB.")
    for name, ground in _GROUNDS.items():
        ratio = palette.contrast(colour, ground)
        if ratio < _LEAST_CONTRAST:
            raise BrandingError(
                _ACCENT,
                colour,
                f"its contrast on {name} ({ground}) is {ratio:.2f}:1, and text needs "
                f"{_LEAST_CONTRAST}:1. Take a darker shade.",
            )
    return colour.upper()


def _logo(path: Path, text: str) -> dict[str, str]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BrandingError(_LOGO, str(path), f"{error.strerror}.") from error
    if len(content) > LOGO_BYTES:
        raise BrandingError(
            _LOGO, str(path), f"{len(content):,} bytes, at most {LOGO_BYTES:,} fit."
        )
    if not text.strip():
        raise BrandingError(
            _LOGO_TEXT, text, "say in words what the logo shows, such as the name."
        )
    kind = "png" if content.startswith(_PNG) else "svg"
    if kind == "svg":
        _check_svg(path, content)
    data = base64.b64encode(content).decode()
    return {"kind": kind, "data": data, "alt": text.strip()}


def _check_svg(path: Path, content: bytes) -> None:
    """Refuse whatever is no plain drawing: scripts, styles, files from elsewhere."""
    if b"<!" in content.replace(b"<!--", b""):
        raise BrandingError(_LOGO, str(path), "the SVG must declare no document type.")
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - no document type in it
    except ElementTree.ParseError as error:
        raise BrandingError(_LOGO, str(path), f"no SVG or PNG ({error}).") from error
    for element in root.iter():
        name = _local(element.tag)
        if name not in _SVG_ELEMENTS:
            raise BrandingError(_LOGO, str(path), f"the SVG may hold no <{name}>.")
        for key, value in element.attrib.items():
            if _is_harmful(_local(key), value):
                raise BrandingError(
                    _LOGO, str(path), f"<{name}> may not have {_local(key)}={value!r}."
                )
    if _local(root.tag) != "svg" or "viewBox" not in root.attrib:
        raise BrandingError(_LOGO, str(path), "the SVG needs a viewBox.")


def _local(name: object) -> str:
    return str(name).rpartition("}")[2]


def _is_harmful(key: str, value: str) -> bool:
    if key.lower().startswith("on"):
        return True
    if key == "href":
        return not value.startswith("#")
    return _LEADS_AWAY.search(value) is not None
