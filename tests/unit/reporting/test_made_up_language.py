"""Whatever a reader meets comes from the catalogue: shown in a language of brackets."""

import re

import pytest
from unit.reporting import made_up
from unit.reporting.scenarios import SCENARIOS

from heartshare import language

#: What an issue prints that is no word of ours: who, where, when and what about.
_DATA = (
    "select distinct theme_name from marts.rpt_weekly_alignment",
    "select distinct account_handle from marts.rpt_weekly_styles",
    "select distinct source_name from marts.rpt_weekly_sources",
    "select distinct owner_name from marts.rpt_weekly_actions",
    "select distinct owner_name from marts.rpt_metric_definitions",
)
_NAMES = "Rivermark City Services rpt_restatements rpt_blind_spots UTC"
_MONTHS = "Jan Feb Mar Apr Maj Jun Jul Aŭg Sep Okt Nov Dec"


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made_up")
    made_up.write_catalogue(folder, "restated")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(language, "CATALOGUE", folder)
        return made_up.texts_of("restated", folder / "issue")


@pytest.fixture(scope="module")
def data():
    with SCENARIOS["restated"].open() as connection:
        rows = [row for query in _DATA for row in connection.execute(query).fetchall()]
    texts = [text for row in rows for text in row if text]
    return set(re.findall(r"[^\W\d_]+", " ".join([*texts, _NAMES, _MONTHS])))


@pytest.mark.parametrize("place", ["page", "pdf", "email", "plain email", "subject"])
def test_no_word_stands_outside_brackets_but_data(told, data, place):
    assert made_up.CLOSE in told[place]
    bare = {word for word in made_up.left_over(told[place]) if word not in data}
    assert bare == set()


def test_a_bare_word_is_found_and_data_in_a_message_is_not():
    assert made_up.left_over("«People of «Recycling»» and 12") == ["and"]
