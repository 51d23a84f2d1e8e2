"""The gate's pages say what was found, why it matters, whose it is and what is next."""

from heartshare.quality.gate import Outcome, Severity, State
from heartshare.ui.judged_runs import judged_runs, newest_runs, trend

from .conftest import PAGE, WEEK


def outcome(key, state=State.PASSED, severity=Severity.CRITICAL, **more):
    return Outcome(
        ref=f"arrival.{key}",
        suite="arrival",
        key=key,
        severity=severity,
        state=state,
        why="<b>Because</b> it matters",
        observed="3 offending rows",
        owner="data-engineering",
        **more,
    )


def test_run_shows_every_finding_with_owner_and_next_step(judge, admin):
    judge(
        outcome("fine"),
        outcome("missing", State.FAILED, examples=("<x>",)),
        outcome("broken", State.BROKEN),
        outcome("late", State.FAILED, Severity.WARNING),
        outcome(
            "short",
            State.WAIVED,
            waived_by="Aoife",
            waived_until="2026-12-01",
            reason="<i>known</i>",
        ),
    )
    text = admin.get("/heartshare/gate/2026-W46/run-0001", headers=PAGE).text

    assert text.count('<article class="card">') == 4
    assert "&lt;b&gt;Because" in text
    assert "<b>Because" not in text
    assert "&lt;x&gt;" in text
    assert "&lt;i&gt;known" in text
    assert "drop it into its inbox folder" in text
    assert "judged for the first time" in text.lower()
    assert "could not be carried out" in text
    assert "by Aoife until 2026-12-01" in text
    assert text.count("data-engineering") >= 4
    assert text.index("arrival.missing") < text.index("arrival.late")


def test_history_lists_runs_newest_first(judge, admin):
    judge(outcome("fine"), week=WEEK.shift(-1))
    judge(outcome("fine", State.FAILED))
    judge(outcome("fine"), run="run-0010")
    judge(outcome("fine"), run="run-0009")

    text = admin.get("/heartshare/gate", headers=PAGE).text
    order = ["2026-W46/run-0010", "2026-W46/run-0009", "2026-W46/run-0001", "2026-W45"]
    places = [text.index(each) for each in order]
    assert places == sorted(places)
    assert "Held" in text


def test_trend_shows_every_run_and_puts_trouble_first(judge, settings):
    judge(outcome("a"), outcome("b", State.FAILED), week=WEEK.shift(-1))
    judge(outcome("a"), outcome("b", State.FAILED, Severity.WARNING))
    judge(outcome("a"), outcome("b"), outcome("new"), run="run-0002")

    recent = newest_runs(judged_runs(settings.gate))
    rows = {row.ref: [cell and cell[1] for cell in row.cells] for row in trend(recent)}

    assert [(each.label, each.run) for each in recent] == [
        ("2026-W45", "run-0001"),
        ("2026-W46", "run-0001"),
        ("2026-W46", "run-0002"),
    ]
    assert rows == {
        "arrival.b": ["✕", "n", "✓"],
        "arrival.a": ["✓", "✓", "✓"],
        "arrival.new": [None, None, "✓"],
    }
    assert next(iter(rows)) == "arrival.b"


def test_changed_verdict_is_named_and_stops_no_page(judge, admin):
    folder = judge(outcome("fine"))
    path = folder / "verdict.json"
    path.write_text(path.read_text().replace('"clean"', '"blocked"'))

    assert "changed or cut off" in admin.get("/heartshare/gate", headers=PAGE).text
    page = admin.get("/heartshare/gate/2026-W46/run-0001", headers=PAGE)
    assert (page.status_code, "changed or cut off" in page.text) == (200, True)


def test_unknown_run_is_not_found(judge, admin):
    judge(outcome("fine"))
    for path in ("2026-W46/run-0002", "2026-W46/..%2f..", "..%2f/run-0001"):
        assert admin.get(f"/heartshare/gate/{path}", headers=PAGE).status_code == 404


def test_waivers_are_listed_and_broken_files_named(settings, admin):
    path = settings.expectations / "waivers.yml"
    path.write_text("waivers:\n- {check: '<x>', person: Aoife}\n")
    assert "Waiver 1 does not count" in admin.get("/heartshare/gate", headers=PAGE).text

    path.write_text("waivers: 3")
    assert "is not a list" in admin.get("/heartshare/gate", headers=PAGE).text
