"""Topics: what passages have in common, how stable that is, and what it is worth beside a lexicon."""

from crossread.topics.models import (
    TOPIC_SHARES,
    TOPIC_TERMS,
    TopicModel,
    apply_topics,
    fit_topics,
    match_topics,
    topic_shares,
    topic_terms,
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
from crossread.topics.vocabulary import FUNCTION_WORDS, audit_stop_list, join_names, topic_counts
