"""How to read the report: notes in English, said in the language in force."""

from __future__ import annotations

from heartshare.language import mark

#: How to read the report, in English; facts say them in the language in force.
READING_NOTES = (
    mark(
        "A signal lies outside the usual range: about three standard deviations around "
        "the mean of the weeks before, wider where few weeks or few cases stand behind "
        "a figure. Ask what happened. Where nothing changes, fewer than 8 of 100 "
        "issues show one."
    ),
    mark(
        "Watch is a run on one side of the average inside the range. Routine is "
        "ordinary variation: do not ask why a single point moved."
    ),
    mark(
        "Ranges rest on 20 weeks. From 8 to 19 weeks they are provisional and drawn "
        "dotted; below 8 it is too early to tell. Totals are never judged, only flows "
        "and rates."
    ),
    mark(
        "Stages: Observed was seen this year; Participating came back; Identified is a "
        "well-disposed regular; Activated answered us; Nurtured has talked with us for "
        "months; Empowered used what we gave; Advocate speaks up for us."
    ),
    mark(
        "Moved on: of the people who entered a stage in the eight weeks ending four "
        "weeks ago, the part that reached a higher stage within 28 days."
    ),
    mark(
        "Tone comes from VADER on English text, which misses much criticism. Only a "
        "week with labels by people has an interval; without them it is uncalibrated. "
        "Tone is the part of positive texts less that of negative ones; scorer alone: "
        "before labels."
    ),
    mark(
        "No limits: successive weeks depend on each other, so no usual range is drawn. "
        "Not judged: a total or a waiting time, for which none is kept."
    ),
    mark(
        "AMEC levels order measures from what we do (activity, output) over what "
        "people take from it (out-take) and do (outcome) to what that is worth "
        "(impact)."
    ),
    mark("Not reported means that a platform gives no figure; it is never shown as 0."),
)

FUNNEL_NOTE = mark(
    "Moved on: of the people who entered a stage in the eight weeks ending four weeks "
    "ago, how many reached a higher one within 28 days. Bars grow with the square root."
)
