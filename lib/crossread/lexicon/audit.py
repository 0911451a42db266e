"""What usual stop lists and tokenizers would do to the words of a lexicon, counted before they do it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from crossread.corpus import Corpus
from crossread.corpus.tokens import COUNTRIES, TokenStore, fold
from crossread.lexicon.contexts import Reader
from crossread.lexicon.formats import Lexicon
from crossread.lexicon.matching import find_hits
from crossread.lexicon.patterns import glob_pattern, sequences

STOP_LIST_AUDIT = ("lexicon", "key", "entry", "stop_words", "hits", "hits_lost", "share_lost")


def audit_stop_list(words: Iterable[str], lexicons: Iterable[Lexicon], corpus: Corpus) -> pd.DataFrame:
    """Say which entries a stop list would break, and how many hits it would take away.

    Parameters
    ----------
    words : iterable of str
        The stop words, in lower case as tools compare them.
    lexicons : iterable of Lexicon
        What to protect.
    corpus : Corpus
        With its texts.

    Returns
    -------
    DataFrame
        lexicon, key, entry, stop_words (those of which the entry, or what it asks to be near, may consist), hits
        (of the entry in the corpus), hits_lost (hits with a word that the list deletes; `us` deletes the country in
        texts that write US, for case is gone by then), share_lost (0 to 1). Only entries that lose something, or could.

    Raises
    ------
    TextNeeded
        "The audit of a stop list needs the running texts of …".

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.lexicon import make_lexicon
    >>> corpus = from_texts({"a": "The US told us. The U.S. left."})
    >>> table = audit_stop_list({"us", "the"}, [make_lexicon("demo", {"us": ["US"]})], corpus)
    >>> print(*table.iloc[0, 3:])
    us 2 1 0.5
    """
    stop, rows = frozenset(words), []
    for lexicon in lexicons:
        hits, lost = _lost_hits(stop, lexicon, corpus)
        for entry in lexicon.entries:
            phrases = {sequence for text in (entry.pattern, *entry.near) for sequence in sequences(text)}
            inside = _meant(stop, {glob for sequence in phrases for glob in sequence})
            number = (entry.key, entry.text)
            if inside or lost[number]:
                share = lost[number] / hits[number] if hits[number] else None
                rows.append((lexicon.name, *number, ", ".join(inside), hits[number], lost[number], share))
    table = pd.DataFrame(rows, columns=list(STOP_LIST_AUDIT))
    return table.astype({"share_lost": "float64"})


def _meant(stop: frozenset[str], globs: set[str]) -> list[str]:
    """Return the stop words that one of some word patterns means."""
    return sorted(word for word in stop if any(_is_meant(word, glob) for glob in globs))


def _is_meant(stop_word: str, glob: str) -> bool:
    # a tool that uses the list lowers case before it compares, as most do: then `us` deletes the country
    if glob.startswith("*"):
        return False
    countries = [token for surface, token in COUNTRIES.items() if surface.lower() == stop_word]
    forms = {stop_word, *countries}
    match = glob_pattern(glob).fullmatch
    return any(form == glob or ("*" in glob and len(form) > 2 and match(form) is not None) for form in forms)


def _lost_hits(stop: frozenset[str], lexicon: Lexicon, corpus: Corpus) -> tuple[Counter, Counter]:
    store = corpus.source.tokens("the audit of a stop list")
    hits, lost = Counter(), Counter()
    for key, text, surfaces in _surfaces(find_hits(corpus, lexicon), corpus, store):
        hits[key, text] += 1
        lost[key, text] += any(fold(surface) in stop or surface.lower() in stop for surface in surfaces)
    return hits, lost


def _surfaces(hits: pd.DataFrame, corpus: Corpus, store: TokenStore):
    """Yield for each hit its key, its entry, and its words as they stand in the text."""
    reader = Reader(corpus)
    first = dict(zip(corpus.documents.index, store.document_pointers[:-1].tolist(), strict=True))
    for hit in hits.itertuples():
        place = first[hit.doc_id] + hit.start_token
        sentence = int(store.sentence[place])
        spans, text = reader.sentence(sentence)
        offset = place - int(store.sentence_pointers[sentence])
        words = spans[offset : offset + hit.end_token - hit.start_token]
        yield hit.key, hit.entry, [text[a:b] for a, b in words]
