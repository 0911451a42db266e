"""Topics: what passages have in common, how stable that is, and what it is worth."""

from crossread.topics.counts import FUNCTION_WORDS, names_as_terms, topic_counts
from crossread.topics.factors import count_factors
from crossread.topics.intrusion import (
    INTRUSION_QUESTIONS,
    INTRUSION_SCORES,
    score_intrusion,
    topic_intrusion,
    word_intrusion,
    word_set_intrusion,
)
from crossread.topics.models import (
    TOPIC_SHARES,
    TOPIC_TERMS,
    TopicModel,
    fit_topics,
    match_topics,
    overlap,
    top_terms,
    topic_names,
    topic_sizes,
    topic_terms,
)
from crossread.topics.quality import (
    TOPIC_SUMMARY,
    add_support,
    coherence,
    nearest_segments,
    topic_places,
    topic_summary,
)
from crossread.topics.stability import (
    SENSITIVITY,
    TOPIC_STABILITY,
    choose_k,
    document_topics,
    leave_one_out,
    sensitivity,
    shuffle_tokens,
    term_retention,
    topic_stability,
    usual_variations,
)

__all__ = [
    "FUNCTION_WORDS", "INTRUSION_QUESTIONS", "INTRUSION_SCORES", "SENSITIVITY", "TOPIC_SHARES", "TOPIC_STABILITY",
    "TOPIC_SUMMARY", "TOPIC_TERMS", "TopicModel", "add_support", "choose_k", "coherence", "count_factors",
    "document_topics", "fit_topics", "leave_one_out", "match_topics", "names_as_terms", "nearest_segments", "overlap",
    "score_intrusion", "sensitivity", "shuffle_tokens", "term_retention", "top_terms", "topic_counts",
    "topic_intrusion", "topic_names", "topic_places", "topic_sizes", "topic_stability", "topic_summary", "topic_terms",
    "usual_variations", "word_intrusion", "word_set_intrusion",
]  # fmt: skip
