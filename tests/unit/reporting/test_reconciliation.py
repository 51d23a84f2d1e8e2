"""Every number of every scenario's facts is the one of the published marts."""

import copy

import pytest
from unit.reporting.reconciliation import Reconciliation, leaves
from unit.reporting.scenarios import PUBLISHED, told


@pytest.fixture(scope="module", params=PUBLISHED)
def week(request):
    return *told(request.param), PUBLISHED[request.param].verdict().to_dict()


def test_every_number_is_published_where_its_source_says(week):
    found = Reconciliation(*week)
    assert found.problems == []
    assert found.counts["figures"] > 30
    assert found.counts["numbers"] > 30
    assert found.counts["texts"] > 100


def test_number_without_a_source_is_a_problem(week):
    connection, facts, verdict = week
    more = {**facts, "invented": {"rows": [{"count": 7, "text": "7 people"}]}}
    problems = Reconciliation(connection, more, verdict).problems
    assert any("invented/rows/0/count: 7 has no source" in one for one in problems)
    assert any("invented/rows/0/text: 7 of" in one for one in problems)


@pytest.fixture(scope="module")
def burst():
    return *told("burst"), PUBLISHED["burst"].verdict().to_dict()


def test_each_number_that_is_changed_is_noticed(burst):
    connection, facts, verdict = burst
    numbers = [
        path
        for path, node in leaves(facts)
        if isinstance(node, int | float) and path[0] != "issue"
    ]
    changed = copy.deepcopy(facts)
    for path in numbers:
        node = changed
        for part in path[:-1]:
            node = node[part]
        node[path[-1]] += 1
    problems = Reconciliation(connection, changed, verdict).problems
    noticed = {problem.partition(":")[0] for problem in problems}
    missed = {"/".join(map(str, path)) for path in numbers} - noticed
    assert {one for one in missed if not one.startswith("gate/suites")} == set()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (("listen", "headline"), "Permits and licences burst: 86 mentions."),
        (("growing", "body"), "The average is +1.9 a week."),
        (("funnel", "rows", 0, "member"), "843"),
        (("sources", "rows", 0, "until_text"), "14 Nov"),
        (("restatements", "rows", 0, "week_text"), "Week 44"),
        (("stuck", "chart", "description"), "Observed 841."),
        (("caveats", 0), "8 measures of dialogue are still being counted."),
    ],
)
def test_text_with_another_number_is_noticed(burst, path, text):
    connection, facts, verdict = burst
    changed = copy.deepcopy(facts)
    node = changed
    for part in path[:-1]:
        node = node[part]
    node[path[-1]] = text
    [problem] = Reconciliation(connection, changed, verdict).problems
    assert problem.startswith("/".join(map(str, path)))
