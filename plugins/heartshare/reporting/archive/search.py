"""How a reader finds an issue in the archive's index: by words, without a server.

The script belongs to the page and asks nobody. Without script the page shows every
issue and no field to type into.
"""

from __future__ import annotations

import base64
import hashlib
from html import escape

from heartshare.language import say

SCRIPT = """
(function () {
  "use strict";
  var form = document.getElementById("search");
  var field = document.getElementById("words");
  var found = document.getElementById("found");
  var rows = Array.from(document.querySelectorAll("tbody tr"));
  function plain(text) {
    return text.normalize("NFD").replace(/[\\u0300-\\u036f]/g, "").toLowerCase();
  }
  var texts = rows.map(function (row) { return plain(row.textContent); });
  function show() {
    var words = plain(field.value).split(/\\s+/).filter(Boolean);
    var shown = 0;
    rows.forEach(function (row, place) {
      var fits = words.every(function (word) { return texts[place].includes(word); });
      row.hidden = !fits;
      shown += fits ? 1 : 0;
    });
    var told = words.length ? found.dataset.some : found.dataset.all;
    found.textContent = told.replace("{shown}", shown).replace("{all}", rows.length);
  }
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  field.addEventListener("input", show);
  field.addEventListener("keydown", function (event) {
    if (event.key === "Escape") { field.value = ""; show(); }
  });
  form.hidden = false;
  show();
}());
"""


def form() -> str:
    """Return the search field; hidden until the script that makes it work has begun."""
    label = escape(say("Find issues by week, verdict or words"))
    some, every = escape(say("{shown} of {all} shown")), escape(say("{all} in all"))
    return f"""<form id="search" role="search" hidden>
<label for="words">{label}</label>
<input id="words" type="search" autocomplete="off" aria-describedby="found">
<p id="found" role="status" data-some="{some}" data-all="{every}"></p>
</form>"""


def policy(*, has_logo: bool = False) -> str:
    """Return the page's content policy: its own style, this script and its own logo."""
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    return (
        "default-src 'none'; style-src 'unsafe-inline'; "
        f"{'img-src data:; ' if has_logo else ''}"
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
