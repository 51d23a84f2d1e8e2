"""Does the 95 % interval of the weekly tone hold the truth, and stay calm without news?

Weeks are made whose true tone is known: authors write very unequally and keep their
mood, the classes shift from week to week, and the scorer errs as one does on product
reviews. The models of the project estimate all weeks at once.
"""

from __future__ import annotations

import itertools
import shutil
from datetime import date, timedelta
from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pytest
from warehouse.dbt_builds import PROJECT, run_dbt

from heartshare.listening.sampling import allocated

if TYPE_CHECKING:
    from pathlib import Path

WEEKS = 150
TEXTS = 2000
LABELS = 200
FIRST = date(2020, 1, 6)
CLASSES = ["negative", "neutral", "positive"]
#: Given what people read: how often the scorer says negative, neutral, positive.
CONFUSION = np.array(
    [[0.435, 0.301, 0.264], [0.127, 0.518, 0.356], [0.057, 0.192, 0.751]]
)
MODELS = [
    "int_tone_weeks__counted",
    "int_tone_labels__averaged",
    "int_tone_texts__matched",
    "int_tone_strata__averaged",
    "int_tone_authors__weighed",
    "int_tone_weeks__estimated",
    "int_tone_changes__estimated",
    "agg_weekly_tone",
]
#: What the models read; the tables are filled by hand.
GIVEN = {
    "marts/core": ["fct_interactions", "dim_weeks"],
    "staging/programme": ["stg_programme__tone_labels"],
    "intermediate": ["int_thresholds__pivoted"],
}

pytestmark = pytest.mark.slow


def _drawn(rng, shares):
    """Draw one class per row of shares."""
    dice = rng.random(len(shares))[:, None]
    return (dice > np.cumsum(shares, axis=1)).sum(axis=1).clip(0, 2)


def make_week(rng, shares):
    """Return authors, labels (-2 to 2) and scores of the texts of one week."""
    activity = np.minimum(rng.zipf(1.9, size=TEXTS), 60)
    author_count = int(np.searchsorted(np.cumsum(activity), TEXTS)) + 1
    author = np.repeat(np.arange(author_count), activity[:author_count])[:TEXTS]
    # An author's mood leans on the week's shares without moving their mean.
    moods = rng.dirichlet(shares * 3, size=author_count)
    drawn = rng.random(TEXTS)[:, None]
    truth = (drawn > np.cumsum(moods[author], axis=1)).sum(axis=1).clip(0, 2)
    said = (
        (rng.random(TEXTS)[:, None] > np.cumsum(CONFUSION[truth], axis=1))
        .sum(axis=1)
        .clip(0, 2)
    )
    strength = 0.05 + 0.9 * rng.beta(2, 2 + (truth != said), size=TEXTS)
    score = np.where(said == 1, 0.0, (said - 1) * strength).round(4)
    label = (truth - 1) * np.where(rng.random(TEXTS) < 0.3, 2, 1)
    return author, label, score, said


def make_history(path: Path) -> dict[date, tuple[float, float]]:
    """Fill the tables above the models; return each week's true net tone and mean."""
    rng = np.random.default_rng(46)
    thresholds = {
        "scored_ratio_minimum": 0.7,
        "tone_text_minimum_count": 50,
        "tone_author_minimum_count": 20,
        "tone_label_minimum_count": 30,
        "tone_label_author_minimum_count": 20,
        "tone_stratum_label_minimum_count": 5,
        "tone_calibration_maximum_weeks": 8,
    }
    truth, columns = (
        {},
        {
            name: []
            for name in ("week", "key", "author", "said", "score", "label", "size")
        },
    )
    for number in range(WEEKS):
        monday = FIRST + timedelta(weeks=number)
        shares = (
            np.array([0.33, 0.21, 0.46])
            if number % 4 < 2
            else np.array([0.13, 0.21, 0.66])
        )
        author, label, score, said = make_week(rng, shares)
        truth[monday] = (shares[2] - shares[0], 0.65 * (shares[2] - shares[0]))
        sizes = {code: int((said == code).sum()) for code in range(3)}
        drawn = np.concatenate(
            [
                rng.choice(np.flatnonzero(said == code), size=count, replace=False)
                for code, count in allocated(sizes, LABELS, 20).items()
            ]
        )
        is_drawn = np.zeros(TEXTS, dtype=bool)
        is_drawn[drawn] = True
        columns["week"].append(np.full(TEXTS, number))
        columns["key"].append(number * TEXTS + np.arange(TEXTS))
        columns["author"].append(author + (number // 2) * 10_000)
        columns["said"].append(said)
        columns["score"].append(score)
        columns["label"].append(np.where(is_drawn, label, 9))
        columns["size"].append(np.array([sizes[code] for code in said]))
    made = {name: np.concatenate(parts) for name, parts in columns.items()}
    stated = ", ".join(f"{value} as {name}" for name, value in thresholds.items())
    monday = "date '2020-01-06' + 7 * week::integer"
    with duckdb.connect(str(path)) as connection:
        connection.register("made", made)
        connection.execute(
            f"""
            create schema marts; create schema staging; create schema intermediate;
            create table marts.fct_interactions as select
                'i' || key as interaction_key, 'forum' as platform_code,
                'p' || author as person_key, {monday} as occurred_week,
                {CLASSES}[said + 1] as sentiment_code, score as compound_score,
                't' || key as text_key, 'english' as language_bucket_code,
                'stakeholder' as actor_class_code from made;
            create table staging.stg_programme__tone_labels as select
                {monday} as text_week, 'i' || key as interaction_key,
                {CLASSES}[said + 1] as stratum_code, size as stratum_population_count,
                label::bigint as tone_label from made where label <> 9;
            create table marts.dim_weeks as
                select distinct {monday} as week_start from made;
            create table intermediate.int_thresholds__pivoted as
                select {stated}
            """
        )
    return truth


def make_project(folder: Path) -> Path:
    """Copy the models and what they need: reading the whole project takes longer."""
    for name in ("macros", "tests/generic"):
        shutil.copytree(PROJECT / name, folder / name)
    models = folder / "models"
    for name in ("dbt_project.yml", "profiles.yml", "models/_groups.yml"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(PROJECT / name, folder / name)
    (models / "marts/listening").mkdir(parents=True)
    for name in MODELS:
        for path in (PROJECT / "models").rglob(f"{name}.*"):
            shutil.copy(path, models / "marts/listening")
    for place, names in GIVEN.items():
        (models / place).mkdir(parents=True, exist_ok=True)
        for name in names:
            head = "{{ config(contract={'enforced': false}) }}"
            (models / place / f"{name}.sql").write_text(f"{head} select 1 as filled")
    return folder


@pytest.fixture(scope="module")
def weeks(tmp_path_factory):
    """Every simulated week: its truth and what the model says of it."""
    home = tmp_path_factory.mktemp("calibration")
    path = home / "warehouse.duckdb"
    truth = make_history(path)
    project = make_project(home / "project")
    built = run_dbt(home, path, "run", "--select", *MODELS, project=project)
    assert built.failures() == {}
    with duckdb.connect(str(path), read_only=True) as connection:
        found = connection.execute(
            "select * from marts.agg_weekly_tone where segment_code = 'all' "
            "order by week_start"
        )
        names = [column[0] for column in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    assert len(rows) == WEEKS
    return [(truth[row["week_start"]], row) for row in rows]


def covered(weeks, name, position):
    return np.mean(
        [
            row[f"{name}_lower_bound"] <= truth[position] <= row[f"{name}_upper_bound"]
            for truth, row in weeks
        ]
    )


@pytest.mark.parametrize(("name", "position"), [("net_sentiment", 0), ("mean_tone", 1)])
def test_the_interval_holds_the_truth(weeks, name, position):
    assert {row["calibration_status_code"] for _, row in weeks} == {"calibrated"}
    assert 0.88 <= covered(weeks, name, position) <= 0.99


def test_the_interval_is_narrow_enough_to_be_read(weeks):
    widths = [
        row["net_sentiment_upper_bound"] - row["net_sentiment_lower_bound"]
        for _, row in weeks
    ]
    assert np.mean(widths) < 0.32


def test_sampling_error_alone_misses_the_truth(weeks):
    hits = []
    for (net, _), row in weeks:
        value = row["naive_net_sentiment"]
        spread = (row["positive_count"] + row["negative_count"]) / row[
            "scored_count"
        ] - value**2
        margin = 1.96 * np.sqrt(spread / row["scored_count"])
        hits.append(abs(value - net) <= margin)
    assert np.mean(hits) < 0.5


@pytest.mark.parametrize("name", ["net_sentiment", "mean_tone"])
def test_arrows_appear_with_a_change_and_hardly_ever_without(weeks, name):
    shown = {True: [], False: []}
    for (before, _), (after, row) in itertools.pairwise(weeks):
        shown[before != after].append(row[f"is_{name}_change_shown"])
    assert np.mean(shown[False]) <= 0.08
    assert np.mean(shown[True]) >= 0.8
