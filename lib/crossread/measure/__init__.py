"""What is measured: words, themes, actors and claims, with their limits."""

from crossread.measure.actors import comentions, mentions
from crossread.measure.choices import choose_claim, explain_choices, most_supported, multiverse
from crossread.measure.claims import Claim, draft_claims, find_claims, read_claims
from crossread.measure.codes import merge_codes, read_codes, themes_of, weights_of
from crossread.measure.coding import CodingSession, adjudicate, find_differences, offer_sample
from crossread.measure.collocation import (
    COLLOCATES,
    COLLOCATIONS,
    PHRASES,
    collocates,
    collocation_of,
    collocations,
    phrase_strength_of,
    phrases,
)
from crossread.measure.contrasts import equivalent, theme_contrasts, theme_omnibus
from crossread.measure.deeds import count_deeds, find_deeds, read_deeds, score_deeds
from crossread.measure.dispersion import DISPERSION, dispersion, dispersion_of
from crossread.measure.estimates import add_measured, add_measured_pairs, measure_shares
from crossread.measure.frequency import (
    TERM_FREQUENCIES,
    common_frequencies,
    frequency_of,
    segment_inflation,
    segment_matrix,
    term_frequencies,
)
from crossread.measure.groups import all_together, group_documents, group_shares
from crossread.measure.headline import add_blind_scores, add_false_fire, discriminate, lexicon_sha256
from crossread.measure.keyness import (
    KEYNESS,
    false_words,
    keyness,
    keyness_of,
    log_likelihood_of,
    log_odds_of,
)
from crossread.measure.ledger import evaluate_claims
from crossread.measure.marks import compare_marks, gather_marks, name_sense_coders, read_sense_codes
from crossread.measure.planner import draw_sample, plan_coding
from crossread.measure.proximity import correspondence, similarity
from crossread.measure.published import published_tables, read_headings, read_titles
from crossread.measure.readings import read_readings, readings_table
from crossread.measure.simulation import simulated
from crossread.measure.spelling import FINGERPRINTS, name_words, read_folding, read_variants, spelling_fingerprints
from crossread.measure.themes import locate_hits, locate_sections, theme_rates
from crossread.measure.trends import group_trends, theme_trends
from crossread.measure.validation import list_errors, measure_agreement, validate_lexicon
from crossread.measure.variety import VARIETY, count_syllables, mattr, mtld, readability_of, variety

__all__ = [
    "Claim", "choose_claim", "draft_claims", "explain_choices", "most_supported", "read_claims",
    "comentions", "common_frequencies",
    "correspondence", "evaluate_claims", "find_claims", "locate_hits", "locate_sections", "mentions", "multiverse",
    "read_codes", "merge_codes", "themes_of", "CodingSession", "adjudicate", "all_together", "draw_sample",
    "find_differences", "offer_sample", "plan_coding", "weights_of", "add_measured", "add_measured_pairs",
    "measure_shares",
    "add_blind_scores", "add_false_fire", "discriminate", "lexicon_sha256", "list_errors", "measure_agreement",
    "similarity", "equivalent", "group_documents", "group_shares", "group_trends", "theme_contrasts", "theme_omnibus",
    "theme_rates", "theme_trends", "validate_lexicon", "COLLOCATES", "COLLOCATIONS", "DISPERSION", "FINGERPRINTS",
    "KEYNESS", "PHRASES", "TERM_FREQUENCIES", "VARIETY", "collocates", "collocation_of", "collocations",
    "count_syllables", "dispersion", "dispersion_of", "false_words", "frequency_of", "keyness", "keyness_of",
    "log_likelihood_of", "log_odds_of", "mattr", "mtld", "phrase_strength_of", "phrases", "published_tables",
    "name_words", "read_folding",
    "read_headings", "read_titles",
    "count_deeds", "find_deeds", "read_deeds", "score_deeds",
    "compare_marks", "gather_marks", "name_sense_coders", "read_sense_codes", "read_readings",
    "readings_table", "read_variants",
    "readability_of", "simulated", "segment_inflation", "segment_matrix", "spelling_fingerprints", "term_frequencies",
    "variety",
]  # fmt: skip
