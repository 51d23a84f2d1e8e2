"""How a reader finds an issue in the archive's index: by words, without a server.

The script belongs to the page and asks nobody. Without script the page shows every
issue and no field to type into.
"""

from __future__ import annotations

import base64
import hashlib

#: The search field; hidden until the script that makes it work has started.
FORM = """<form id="search" role="search" hidden>
<label for="words">Find issues by week, verdict or words</label>
<input id="words" type="search" autocomplete="off" aria-describedby="found">
<p id="found" role="status"></p>
</form>"""

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
    found.textContent = words.length
      ? shown + " of " + rows.length + " shown"
      : rows.length + " in all";
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


def policy() -> str:
    """Return the page's content policy: its own style and this script, nothing else."""
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    return (
        "default-src 'none'; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
