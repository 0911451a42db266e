"""The seminar: checks of answers, student files, class work, handouts."""

from crossread_seminar.blind import blind_test
from crossread_seminar.checks import check
from crossread_seminar.codes import as_codes, beside, hand_in, list_divided, merge_groups
from crossread_seminar.remarks import AnswerMissing, NotYet, Right, show_page, show_table
from crossread_seminar.statements import reading_matrix, statements_about

__all__ = [
    "AnswerMissing", "NotYet", "Right", "as_codes", "beside", "blind_test", "check", "hand_in", "list_divided",
    "merge_groups", "reading_matrix", "show_page", "show_table", "statements_about",
]  # fmt: skip
