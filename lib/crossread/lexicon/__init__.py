"""Dictionaries of themes and actors: reading them, finding their hits, and reading the hits in their context."""

from crossread.corpus.places import shipped_file
from crossread.corpus.tables import HITS
from crossread.lexicon.audit import (
    STOP_LIST_AUDIT,
    TOKENIZER_AUDIT,
    TOKENIZERS,
    audit_stop_list,
    audit_tokenizer,
    stop_list,
)
from crossread.lexicon.contexts import CLOSE, CONCORDANCE, OPEN, concordance, mark_hits, show_hits
from crossread.lexicon.counting import count_hits
from crossread.lexicon.formats import LEXICON_TABLE, Lexicon, make_lexicon, read_lexicon, write_lexicon
from crossread.lexicon.matching import count_entry, find_hits, find_matches, roll_up, settle_matches
from crossread.lexicon.patterns import Entry, parse_entry
from crossread.lexicon.summaries import (
    ENTRY_COUNTS,
    count_by_entry,
    count_entries,
    published_tables,
)

__all__ = [
    "CLOSE", "CONCORDANCE", "ENTRY_COUNTS", "HITS", "LEXICON_TABLE", "OPEN", "STOP_LIST_AUDIT", "TOKENIZERS",
    "TOKENIZER_AUDIT", "Entry", "Lexicon", "audit_stop_list", "audit_tokenizer", "concordance",
    "count_by_entry", "count_entries", "count_entry", "count_hits", "find_hits", "find_matches",
    "load_lexicon", "make_lexicon", "mark_hits", "parse_entry", "published_tables", "read_lexicon", "roll_up",
    "settle_matches", "show_hits",
    "stop_list", "write_lexicon",
]  # fmt: skip


def load_lexicon(name: str) -> Lexicon:
    """Read a lexicon of the project, or one that comes with the package: "themes", "actors", "architectures".

    Parameters
    ----------
    name : str
        Its name. A corpus may have its own: `read_lexicon(corpus.lexicon_path(name))`.

    Returns
    -------
    Lexicon

    Raises
    ------
    CrossreadError
        As `read_lexicon`; ".../corpus/x.yml: there is no such file."

    Examples
    --------
    >>> load_lexicon("themes").themes[:2]
    ('burden_sharing', 'china_named')
    """
    return read_lexicon(shipped_file(f"{name}.yml"))
