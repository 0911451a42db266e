"""Words counted: how often, where, in whose company, and which of them set one document apart from others."""

from crossread.terms.collocation import (
    COLLOCATES,
    COLLOCATIONS,
    PHRASES,
    collocates,
    collocation_of,
    collocations,
    phrase_strength_of,
    phrases,
)
from crossread.terms.dispersion import DISPERSION, dispersion, dispersion_of, occurrences
from crossread.terms.frequency import (
    TERM_FREQUENCIES,
    TF_IDF,
    frequency_of,
    segment_inflation,
    segment_matrix,
    term_frequencies,
    tf_idf,
)
from crossread.terms.keyness import (
    KEYNESS,
    SCREENED,
    false_words,
    keyness,
    keyness_of,
    lockwords,
    log_likelihood_of,
    log_odds_of,
    screen_keyness,
)
from crossread.terms.published import published_tables
from crossread.terms.spelling import FINGERPRINTS, read_folding, read_variants, spelling_fingerprints
from crossread.terms.variety import VARIETY, count_syllables, mattr, mtld, readability_of, variety

__all__ = [
    "COLLOCATES",
    "COLLOCATIONS",
    "DISPERSION",
    "FINGERPRINTS",
    "KEYNESS",
    "PHRASES",
    "SCREENED",
    "TERM_FREQUENCIES",
    "TF_IDF",
    "VARIETY",
    "collocates",
    "collocation_of",
    "collocations",
    "count_syllables",
    "dispersion",
    "dispersion_of",
    "false_words",
    "frequency_of",
    "keyness",
    "keyness_of",
    "lockwords",
    "log_likelihood_of",
    "log_odds_of",
    "mattr",
    "mtld",
    "occurrences",
    "phrase_strength_of",
    "phrases",
    "published_tables",
    "read_folding",
    "read_variants",
    "readability_of",
    "screen_keyness",
    "segment_inflation",
    "segment_matrix",
    "spelling_fingerprints",
    "term_frequencies",
    "tf_idf",
    "variety",
]
