"""Topics: what passages have in common, how stable that is, and what it is worth beside a lexicon."""

from crossread.topics.intrusion import (
    INTRUSION_QUESTIONS,
    INTRUSION_SCORES,
    intrusion_widget,
    score_intrusion,
    topic_intrusion,
    word_intrusion,
)
from crossread.topics.models import (
    TOPIC_SHARES,
    TOPIC_TERMS,
    TopicModel,
    fit_topics,
    match_topics,
    overlap,
    top_terms,
    topic_shares,
    topic_sizes,
    topic_terms,
)
from crossread.topics.quality import (
    THEME_RECOVERY,
    TOPIC_QUALITY,
    coherence,
    compare_with_codes,
    document_shares,
    nearest_segments,
    topic_quality,
)
from crossread.topics.stability import (
    TOPIC_STABILITY,
    choose_k,
    leave_one_out,
    sensitivity,
    shuffle_tokens,
    term_retention,
    topic_stability,
)
from crossread.topics.vocabulary import FUNCTION_WORDS, join_names, topic_counts

__all__ = [
    "FUNCTION_WORDS", "INTRUSION_QUESTIONS", "INTRUSION_SCORES", "THEME_RECOVERY", "TOPIC_QUALITY",
    "TOPIC_SHARES", "TOPIC_STABILITY", "TOPIC_TERMS", "TopicModel", "choose_k",
    "coherence", "compare_with_codes", "document_shares", "fit_topics",
    "intrusion_widget", "join_names", "leave_one_out", "match_topics", "nearest_segments", "overlap",
    "score_intrusion", "sensitivity", "shuffle_tokens", "term_retention", "top_terms", "topic_counts",
    "topic_intrusion", "topic_quality", "topic_shares", "topic_sizes", "topic_stability", "topic_terms",
    "word_intrusion",
]  # fmt: skip
