"""What is said of tone follows from its status; a change by chance is none."""

from datetime import date

import pytest
from unit.reporting import issues

from heartshare.reporting import tone_text

ROW = {
    "calibration_status_code": "calibrated",
    "text_count": 425,
    "scored_count": 412,
    "scored_ratio": 0.969411765,
    "author_count": 231,
    "labelled_count": 180,
    "naive_net_sentiment": 0.31,
    "calibrated_net_sentiment": 0.12,
    "net_sentiment_lower_bound": 0.034,
    "net_sentiment_upper_bound": 0.207,
    "net_sentiment_change": None,
    "is_net_sentiment_comparable": True,
    "last_label": "",
}


def test_calibrated_tone_names_interval_labels_and_no_chance_change():
    text = tone_text.tone(ROW)
    assert "+0.12, between +0.03 and +0.21 with 95% confidence" in text
    assert "180 labels of this week" in text
    assert "No change on last week beyond chance." in text
    assert "0.31" not in text


def test_first_calibrated_week_claims_no_calm():
    text = tone_text.tone(ROW | {"is_net_sentiment_comparable": False})
    assert "Last week was not calibrated, so any change is not known." in text
    assert "No change" not in text


@pytest.mark.parametrize(
    ("change", "words"), [(0.2, "0.20 better"), (-0.15, "0.15 worse")]
)
def test_change_beyond_chance_names_its_side(change, words):
    text = tone_text.tone(ROW | {"net_sentiment_change": change})
    assert f"That is {words} than last week, more than chance." in text


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"calibration_status_code": "uncalibrated"}, "its error is not known"),
        (
            {"calibration_status_code": "stale", "last_label": "2026-W41"},
            "the last labels are of 2026-W41",
        ),
    ],
)
def test_tone_without_labels_of_the_week_is_called_uncalibrated(row, words):
    text = tone_text.tone(ROW | row)
    assert "+0.31, uncalibrated" in text
    assert words in text
    assert "confidence" not in text


def test_too_few_texts_and_silence_give_no_tone():
    row = ROW | {"calibration_status_code": "too_few", "scored_count": 1}
    assert tone_text.tone(row | {"author_count": 1}) == (
        "Too little for a tone: 1 English text by 1 person."
    )
    assert "no tone" in tone_text.tone(None)


def test_talk_that_could_not_be_read_gives_no_tone():
    row = ROW | {
        "calibration_status_code": "few_read",
        "text_count": 1000,
        "scored_count": 50,
        "scored_ratio": 0.05,
        "naive_net_sentiment": None,
    }
    assert tone_text.tone(row) == (
        "Too much of the talk is not in English: only 5.0% of 1,000 texts could be "
        "read, so no tone is stated."
    )


@pytest.mark.parametrize("status", ["calibrated", "stale", "uncalibrated"])
@pytest.mark.parametrize(("ratio", "is_told"), [(0.82, True), (0.95, False)])
def test_tone_says_from_how_much_of_the_talk_it_is_read(status, ratio, is_told):
    text = tone_text.tone(
        ROW | {"calibration_status_code": status, "scored_ratio": ratio}
    )
    assert (", read from 82% of the texts" in text) == is_told
    assert is_told or "of the texts" not in text


def test_words_that_came_up_are_quoted_with_their_evidence():
    issue = {"words": ["tram strike", "strike", "driver", "picket"], "mentions": 24,
             "authors": 19, "started_on": date(2026, 11, 10)}  # fmt: skip
    assert tone_text.emerging([issue], "enough") == (
        "Coming up: “tram strike”, “strike” and “driver”, 24 posts by 19 people since "
        "10 Nov."
    )


def test_words_of_a_theme_that_broke_out_are_told_with_its_name():
    theme = {"name": "Parking permits", "words": ["renewal", "permit renewal"]}
    assert tone_text.emerging([], "enough", [theme]) == (
        "New in talk of Parking permits: “renewal” and “permit renewal”. No other word "
        "or phrase came up."
    )


def test_no_emerging_word_says_whether_one_could_have_been_seen():
    assert "No word or phrase came up" in tone_text.emerging([], "enough")
    assert "too few weeks" in tone_text.emerging([], "few_weeks")
    assert "too few texts" in tone_text.emerging([], "few_texts")


def test_facts_carry_the_tone_with_its_figures_and_words_of_no_theme_that_burst():
    with issues.open_published() as connection:
        listen = issues.facts(connection)["listen"]
    assert listen["tone"]["status_code"] == "calibrated"
    assert listen["tone"]["figures"]["calibrated_net_sentiment"]["value"] == 0.12
    emerging = listen["emerging"]
    assert [row["words"] for row in emerging["rows"]] == [["tram strike", "strike"]]
    assert [row["name"] for row in emerging["themes"]] == ["Permits and licences"]
