// Follow the theme that is chosen in Airflow, also while the page is open.
(function () {
  "use strict";
  function follow() {
    var chosen = null;
    try { chosen = window.localStorage.getItem("theme"); } catch (error) { chosen = null; }
    if (chosen === "light" || chosen === "dark") {
      document.documentElement.dataset.theme = chosen;
    } else {
      delete document.documentElement.dataset.theme;
    }
  }
  follow();
  window.addEventListener("storage", follow);
})();
