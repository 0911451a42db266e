"""The seminar: checks of answers, student files, class work, handouts."""

from crossread_seminar.checks import (
    check_ceiling,
    check_codes,
    check_comparisons,
    check_counts,
    check_entries,
    check_fragile,
    check_hangs,
    check_intruders,
    check_limits,
    check_rates,
    check_robustness,
    check_scores,
    check_sentences,
    check_supported,
    check_tokens,
)
from crossread_seminar.codes import as_codes, hand_in, list_divided, merge_groups
from crossread_seminar.remarks import AnswerMissing, NotYet, Right, blind, show_chart, show_table

__all__ = [
    "AnswerMissing", "NotYet", "Right", "as_codes", "blind", "check_ceiling", "check_codes", "check_comparisons",
    "check_counts", "check_entries", "check_fragile", "check_hangs", "check_intruders", "check_limits", "check_rates",
    "check_robustness", "check_scores", "check_sentences", "check_supported", "check_tokens", "hand_in", "list_divided",
    "merge_groups", "show_chart", "show_table",
]  # fmt: skip
