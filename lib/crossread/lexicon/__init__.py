"""Dictionaries of themes and actors: reading them, finding their hits, and reading the hits in their context."""

from crossread.corpus.tables import HITS
from crossread.lexicon.audit import STOP_LIST_AUDIT, audit_stop_list
from crossread.lexicon.contexts import CLOSE, CONCORDANCE, OPEN, concordance, mark_hits
from crossread.lexicon.finding import Matches, match_tokens
from crossread.lexicon.formats import LEXICON_TABLE, Lexicon, make_lexicon, read_lexicon, write_lexicon
from crossread.lexicon.matching import (
    ENTRY_COUNTS,
    concat_matches,
    find_hits,
    find_matches,
    keys_of,
    roll_up,
    settle_matches,
)
from crossread.lexicon.patterns import Entry, parse_entry
from crossread.lexicon.summaries import count_by_entry, count_entries

__all__ = [
    "CLOSE", "CONCORDANCE", "ENTRY_COUNTS", "Entry", "HITS", "LEXICON_TABLE", "Lexicon", "Matches", "OPEN",
    "STOP_LIST_AUDIT", "audit_stop_list", "concat_matches",
    "concordance",
    "count_by_entry", "count_entries", "find_hits", "find_matches", "keys_of",
    "make_lexicon", "mark_hits", "match_tokens", "parse_entry", "read_lexicon", "roll_up", "settle_matches",
    "write_lexicon",
]  # fmt: skip
