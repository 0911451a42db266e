"""What usual stop lists and tokenizers would do to the words of a lexicon, counted before they do it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import pandas as pd

from crossread.corpus import Corpus
from crossread.corpus.tokens import COUNTRIES, TokenStore, fold, token_pattern
from crossread.errors import CrossreadError
from crossread.lexicon.formats import Lexicon
from crossread.lexicon.matching import find_hits
from crossread.lexicon.patterns import glob_pattern, sequences

STOP_LIST_AUDIT = ("lexicon", "key", "entry", "stop_words", "alone", "hits", "hits_lost", "share_lost")
TOKENIZER_AUDIT = ("tokenizer", "lexicon", "key", "words", "kept", "deleted", "confused", "merged", "split", "examples")

# Default token patterns of other tools; each lowers case first, as their defaults do.
TOKENIZERS = {
    "scikit-learn": r"(?u)\b\w\w+\b",  # CountVectorizer(token_pattern=...)
    "white space": r"\S+",  # str.split
    "NLTK wordpunct": r"\w+|[^\w\s]+",  # nltk.tokenize.wordpunct_tokenize
}


def stop_list(name: str) -> frozenset[str]:
    """Return the English stop list of an installed package.

    Parameters
    ----------
    name : {"scikit-learn", "nltk", "gensim"}
        Only scikit-learn is always here; NLTK needs its own data besides.

    Returns
    -------
    frozenset of str

    Raises
    ------
    CrossreadError
        "The stop list of gensim is not here: …. Give the words themselves instead."

    Examples
    --------
    >>> "us" in stop_list("scikit-learn"), "system" in stop_list("scikit-learn")
    (True, True)
    """
    try:
        if name == "scikit-learn":
            from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS as found
        elif name == "nltk":
            from nltk.corpus import stopwords

            found = stopwords.words("english")
        elif name == "gensim":
            from gensim.parsing.preprocessing import STOPWORDS as found
        else:
            raise CrossreadError(
                f"“{name}” is not a known stop list: scikit-learn, nltk, gensim, or the words themselves."
            )
    except (ImportError, LookupError) as error:
        reason = str(error).strip().splitlines()[0]
        raise CrossreadError(
            f"The stop list of {name} is not here: {reason}. Give the words themselves instead."
        ) from None
    return frozenset(found)


def audit_stop_list(
    words: str | Iterable[str],
    lexicons: Iterable[Lexicon],
    corpus: Corpus | None = None,
    *,
    lower_first: bool = True,
) -> pd.DataFrame:
    """Say which entries a stop list would break, and how many hits it would take away.

    Parameters
    ----------
    words : str or iterable of str
        The stop words, in lower case as tools compare them, or the name of a `stop_list`.
    lexicons : iterable of Lexicon
        What to protect.
    corpus : Corpus, optional
        With its texts, to count the hits. Without one the entries are listed and the counts are missing.
    lower_first : bool
        Whether the tool that uses the list lowers case before it compares, as most do: then `us` deletes the country.
        False for words that are compared with crossread's own types.

    Returns
    -------
    DataFrame
        lexicon, key, entry, stop_words (those of which the entry, or what it asks to be near, may consist), alone
        (whether one of them is all that the entry consists of), hits (of the entry in the corpus), hits_lost (hits with
        a word that the list deletes; `us` deletes the country in texts that write US, for case is gone by then),
        share_lost (0 to 1). Only entries that lose something, or could.

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
    us True 2 1 0.5
    """
    stop = frozenset(words) if not isinstance(words, str) else stop_list(words)
    rows = []
    for lexicon in lexicons:
        hits, lost = (Counter(), Counter()) if corpus is None else _lost_hits(stop, lexicon, corpus, lower_first)
        for entry in lexicon.entries:
            phrases = {sequence for text in (entry.pattern, *entry.near) for sequence in sequences(text)}
            inside = _meant(stop, {glob for sequence in phrases for glob in sequence}, lower_first)
            single = {sequence[0] for sequence in sequences(entry.pattern) if len(sequence) == 1}
            alone = _meant(stop, single, lower_first)
            number = (entry.key, entry.text)
            if inside or lost[number]:
                share = lost[number] / hits[number] if hits[number] else None
                counts = (hits[number], lost[number], share) if corpus is not None else (None, None, None)
                rows.append((lexicon.name, *number, ", ".join(inside), bool(alone), *counts))
    table = pd.DataFrame(rows, columns=list(STOP_LIST_AUDIT))
    return table.astype({"hits": "Int64", "hits_lost": "Int64", "share_lost": "float64"})


def _meant(stop: frozenset[str], globs: set[str], lower_first: bool) -> list[str]:
    """Return the stop words that one of some word patterns means."""
    return sorted(word for word in stop if any(_is_meant(word, glob, lower_first) for glob in globs))


def _is_meant(stop_word: str, glob: str, lower_first: bool) -> bool:
    if glob.startswith("*"):
        return False
    countries = [token for surface, token in COUNTRIES.items() if lower_first and surface.lower() == stop_word]
    forms = {stop_word, *countries}
    match = glob_pattern(glob).fullmatch
    return any(form == glob or ("*" in glob and len(form) > 2 and match(form) is not None) for form in forms)


def _lost_hits(stop: frozenset[str], lexicon: Lexicon, corpus: Corpus, lower_first: bool) -> tuple[Counter, Counter]:
    store = corpus.source.tokens("the audit of a stop list")
    hits, lost = Counter(), Counter()
    for key, text, surfaces in _surfaces(find_hits(corpus, lexicon), corpus, store):
        hits[key, text] += 1
        lost[key, text] += any(
            fold(surface) in stop or (lower_first and surface.lower() in stop) for surface, _, _ in surfaces
        )
    return hits, lost


def _surfaces(hits: pd.DataFrame, corpus: Corpus, store: TokenStore):
    """Yield for each hit its key, its entry, and for each word the form in the text, its place in it, and the text."""
    texts = corpus.sentences["text"].to_numpy()
    pattern = token_pattern(store.hyphens)
    first = dict(zip(corpus.documents.index, store.document_pointers[:-1].tolist(), strict=True))
    spans: dict[int, list[tuple[int, int]]] = {}
    for doc_id, key, entry, start, end in zip(
        hits["doc_id"], hits["key"], hits["entry"], hits["start_token"], hits["end_token"], strict=True
    ):
        place = first[doc_id] + start
        sentence = int(store.sentence[place])
        if sentence not in spans:
            found = pattern.finditer(texts[sentence])
            spans[sentence] = [match.span() for match in found if fold(match.group())]
        offset = place - int(store.sentence_pointers[sentence])
        text = texts[sentence]
        yield key, entry, [(text[a:b], (a, b), text) for a, b in spans[sentence][offset : offset + end - start]]


def audit_tokenizer(
    corpus: Corpus, lexicons: Iterable[Lexicon], tokenizers: dict[str, str] | None = None
) -> pd.DataFrame:
    """Say what other tools' default tokenizers make of the words that hit.

    Parameters
    ----------
    corpus : Corpus
        With its texts.
    lexicons : iterable of Lexicon
        Whose hits are looked at.
    tokenizers : dict of str to str, optional
        Names and regular expressions of tokens, applied after lowering case; by default `TOKENIZERS`.

    Returns
    -------
    DataFrame
        tokenizer, lexicon, key, words (words of hits), kept (the same word comes out), deleted (nothing comes out),
        confused (it comes out as another word: US as the pronoun), merged (it comes out glued to its neighbour or to
        punctuation), split (only pieces of it come out), examples (up to three forms that are not kept). The five
        counts add up to `words`.

    Raises
    ------
    TextNeeded
        "The audit of a tokenizer needs the running texts of …".

    Examples
    --------
    >>> from crossread import from_texts
    >>> from crossread.lexicon import make_lexicon
    >>> corpus = from_texts({"a": "The U.S. told the US-led allies, us too."})
    >>> lexicon = make_lexicon("demo", {"us": ["US"], "ally": ["allies"]})
    >>> audit_tokenizer(corpus, [lexicon]).set_index(["tokenizer", "key"]).iloc[:4, 1:].values.tolist()
    [[2, 0, 1, 1, 0, 0, 'U.S., US'], [1, 1, 0, 0, 0, 0, ''], [2, 1, 0, 0, 1, 0, 'US'], [1, 0, 0, 0, 1, 0, 'allies']]
    """
    store = corpus.source.tokens("the audit of a tokenizer")
    words_of = [(lexicon, _words_of_hits(corpus, lexicon, store)) for lexicon in lexicons]
    rows = []
    for name, text in (tokenizers or TOKENIZERS).items():
        pieces_of = _Pieces(re.compile(text))
        for lexicon, words in words_of:
            rows += _count_outcomes(name, lexicon, words, pieces_of)
    return pd.DataFrame(rows, columns=list(TOKENIZER_AUDIT))


def _words_of_hits(corpus: Corpus, lexicon: Lexicon, store: TokenStore) -> list[tuple]:
    surfaces = _surfaces(find_hits(corpus, lexicon), corpus, store)
    return [(key, *word) for key, _, words in surfaces for word in words]


class _Pieces(dict):
    """What another tokenizer makes of each sentence, made when it is first asked for."""

    def __init__(self, pattern: re.Pattern):
        self.pattern = pattern

    def __missing__(self, text: str) -> list[tuple[int, int, str]]:
        self[text] = [(*match.span(), match.group()) for match in self.pattern.finditer(_lower(text))]
        return self[text]


def _count_outcomes(name: str, lexicon: Lexicon, words: list[tuple], pieces_of: _Pieces) -> list[tuple]:
    """Return a row for each key of a lexicon: what becomes of the words of its hits."""
    outcomes: dict[str, Counter] = {key: Counter() for key in lexicon.keys}
    changed: dict[str, Counter] = {key: Counter() for key in lexicon.keys}
    for key, surface, span, text in words:
        outcome = _outcome(surface, span, pieces_of[text])
        outcomes[key][outcome] += 1
        if outcome != "kept":
            changed[key][surface] += 1
    rows = []
    for key, counts in outcomes.items():
        shown = ", ".join(word for word, _ in changed[key].most_common(3))
        rows.append((name, lexicon.name, key, counts.total(), *(counts[each] for each in TOKENIZER_AUDIT[4:9]), shown))
    return rows


def _outcome(surface: str, span: tuple[int, int], pieces: list[tuple[int, int, str]]) -> str:
    """Compare one word with the pieces that another tokenizer makes of its sentence."""
    start, end = span
    word = fold(surface)
    inside = [(a, b, piece) for a, b, piece in pieces if a < end and b > start and any(map(str.isalnum, piece))]
    if not inside:
        return "deleted"
    if any(piece in (word, word.replace("'", "’")) for _, _, piece in inside):
        return "kept"
    if word in COUNTRIES.values() and any(piece == word.replace(".", "") for _, _, piece in inside):
        return "confused"
    return "merged" if any(a < start or b > end or piece == surface.lower() for a, b, piece in inside) else "split"


def _lower(text: str) -> str:
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)
