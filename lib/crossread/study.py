"""A Study holds what belongs together (a corpus, its lexicons, codes and claims) and answers questions with Tables.

Each method is a few lines over public functions of the rooms below. Which computation, finding, caption and chart
belong to a question stands in one place, `QUESTIONS`.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from contextlib import suppress
from difflib import get_close_matches
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pandas as pd

from crossread import measure
from crossread.coding_widget import Coding
from crossread.corpus import Corpus, corpus_of, gather, load
from crossread.corpus.account import account_for, group_account, list_cuts
from crossread.corpus.load import NOT_COUNTED
from crossread.corpus.places import corpora_folders
from crossread.errors import CrossreadError, NotThere
from crossread.lexicon import (
    Entry,
    Lexicon,
    audit_stop_list,
    concat_matches,
    concordance,
    count_entries,
    find_matches,
    make_lexicon,
    mark_hits,
    read_lexicon,
    roll_up,
    settle_matches,
)
from crossread.lexicon.stop_words import FUNCTION_WORDS
from crossread.measure.groups import Groups
from crossread.measure.readings import Reading
from crossread.notebook import Refusal, tell_errors
from crossread.questions import GROUPED, QUESTIONS
from crossread.table import Card, Table
from crossread.wording import Labels, capital, card_html, card_text, join_names, number_of, spoken_name

if TYPE_CHECKING:
    from ipywidgets import VBox

    from crossread.corpus.tokens import TermMatrix
    from crossread.topics import TopicModel

BODY = ("body",)


def study(
    source: str | Path | Corpus | pd.DataFrame | pd.Series | Mapping[str, str] | Sequence = "alliances",
    *,
    text: str | None = None,
    metadata: str | Path | pd.DataFrame | None = None,
    encoding: str | None = None,
    lexicon: str | Path | Lexicon | Mapping[str, list[str]] = "themes",
    texts: bool | None = None,
) -> Study:
    """Open a study: a corpus by its name or folder, or texts that are at hand, with a lexicon.

    Parameters
    ----------
    source : str, path, Corpus, DataFrame, Series, mapping or list
        The name of a corpus; a folder of files (txt, md, html, pdf, docx, odt, rtf, xml); a table with a row for each
        text, as a file (csv, tsv, xlsx, json, jsonl) or a DataFrame; a mapping or Series of names to texts; a list of
        texts or of records. What could not be read of it stands in `study.corpus.notices`.
    text : str, optional
        The column of a table that holds the texts; guessed without it, which the notices say.
    metadata : path or DataFrame, optional
        A table with a row for each file of a folder. Its columns become columns of the documents, as the other columns
        of a table of texts do.
    encoding : str, optional
        How the characters of the files are written, where that is told wrongly or not at all.
    lexicon : str, path, Lexicon or mapping
        The name of a lexicon of the corpus, its file, itself, or a mapping of themes to lists of words.
    texts : bool, optional
        True insists on running texts, False on published counts.

    Returns
    -------
    Study

    Raises
    ------
    CrossreadError
        "There is no corpus “x”. Corpora here: …"; "No column “body” in this table. It has: …".

    Examples
    --------
    >>> opened = study({"a": "Allies pay. They talk."}, lexicon={"cost": ["pay*"]})
    >>> opened.rates().frame[["doc_id", "key", "count"]].values.tolist()
    [['a', 'cost', 1]]
    """
    tell_errors()
    if isinstance(source, Corpus):
        return Study(source, lexicon)
    if isinstance(source, str) and (len(source) > 250 or "\n" in source):
        raise CrossreadError(
            'This is a text, and no name of a corpus or a folder. Give it under a name: {"mine": text}'
        )
    if isinstance(source, str | Path) and not _holds_texts(source):
        return Study(load(source, texts=texts), lexicon)
    return Study(corpus_of(gather(source, text=text, metadata=metadata, encoding=encoding))[0], lexicon)


def _holds_texts(source: str | Path) -> bool:
    """Tell a folder of files, or a file, from the name or the folder of a corpus."""
    place = Path(source).expanduser()
    if place.is_file():
        return True
    is_named = len(place.parts) == 1 and any((home / place / "documents.csv").is_file() for home in corpora_folders())
    return place.is_dir() and not is_named and not (place / "documents.csv").is_file()


class Study:
    """A corpus with its lexicon, codes and claims, ready to be asked.

    Parameters
    ----------
    corpus : Corpus
    lexicon : str, path, Lexicon or mapping
        As in `study`.

    Attributes
    ----------
    corpus : Corpus
    lexicon : Lexicon
        A corpus that has none yet says how to give one.
    labels : Labels
        What people call its documents and themes.

    Examples
    --------
    The examples of the methods ask these three.

    >>> import crossread as cr
    >>> study, parties, alliances = map(cr.study, ["practice", "parties", "alliances"])
    >>> len(study.documents), len(parties.documents), len(alliances.documents)
    (7, 15, 5)
    """

    def __init__(self, corpus: Corpus, lexicon: str | Path | Lexicon | Mapping[str, list[str]] = "themes"):
        self.corpus = corpus
        self._asked_lexicon = lexicon
        self._answers: dict[tuple, pd.DataFrame] = {}
        self._topic_models: dict[int, object] = {}
        self._hits: dict[tuple, pd.DataFrame] = {}  # of other lexicons, by name and entries
        self._marks: dict[str, dict] = {}  # what coders marked, by rule

    # --- what belongs together --------------------------------------------------------------------------------------

    @property
    def documents(self) -> pd.DataFrame:
        """The documents: see `Corpus.documents`.

        Examples
        --------
        >>> study.documents[["genre", "n_sentences"]].head(3)
                                   genre  n_sentences
        doc_id
        pellworth_2028     working paper           40
        ostrand_2029        book chapter           46
        davreli_2030    think-tank brief           40
        """
        return self.corpus.documents

    @property
    def sentences(self) -> pd.DataFrame:
        """The sentences: see `Corpus.sentences`.

        Examples
        --------
        >>> study.sentences.loc["marsh_2031-004", "text"]
        'It is time that somebody read out the bill.'
        """
        return self.corpus.sentences

    @cached_property
    def lexicon(self) -> Lexicon:
        """The lexicon of themes: see `lexicon.Lexicon`.

        Examples
        --------
        >>> study.lexicon.themes
        ('burden_sharing', 'rival_rise', 'multilateralism')
        """
        return _lexicon_of(self.corpus, self._asked_lexicon)

    @cached_property
    def labels(self) -> Labels:
        """What people call the documents and themes.

        Examples
        --------
        >>> study.labels.theme("rival_rise"), study.labels.document("marsh_2031")
        ("Osmarra's rise", 'Marsh 2031')
        """
        return Labels(self.documents["label"].to_dict(), _ThemeLabels(self), _Names(self))

    @cached_property
    def matches(self) -> pd.DataFrame:
        """Every place where an entry fits, overlapping ones included.

        Examples
        --------
        >>> len(study.matches), study.matches["entry"].nunique()
        (119, 17)
        """
        return find_matches(self.corpus, self.lexicon)

    @cached_property
    def sense_hits(self) -> pd.DataFrame:
        """The hits of each sense, longest first, each word once a sense.

        Examples
        --------
        >>> study.sense_hits["key"].value_counts().to_dict()
        {'burden_sharing': 66, 'multilateralism': 32, 'rival_rise': 21}
        """
        return settle_matches(self.matches)

    @cached_property
    def hits(self) -> pd.DataFrame:
        """The hits of each theme, its senses together, each word once a theme.

        Examples
        --------
        >>> study.hits[["sentence_id", "key", "entry"]].head(2)
                  sentence_id             key                  entry
        0  pellworth_2028-h01  burden_sharing  pay|pays|paid|payment
        1  pellworth_2028-003  burden_sharing             cost|costs
        """
        return settle_matches(roll_up(self.matches))

    @cached_property
    def codes(self) -> pd.DataFrame | None:
        """The codes of this corpus, or None where nobody has coded it.

        Examples
        --------
        >>> study.codes[["sentence_id", "coder", "burden_sharing"]].head(2)
                sentence_id                coder  burden_sharing
        0  ostrand_2029-001  author of the texts               0
        1  ostrand_2029-002  author of the texts               0
        """
        return measure.read_codes(self.corpus)

    def hits_of(self, lexicon: str | Path | Lexicon | Mapping[str, list[str]]) -> pd.DataFrame:
        """Return the hits of another lexicon: "actors", "architectures", a file, a mapping.

        Parameters
        ----------
        lexicon : str, path, Lexicon or mapping
            As in `study`.

        Returns
        -------
        DataFrame
            One row a hit: see `lexicon.find_hits`.

        Examples
        --------
        >>> study.hits_of("actors")["key"].value_counts().head(3).to_dict()
        {'velland': 40, 'osmarra': 33, 'united_shires': 28}
        """
        read = _lexicon_of(self.corpus, lexicon)
        known = (read.name, tuple((entry.key, entry.text) for entry in read))
        if known not in self._hits:
            self._hits[known] = settle_matches(find_matches(self.corpus, read))
            self.labels.themes.add(read)
        return self._hits[known]

    # --- questions --------------------------------------------------------------------------------------------------

    def _answer(self, question: str, compute, **arguments) -> Table:
        key = (question, repr(sorted(arguments.items())))
        if key not in self._answers:
            self._answers[key] = self._labelled(compute())
        asked = GROUPED if arguments.get("by") is not None and question in GROUPED else QUESTIONS
        return Table(Card(asked[question], self, arguments, self._answers[key]))

    def _labelled(self, table: pd.DataFrame) -> pd.DataFrame:
        """Put theme, sense and label beside the key of a table that has one."""
        if "key" not in table or "label" in table:
            return table
        names = table["key"].astype(str)
        parts = names.str.split(".", n=1)
        added = {
            "theme": parts.str[0],
            "sense": [part[1] if len(part) > 1 else "" for part in parts],
            "label": names.map(self.labels.theme),
        }
        table = table.copy(deep=False)
        for place, (name, values) in enumerate(added.items(), start=table.columns.get_loc("key") + 1):
            table.insert(place, name, values)
        return table

    def who(self) -> Table:
        """Who speaks, when, in which kind of text, and at what length?

        Examples
        --------
        >>> study.who()[["doc_id", "genre", "sentences"]].head(3)
                   doc_id             genre  sentences
        0  pellworth_2028     working paper         40
        1    ostrand_2029      book chapter         46
        2    davreli_2030  think-tank brief         40
        """
        return self._answer("who", lambda: self.documents.reset_index().rename(columns={"n_sentences": "sentences"}))

    def account(self) -> Table:
        """How long is each document, and how much of its source is body, headings and notes, or was cut?

        Examples
        --------
        >>> study.account()[["doc_id", "held_as", "n_tokens"]].head(3)
                   doc_id             held_as  n_tokens
        0  pellworth_2028                body       738
        1  pellworth_2028  headings and notes        46
        2  pellworth_2028                 cut        24
        """
        return self._answer("account", lambda: group_account(account_for(self.corpus)))

    def cuts(self) -> Table:
        """What was cut from each source, and why?

        Examples
        --------
        >>> study.cuts().finding
        'The largest cut is “page furniture” in Davreli 2030: 134 tokens.'
        """
        return self._answer("cuts", lambda: list_cuts(account_for(self.corpus)))

    def entries(self) -> Table:
        """Which entries of the lexicon matched, how often, and in how many documents?

        Examples
        --------
        >>> entries = study.entries().query("key == 'multilateralism'")
        >>> entries.nlargest(3, "hits")[["entry", "hits", "documents"]]
                     entry  hits  documents
        16  hub|rim|spokes    12          1
        12      Four Ports     6          4
        14    joint patrol     5          4
        """
        return self._answer("entries", lambda: count_entries(self.sense_hits, self.lexicon, self.documents.index))

    def stop_words(self) -> Table:
        """What would the stop list of scikit-learn delete of what the lexicon, and that of the actors, look for?

        Examples
        --------
        >>> study.stop_words()[["entry", "looked_for", "hits", "hits_lost"]]
                entry       looked_for  hits  hits_lost
        0  Four Ports  Multilateralism     6          6
        1        U.S.    United Shires     8          4
        2  Four Ports       Four Ports     6          6
        """

        def compute() -> pd.DataFrame:
            from sklearn.feature_extraction.text import ENGLISH_STOP_WORDS

            table = audit_stop_list(ENGLISH_STOP_WORDS, filter(None, (self.lexicon, self._actors())), self.corpus)
            named = table["lexicon"].eq("actors")
            table["looked_for"] = (
                table["key"].map(spoken_name).where(named, table["key"].map(self.labels.theme).map(capital))
            )
            return table

        return self._answer("stop_words", compute)

    def groups(self, by: str | None) -> Groups | None:
        """Return the documents in groups by a column of `documents`, or None.

        Parameters
        ----------
        by : str or None
            The column; "decade" is made of the year, "corpus" puts all documents together, None makes no groups.

        Examples
        --------
        >>> parties.groups("party").names
        ('Green Current', 'Harbour Union', 'Shore League')
        """
        if by == "corpus" and by not in self.documents:
            return measure.all_together(self.documents)
        return None if by is None else measure.group_documents(self.documents, by)

    def rates(self, by: str | None = None) -> Table:
        """How often does each document, or group of documents, speak of each theme?

        Examples
        --------
        >>> rates = parties.rates(by="party").query("key == 'burden_sharing'")
        >>> rates[["group", "sentences_with_hit", "share_low", "share_high"]].round(2)
                   group  sentences_with_hit  share_low  share_high
        0  Green Current                  11       0.06        0.21
        3  Harbour Union                  34       0.27        0.49
        6   Shore League                  10       0.05        0.20
        """
        return self._answer("rates", lambda: self._rates(self.hits, by), **_given(by=by))

    def senses(self, by: str | None = None) -> Table:
        """In what sense does each document, or group of documents, speak of each theme?

        Examples
        --------
        >>> senses = {"burden.money": ["pay*", "cost*"], "burden.ships": ["ship*"]}
        >>> made = cr.study({"a": "Allies pay. Ships cost more."}, lexicon=senses)
        >>> made.senses()[["key", "sentences_with_hit"]]
                    key  sentences_with_hit
        0  burden.money                   2
        1  burden.ships                   1
        """
        return self._answer("senses", lambda: self._rates(self.sense_hits, by), **_given(by=by))

    def _rates(self, hits: pd.DataFrame, by: str | None) -> pd.DataFrame:
        rates = measure.theme_rates(hits, self.sentences, by=self.groups(by))
        return measure.add_measured(rates, self._measure(hits, by))

    def _measure(self, hits: pd.DataFrame, by: str | None = None, rule: str = "core or weak") -> pd.DataFrame | None:
        marks = self.marks(rule)
        return measure.measure_shares(hits, marks, self.sentences, by=self.groups(by)) if marks else None

    def marks(self, rule: str = "core or weak") -> dict:
        """What coders marked under a rule, for each theme and sense: see `measure.gather_marks`.

        Examples
        --------
        >>> {theme: int(marked.positive.sum()) for theme, marked in study.marks().items()}
        {'burden_sharing': 86, 'rival_rise': 70, 'multilateralism': 70}
        """
        if rule not in self._marks:
            self._marks[rule] = measure.gather_marks(self.codes, self.sense_codes, self.sentences, rule=rule)
        return self._marks[rule]

    def measured(self, senses: bool = False, by: str | None = None, rule: str = "core or weak") -> Table:
        """What share of each document's sentences would coders mark, judged from the lexicon and the codes together?

        Parameters
        ----------
        senses : bool
            Ask of senses rather than of themes.
        by : str, optional
            Documents put together by a column of theirs; "corpus" puts all together.
        rule : {"core or weak", "core"}
            Which codes count as marked.

        Examples
        --------
        >>> study.measured(by="corpus")[["label", "share", "measured"]].round(2)
                     label  share  measured
        0   Burden sharing   0.17      0.31
        1   Osmarra's rise   0.07      0.25
        2  Multilateralism   0.09      0.25
        """

        def compute() -> pd.DataFrame:
            measured = self._measure(self.sense_hits if senses else self.hits, by, rule)
            if measured is None:
                raise CrossreadError(self._uncoded())
            return measured

        return self._answer("measured", compute, senses=senses, rule=rule, **_given(by=by))

    def contrasts(self, quantity: str = "share", by: str | None = None) -> Table:
        """Which documents, or groups of documents, differ on which theme?

        Examples
        --------
        >>> parties.contrasts(by="party")[["label", "group_a", "group_b", "verdict"]].head(3)
                    label        group_a        group_b              verdict
        0  Burden sharing  Green Current  Harbour Union            supported
        1  Burden sharing  Green Current   Shore League  not distinguishable
        2  Burden sharing  Harbour Union   Shore League            supported
        """

        def compute() -> pd.DataFrame:
            contrasts = measure.theme_contrasts(self.hits, self.sentences, quantity=quantity, by=self.groups(by))
            return measure.add_measured_pairs(contrasts, self._measure(self.hits, by))

        return self._answer("contrasts", compute, quantity=quantity, **_given(by=by))

    def omnibus(self, quantity: str = "share", by: str | None = None) -> Table:
        """Does any document, or group of documents, differ from the others on a theme? Asked before the pairs.

        Examples
        --------
        >>> parties.omnibus(by="party")[["label", "p_adjusted", "verdict"]].round(3)
                     label  p_adjusted              verdict
        0   Burden sharing       0.001            supported
        1   Osmarra's rise       1.000  not distinguishable
        2  Multilateralism       0.363  not distinguishable
        """
        return self._answer(
            "omnibus",
            lambda: measure.theme_omnibus(self.hits, self.sentences, quantity=quantity, by=self.groups(by)),
            quantity=quantity,
            **_given(by=by),
        )

    def trends(self, by: str = "year", quantity: str = "share") -> Table:
        """Does a theme grow or shrink over the years, or along another column of numbers?

        Examples
        --------
        >>> parties.trends()[["label", "fitted_first", "fitted_last", "verdict"]].round(2)
                     label  fitted_first  fitted_last              verdict
        0   Burden sharing          0.22         0.19  not distinguishable
        1   Osmarra's rise          0.00         0.30            supported
        2  Multilateralism          0.21         0.22  not distinguishable
        """
        return self._answer(
            "trends",
            lambda: measure.theme_trends(self.hits, self.sentences, self.groups(by), quantity=quantity),
            by=by,
            quantity=quantity,
        )

    def group_trends(self, by: str, along: str = "year", quantity: str = "share") -> Table:
        """Does a theme grow or shrink over the years in each group of documents, such as each party?

        Examples
        --------
        >>> lines = parties.group_trends("party").query("key == 'rival_rise'")
        >>> lines[["group", "fitted_first", "fitted_last", "verdict"]].round(2)
                   group  fitted_first  fitted_last    verdict
        1  Green Current           0.0         0.28  supported
        4  Harbour Union           0.0         0.31  supported
        7   Shore League           0.0         0.31  supported
        """
        return self._answer(
            "group_trends",
            lambda: measure.group_trends(
                self.hits, self.sentences, self.groups(along), self.groups(by), quantity=quantity
            ),
            by=by,
            along=along,
            quantity=quantity,
        )

    def places(self) -> Table:
        """Where in each document do the hits stand?

        Examples
        --------
        >>> study.places().finding
        "8 of 10 hits of “Burden sharing” in Four Ports 2032 stand within a quarter of the text. Hits: Burden sharing
        64, Osmarra's rise 20 and Multilateralism 31."
        """
        return self._answer("places", lambda: measure.locate_hits(self.hits, self.sentences))

    def marked(self) -> Table:
        """What do coders mark in these pages, sense by sense, beside what the lexicon counts?

        Examples
        --------
        >>> marked = alliances.marked().nlargest(3, "only_marked")
        >>> marked[["doc_id", "label", "counted", "marked"]]
                 doc_id                         label  counted  marked
        44  wesley_2017  Forces, bases and casualties        8      22
        56  wesley_2017   Ties among allies, partners        7      16
        77  harold_2019   Ties among allies, partners       14      26
        """
        codes = self.sense_codes
        if codes is None:
            raise CrossreadError(
                f"Nobody has coded the senses of “{self.corpus.name}”. Codes stand in sense_codes.csv of its folder: "
                "doc_id, sentence_id, key, a column for each coder, adjudicated. Without them skip the cells that ask."
            )
        return self._answer("marked", lambda: measure.compare_marks(self.sense_hits, codes, self.sentences))

    @cached_property
    def sense_codes(self) -> pd.DataFrame | None:
        """Which sentences coders marked for which sense, or None where nobody has.

        Examples
        --------
        >>> study.sense_codes is None, len(alliances.sense_codes)
        (True, 501)
        """
        folder = self.corpus.folder
        return measure.read_sense_codes(folder / "sense_codes.csv") if folder else None

    def prescription(self) -> Table:
        """How often does each document say what should, must, needs to or ought to be done?

        Examples
        --------
        >>> said = study.prescription().query("sentences_with_hit > 0")
        >>> said[["doc_id", "label", "sentences_with_hit"]]
                  doc_id             label  sentences_with_hit
        6   ostrand_2029  need to, have to                   1
        12    marsh_2031            should                   1
        22      han_2033  need to, have to                   1
        24     quay_2034            should                   1
        """

        def compute() -> pd.DataFrame:
            hits = self.hits_of("registers")
            keys = [key for key in hits["key"].cat.categories if key.startswith("prescription")]
            chosen = hits[hits["key"].isin(keys)]
            return measure.theme_rates(chosen.assign(key=chosen["key"].cat.set_categories(keys)), self.sentences)

        return self._answer("prescription", compute)

    def spelling(self) -> Table:
        """Which written forms of one thing does each document use: US or U.S., Asia-Pacific or Indo-Pacific?

        Examples
        --------
        >>> study.spelling().finding
        '“U.S.” in Ostrand 2029 and Marsh 2031; “US” in Davreli 2030, Han 2033 and Quay 2034. “defence” in Pellworth
        2028 and Marsh 2031. “towards” in Ostrand 2029.'
        """
        return self._answer("spelling", lambda: measure.spelling_fingerprints(self.corpus))

    def deeds(self) -> Table:
        """Who does what to whom?

        Examples
        --------
        >>> study.deeds()[["doc_id", "agent", "deed", "patient"]].head(3)
                 doc_id           agent    deed        patient
        0  ostrand_2029  gannet_council  commit        osmarra
        1  ostrand_2029         velland  commit        mirrowe
        2  davreli_2030         osmarra  engage  united_shires
        """
        return self._answer("deeds", lambda: measure.count_deeds(self.found_deeds, self.sentences))

    @cached_property
    def found_deeds(self) -> pd.DataFrame:
        """Every deed with its agent and patient, one row each.

        Examples
        --------
        >>> study.found_deeds[["sentence_id", "agent", "deed", "patient"]].head(2)
                   sentence_id    agent    deed         patient
        0     davreli_2030-033  osmarra  engage   united_shires
        1  four_ports_2032-037  velland  engage  gannet_council
        """
        return measure.find_deeds(self.hits_of("actors"), self.hits_of("deeds"))

    def scores(self) -> Table:
        """Does the lexicon find the sentences that coders marked, also where its authors had not seen the codes?

        Examples
        --------
        >>> scores = study.scores().query("rule == 'core or weak'")
        >>> scores[["label", "precision", "recall"]].round(2)
                     label  precision  recall
        0   Burden sharing       0.98    0.52
        2   Osmarra's rise       1.00    0.27
        4  Multilateralism       1.00    0.34
        """

        def compute() -> pd.DataFrame:
            scores = measure.validate_lexicon(self.hits, self.codes, entries=False)
            scores = measure.add_blind_scores(scores, self.lexicon, self.codes)
            return measure.add_false_fire(scores, measure.discriminate(self.lexicon))

        return self._answer("scores", compute)

    def errors(self, rule: str = "core or weak") -> Table:
        """Which sentences does the lexicon call wrongly, and which does it miss?

        Examples
        --------
        >>> study.errors().query("error == 'false positive'")[["label", "sentence_id", "entries"]]
                    label       sentence_id                           entries
        3  Burden sharing  ostrand_2029-042  burden|burdens ! burden of proof
        """
        if self.codes is None:
            raise CrossreadError(self._uncoded())
        return self._answer(
            "errors", lambda: measure.list_errors(self.hits, self.codes, self.sentences, rule=rule), rule=rule
        )

    def _uncoded(self) -> str:
        return (
            f"Nobody has coded “{self.corpus.name}”. Begin with study.code(NAME); study.plan() says how many sentences "
            "it takes."
        )

    def discriminant(self) -> Table:
        """How often does the lexicon fire where a neighbour of the theme is present and the theme is not?

        Examples
        --------
        >>> alliances.discriminant()[["label", "n", "fired"]]
                     label   n  fired
        0   Burden sharing  20      1
        1     China's rise  20      0
        2  Multilateralism  20      1
        """
        return self._answer("discriminant", lambda: measure.discriminate(self.lexicon))

    def plan(self, margin: float = 0.1, sentences: int | None = None, by: str | None = None) -> Table:
        """How many more sentences need coding, and where, for limits of ±margin (or for so many more sentences)?

        Parameters
        ----------
        margin : float
            How far the limits of each theme's share may lie from it, 0 to 1.
        sentences : int, optional
            Plan for so many more sentences instead, but for five of each kind in each document at least.
        by : str, optional
            Limits are wanted for documents put together by a column of theirs; "corpus" puts all together.

        Examples
        --------
        >>> cr.study("practice", lexicon={"cold": ["winter*", "frost"]}).plan().finding
        'To know the share of each theme in each document to within ±10 points, 183 more of 278 sentences need coding,
        about 37 minutes at 12 seconds each. Now the widest limits reach ±96 points (Marsh 2031); then ±10 points.'
        """

        def compute() -> pd.DataFrame:
            return measure.plan_coding(
                self.hits, self.marks(), self.sentences, keys=self._coded_themes(), margin=margin, budget=sentences,
                by=self.groups(by),
            )  # fmt: skip

        return self._answer("plan", compute, margin=margin, **_given(sentences=sentences, by=by))

    def _coded_themes(self) -> list[str]:
        """The themes that are coded, or may be: those of the codes that the lexicon has, else all of the lexicon."""
        coded = [] if self.codes is None else measure.themes_of(self.codes)
        return [theme for theme in self.lexicon.themes if theme in coded] or list(self.lexicon.themes)

    def code(
        self,
        coder: str,
        themes: Iterable[str] | None = None,
        *,
        margin: float = 0.1,
        sentences: int | None = None,
        by: str | None = None,
        settle: bool = False,
    ) -> Coding:
        """Code the sentences that `plan` asks for, one at a time, blind to the lexicon; saved after each.

        All coders of a corpus get the same sample. Where the texts are not attached, the practice corpus serves.

        Parameters
        ----------
        coder : str
            Name or initials.
        themes : iterable of str, optional
            What to code for; what is coded so far, else all themes of the lexicon.
        margin, sentences, by
            As in `plan`.
        settle : bool
            Settle the sentences on which coders differ instead.

        Returns
        -------
        Coding
            Shows itself in a notebook; `.session` is the `CodingSession`.

        Examples
        --------
        >>> study.code("ada")
        Coding for ada: 0 of 235 sentences coded.
        """
        if not self.corpus.attached:
            note = f"The texts of “{self.corpus.name}” are not attached: this is the practice corpus, to try."
            return Coding(study("practice").code(coder).session, note=note)
        if settle:
            return Coding(measure.adjudicate(self.corpus, self.codes, coder))
        keys = self._coded_themes() if themes is None else list(themes)
        sample = measure.offer_sample(
            self.corpus, self.hits, keys, coder, marks=self.marks(), margin=margin, budget=sentences,
            by=self.groups(by), lexicon=measure.lexicon_sha256(self.lexicon),
        )  # fmt: skip
        return Coding(measure.CodingSession(self.corpus, keys, coder, sample=sample), self.codes)

    def frequencies(self, terms: list[str] | None = None, top: int = 10, by: str | None = None) -> Table:
        """How often does each document, or group, use the most frequent words, or some that are given?

        Without words given, function words and names are left out.

        Examples
        --------
        >>> study.frequencies(["gas"])[["doc_id", "count", "per_1000"]].round(1).head(3)
                   doc_id  count  per_1000
        0  pellworth_2028      6       8.1
        1    ostrand_2029      4       4.5
        2    davreli_2030      2       3.3
        """

        def compute() -> pd.DataFrame:
            names = () if terms else measure.name_words(self.corpus, self._actors(), parts=True)
            return measure.common_frequencies(self.corpus, terms, top, self.groups(by), leave_out=names)

        return self._answer(
            "frequencies",
            compute,
            terms=terms,
            top=top,
            **_given(by=by),
        )

    def dispersion(self, terms: list[str] | None = None) -> Table:
        """How evenly is a word spread over each document?

        Examples
        --------
        >>> study.dispersion(["gas"])[["doc_id", "count", "dp_norm"]].round(2).head(3)
                   doc_id  count  dp_norm
        0  pellworth_2028      6     0.47
        1    ostrand_2029      4     0.87
        2    davreli_2030      2     0.81
        """
        return self._answer("dispersion", lambda: measure.dispersion(self.corpus, terms), terms=terms)

    def keyness(
        self, target: str | None = None, reference: str | None = None, by: str | None = None, fold: bool = True
    ) -> Table:
        """Which words does a document, or a group of documents, use more, or less, than the others?

        Parameters
        ----------
        target, reference : str, optional
            A document, or group; each against all others unless given.
        by : str, optional
            Documents put together by a column of theirs.
        fold : bool
            Spellings of one word are counted together, and names are left to the figures on spelling and actors. False
            counts every word as it is written.

        Examples
        --------
        >>> words = parties.keyness("Green Current", by="party").query("verdict == 'supported'")
        >>> words[["term", "count", "reference_count"]]
                   term  count  reference_count
        0          wind      5                0
        2      regional      5                1
        111  contribute      0                9
        """

        def compute() -> pd.DataFrame:
            folding = measure.read_folding() if fold else None
            names = measure.name_words(self.corpus, self._actors()) if fold else ()
            return measure.keyness(self.corpus, target, reference, by=self.groups(by), folding=folding, leave_out=names)

        return self._answer("keyness", compute, target=target, reference=reference, **_given(by=by), fold=fold)

    def _actors(self) -> Lexicon | None:
        """The actors of the corpus, or None where it has no such lexicon."""
        try:
            return _lexicon_of(self.corpus, "actors")
        except CrossreadError:
            return None

    @property
    def names_joined(self) -> tuple[Entry, ...]:
        """The entries of actors and arrangements, of which a topic model counts each as one term.

        Examples
        --------
        >>> [entry.text for entry in study.names_joined[:2]]
        ['United Shires', 'U.S.']
        """
        read = []
        for name in ("actors", "architectures"):
            with suppress(CrossreadError):  # a corpus may have no such lexicon
                read += _lexicon_of(self.corpus, name).entries
        return tuple(read)

    def false_words(self, document: str | None = None) -> Table:
        """How many words does a test call different between random halves of one document?

        Examples
        --------
        >>> study.false_words().finding
        'Between random halves of one document these shares of the words are called different: 1 % by the test
        “between passages” and 6 % by the test “log-likelihood”.'
        """
        longest = str(self.documents["n_tokens"].idxmax()) if document is None else document
        unit = "paragraph" if self.documents["n_paragraphs"][longest] > 3 else "segment"
        return self._answer(
            "false_words",
            lambda: measure.false_words(self.corpus, longest, unit=unit, rounds=40),
            document=longest,
        )

    def collocations(self, node: str | None = None) -> Table:
        """Which words stand near each other more often than by chance? Function words are left out.

        Examples
        --------
        >>> study.collocations()[["term_a", "term_b", "count", "expected"]].round(1).head(3)
           term_a  term_b  count  expected
        0  shires  united     14       0.4
        1  anselm      st      7       0.1
        2    dock     dry      6       0.1
        """
        return self._answer(
            "collocations", lambda: measure.collocations(self.corpus, node, leave_out=FUNCTION_WORDS), node=node
        )

    def similarity(self, by: str | None = None, how: str = "delta") -> Table:
        """How near are the documents, or groups of documents, to one another?

        Parameters
        ----------
        by : str, optional
            The documents of each group are joined into one text by a column of theirs.
        how : {"delta", "cosine", "cosine_tfidf", "jensen_shannon"}
            The measure.

        Examples
        --------
        >>> parties.similarity(by="party").finding
        'Nearest are Harbour Union and Shore League (0.68), farthest Green Current and Harbour Union (0.75), with
        limits that overlap.'
        """
        return self._answer(
            "similarity", lambda: measure.similarity(self.corpus, how, by=self.groups(by)), how=how, **_given(by=by)
        )

    def map(self) -> Table:
        """Which documents share their words, on one map?

        Examples
        --------
        >>> study.map().finding
        'On the first axis, with 29 % of all differences in words, Pellworth 2028 stands farthest from Han 2033.'
        """
        return self._answer("map", lambda: measure.correspondence(self.corpus, minimum_count=8))

    def topic_stability(self, ks: Iterable[int] | None = None) -> Table:
        """How many topics do the texts support, against the same texts with their words shuffled in each document?

        Examples
        --------
        >>> sea, cold = "Boats land herring. Nets hold cod. ", "Gas warms houses. Storage holds oil. "
        >>> made = cr.study({"a": sea * 24 + cold * 12, "b": cold * 12 + sea * 12})
        >>> made.topic_stability([2])[["k", "agreement", "null_95", "verdict"]].round(2)
           k  agreement  null_95    verdict
        0  2       0.95     0.87  supported
        """
        from crossread import topics

        asked = None if ks is None else tuple(ks)
        return self._answer("topic_stability", lambda: topics.topic_stability(self.topic_counts, asked), ks=asked)

    def topics(self, k: int | None = None, by: str | None = None) -> Table:
        """Which topics does a model find: which words, which documents, which sentences? Or: how much in which group?

        Without a number there are as many as are supported within documents, or three, to look at, where none is. With
        `by`, the share of each topic in the joined text of each group of documents, with limits: whole documents are
        the units.

        Examples
        --------
        >>> sea, cold = "Boats land herring. Nets hold cod. ", "Gas warms houses. Storage holds oil. "
        >>> made = cr.study({"a": sea * 24 + cold * 12, "b": cold * 12 + sea * 12})
        >>> made.topics(2)["terms"].tolist()
        ['boats, cod, herring, hold, land, nets, gas, holds, houses, oil', 'gas, houses, warms, holds, oil, storage,
        boats, cod, herring, hold']
        """
        from crossread import topics

        def compute() -> pd.DataFrame:
            model = self.topic_model(k)
            if by is not None:
                shares = measure.group_shares(topics.document_topics(model), self.groups(by))
                shares.insert(1, "name", [topics.topic_names(model)[topic - 1] for topic in shares["part"]])
                shares = shares.rename(columns={"part": "topic"})
                return topics.add_support(shares, model.k, self.topic_stability().frame)
            retained = topics.term_retention(self.topic_counts, model)
            return topics.topic_summary(self.corpus, model, retained, self.topic_stability().frame)

        return self._answer("topics", compute, k=k, **_given(by=by))

    def topic_sections(self, k: int | None = None) -> Table:
        """Where along each document, section by section, is which topic?

        Examples
        --------
        >>> places = study.topic_sections(4).query("doc_id == 'pellworth_2028' and share > 0.5")
        >>> places[["section", "name", "share"]].round(2).head(3)
           section                    name  share
        1        2  gas, pressure, storage   0.92
        5        3  gas, pressure, storage   0.99
        9        3  gas, pressure, storage   1.00
        """
        from crossread import topics

        return self._answer("topic_sections", lambda: topics.topic_places(self.corpus, self.topic_model(k)), k=k)

    def topic_sensitivity(self, k: int | None = None) -> Table:
        """What is left of each topic without a document, or had one decision been taken otherwise?

        Examples
        --------
        >>> kept = study.topic_sensitivity(4).query("variation == 'one topic fewer'")
        >>> kept[["name", "terms_kept"]]
                                  name  terms_kept
        28    herring, boats, skippers           7
        29      gas, pressure, storage          10
        30  garrison, harbour, Mirrowe          10
        31            dock, dry, steel           0
        """
        from crossread import topics

        return self._answer("topic_sensitivity", lambda: topics.sensitivity(self.corpus, self.topic_model(k)), k=k)

    def topic_intruders(self, k: int | None = None, test: str = "words", per_topic: int = 2, seed: int = 0) -> Table:
        """Which word, which set of words ("sets"), or which topic of a passage ("topics") does not belong?

        Examples
        --------
        >>> study.topic_intruders(4).loc[0, ["choices", "intruder"]].tolist()
        ['fishing | skippers | cod | nets | storage | catch', 'storage']
        """
        from crossread import topics

        def compute() -> pd.DataFrame:
            model = self.topic_model(k)
            if test == "topics":
                return topics.topic_intrusion(model, self.corpus, questions=per_topic * model.k, seed=seed)
            tests = {"words": topics.word_intrusion, "sets": topics.word_set_intrusion}
            if test not in tests:
                raise CrossreadError(f"There is no intruder test “{test}”: choose words, sets or topics.")
            return tests[test](model, per_topic=per_topic, seed=seed)

        return self._answer("topic_intruders", compute, k=k, test=test, per_topic=per_topic, seed=seed)

    def topic_model(self, k: int | None = None) -> TopicModel:
        """The fitted topics, a `TopicModel`, for the functions of `crossread.topics`.

        Parameters
        ----------
        k : int, optional
            The number of topics; as in `topics` without it.

        Examples
        --------
        >>> cr.topics.topic_names(study.topic_model(4))
        ['herring, boats, skippers', 'gas, pressure, storage', 'garrison, harbour, Mirrowe', 'dock, dry, steel']
        """
        from crossread import topics

        number = k or topics.choose_k(self.topic_stability().frame) or 3
        if number not in self._topic_models:
            self._topic_models[number] = topics.fit_topics(self.topic_counts, number)
        return self._topic_models[number]

    @cached_property
    def topic_counts(self) -> TermMatrix:
        """The counts to which topics are fitted.

        Examples
        --------
        >>> study.topic_counts.matrix.shape
        (68, 344)
        """
        from crossread import topics

        return topics.topic_counts(self.corpus)

    def actors(self, lexicon: str | Path | Lexicon | Mapping[str, list[str]] = "actors") -> Table:
        """Who is named with whom?

        Examples
        --------
        >>> study.actors()[["actor_a", "actor_b", "sentences", "expected"]].round(1).head(3)
           actor_a  actor_b  sentences  expected
        0  velland  kessary         11       3.0
        1  velland   seorin         10       2.6
        2  velland  mirrowe          8       3.2
        """
        return self._answer(
            "actors",
            lambda: measure.comentions(self.hits_of(lexicon), self.sentences, minimum_sentences=2),
            lexicon=lexicon,
        )

    def architectures(self) -> Table:
        """Which security arrangements does each document name?

        Examples
        --------
        >>> named = study.architectures().query("doc_id == 'four_ports_2032' and sentences > 0")
        >>> named[["label", "sentences"]]
                               label  sentences
        33                Four Ports          1
        34            Gannet Council          2
        35           Storage compact          1
        36              Joint patrol          2
        37  Coalition of the willing          1
        """
        return self._answer("architectures", lambda: measure.mentions(self.hits_of("architectures"), self.sentences))

    def claims(self) -> Table:
        """What does the study say, and does it hold: as counted, as measured, and in general?

        Examples
        --------
        >>> study.claims()[["claim", "so_counted", "verdict"]]
                                   claim  so_counted              verdict
        0   draft-burden-sharing-highest        True  not distinguishable
        1       draft-rival-rise-highest        True        too few units
        2  draft-multilateralism-highest        True        too few units
        """

        def compute() -> pd.DataFrame:
            asked, matches = self._claimed
            return measure.evaluate_claims(
                asked, matches, self.sentences, labels=self.labels, marks=self.marks(),
                specifications=self.specifications,
            )  # fmt: skip

        return self._answer("claims", compute)

    def curve(self, claim: str | None = None) -> Table:
        """In which ways of measuring does the number point as a claim says, and in which is it supported?

        Parameters
        ----------
        claim : str, optional
            Its id, as in `claims`; the claim which most ways support unless given.

        Examples
        --------
        >>> study.curve().finding
        '100 % of the ways of measuring point as the claim says, 0 % support it. There are 180 ways; families of
        choices weigh the same. The variance of the estimate is due to the unit (91 %), several choices together (5 %)
        and the lexicon (4 %).'
        """
        claim = measure.most_supported(self.specifications) if claim is None else claim
        return self._answer("curve", lambda: measure.choose_claim(self.specifications, claim), claim=claim)

    def choices(self, claim: str | None = None) -> VBox:
        """Return a widget that switches the choices of measuring on and off; curve and counts follow.

        Parameters
        ----------
        claim : str, optional
            The claim that is shown first.

        Returns
        -------
        ipywidgets.VBox

        Raises
        ------
        CrossreadError
            "Switching choices needs ipywidgets. …"

        Examples
        --------
        >>> switches = study.choices()
        >>> [box.description for box in switches.children[1].children]
        ['unit', 'sentences', 'length', 'lexicon']
        """
        from crossread.charts.claims import switch_choices

        return switch_choices(self.specifications, self.claims().frame.set_index("claim")["text"], claim)

    def tried(self) -> Table:
        """On made text where nothing differs: how often is something claimed, and how often are limits right?

        Examples
        --------
        >>> study.tried().finding
        'Where nothing differs, something was claimed in 3.8 % of the runs at most. Limits held the truth in 97.2 % of
        the cases at least; they say 95 %.'
        """
        return self._answer("tried", lambda: measure.simulated().query("quantity == 'share'").reset_index(drop=True))

    @cached_property
    def specifications(self) -> pd.DataFrame:
        """Every claim in every way of measuring it: see `measure.multiverse`.

        Examples
        --------
        >>> study.specifications.groupby("claim", sort=False)["agrees"].agg(["size", "mean"])
                                       size  mean
        claim
        draft-burden-sharing-highest    180   1.0
        draft-rival-rise-highest         80   1.0
        draft-multilateralism-highest   140   1.0
        """
        asked, matches = self._claimed
        lexicons = [self.lexicon, *(_lexicon_of(self.corpus, name) for name in self._lexicons_claimed(asked))]
        return measure.multiverse(asked, matches, self.sentences, lexicons=lexicons)

    @cached_property
    def _claimed(self) -> tuple[tuple[measure.Claim, ...], pd.DataFrame]:
        """The claims, and the matches of all lexicons that they are about."""
        asked = measure.find_claims(self.corpus, self.rates().frame)
        tables = [self.matches]
        for name in self._lexicons_claimed(asked):
            lexicon = _lexicon_of(self.corpus, name)
            self.labels.themes.add(lexicon)
            tables.append(find_matches(self.corpus, lexicon))
        return asked, concat_matches(tables)

    def _lexicons_claimed(self, claims: Iterable[measure.Claim]) -> list[str]:
        named = dict.fromkeys(claim.lexicon for claim in claims)
        return [name for name in named if name not in ("", self.lexicon.name)]

    @cached_property
    def readings(self) -> Readings:
        """What does a reader find in these texts? `study.readings` shows all; a name after a dot, as .money, is one.

        Examples
        --------
        >>> alliances.readings.table[["reading", "title"]].head(3)
           reading                                     title
        0    kinds        Five texts of five different kinds
        1  vantage          They write from different places
        2    money  Only one text weighs what alliances cost
        """
        folder = self.corpus.folder
        return Readings(self, measure.read_readings(folder / "readings.yml") if folder else ())

    def count_sentences(self, key: str, lexicon: str = "") -> pd.Series:
        """Return in how many sentences of each document's body a theme or sense stands, 0 where it does not.

        Parameters
        ----------
        key : str
        lexicon : str
            The name of another lexicon than that of the study.

        Examples
        --------
        >>> study.count_sentences("rival_rise").nlargest(3).to_dict()
        {'davreli_2030': 10, 'quay_2034': 3, 'marsh_2031': 2}
        """
        hits = self.hits_of(lexicon) if lexicon else self.sense_hits
        wanted = [name for name in hits["key"].cat.categories if name == key or name.startswith(f"{key}.")]
        if not wanted:
            raise CrossreadError(f"No theme or sense “{key}”. There are: {', '.join(hits['key'].cat.categories)}.")
        kinds = self.sentences["kind"].reindex(hits["sentence_id"]).to_numpy()
        chosen = hits[hits["key"].isin(wanted).to_numpy() & (kinds == "body")]
        counted = chosen.groupby("doc_id", observed=True)["sentence_id"].nunique()
        return counted.reindex(self.documents.index, fill_value=0)

    # --- reading ----------------------------------------------------------------------------------------------------

    def read(self, sense: str, document: str | None = None) -> Table:
        """Which sentences stand behind a theme or sense, in one document or all? With texts, hits are marked.

        Parameters
        ----------
        sense : str
            A theme ("china_rise"), a sense ("china_rise.deter"), or the last part of one ("deter") where no other sense
            ends so.
        document : str, optional
            Its id.

        Examples
        --------
        >>> study.read("rival_rise", "marsh_2031").loc[1, "marked_text"]
        'My point is smaller: whoever believes that ⟦Osmarra⟧ is growing should be the first to open his purse.'
        """
        keys = [key for key in self.lexicon.keys if key == sense or key.startswith(f"{sense}.")]
        if not keys:
            keys = [key for key in self.lexicon.keys if key.endswith(f".{sense}")]
            if len(keys) > 1:
                raise CrossreadError(f"Senses of several themes are called “{sense}”: name one of {join_names(keys)}.")
        if not keys:
            raise CrossreadError(f"No theme or sense “{sense}”. There are: {', '.join(self.lexicon.keys)}.")
        if document is not None and document not in self.documents.index:
            raise CrossreadError(f"No document “{document}”. There are: {', '.join(self.documents.index)}.")
        hits = self.sense_hits[self.sense_hits["key"].isin(keys)]
        if document is not None:
            hits = hits[hits["doc_id"] == document]
        return self._answer("read", lambda: mark_hits(self.corpus, hits).reset_index(), sense=sense, document=document)

    def read_sentences(
        self,
        ids: Iterable[str],
        key: str | None = None,
        lexicon: str | Path | Lexicon | Mapping[str, list[str]] | None = None,
    ) -> Table:
        """Return sentences by their ids for reading, with hits marked where texts are attached.

        Parameters
        ----------
        ids : iterable of str
        key : str, optional
            The theme or sense whose hits are marked; all by default.
        lexicon : str, path, Lexicon or mapping, optional
            The lexicon whose hits are marked, where it is not that of the study; without texts a published one.

        Examples
        --------
        >>> study.read_sentences(["marsh_2031-009"], lexicon="actors")["marked_text"].item()
        "Last autumn Mr. Aldous Penn Jr announced in ⟦Harrow⟧ that the ⟦U.S.⟧ Treasury could no longer carry nine
        tenths of a watch that is kept on other people's doorsteps."
        """
        wanted = tuple(ids)
        missing = next((one for one in wanted if one not in self.sentences.index), None)
        if missing is not None:
            known = ", ".join(self.sentences.index[:3])
            raise CrossreadError(f"No sentence “{missing}” in “{self.corpus.name}”. Ids look like: {known}.")
        hits = self.sense_hits if lexicon is None else self.hits_of(lexicon)
        hits = hits[hits["sentence_id"].isin(wanted)]
        if key is not None:
            keys = hits["key"].astype(str)
            hits = hits[(keys == key) | keys.str.startswith(f"{key}.")]
        return self._answer(
            "read",
            lambda: mark_hits(self.corpus, hits, wanted).reset_index(),
            sentences=wanted,
            key=key,
            lexicon=lexicon,
        )

    def search(self, pattern: str, *, window: int = 6) -> Table:
        """Where does a word or pattern stand, with the words around it?

        Parameters
        ----------
        pattern : str
            As in a lexicon: `burden*`, `fair (share|deal)`, `cost* ~10 ally|allies`.
        window : int
            Words to the left and to the right.

        Raises
        ------
        TextNeeded
            "A concordance needs the running texts of …".

        Examples
        --------
        >>> study.search("burden of proof", window=3)[["left", "match", "right"]]
                         left            match                 right
        0  economist, and the  burden of proof       is heavier than
        1        of this. The  burden of proof  , says the minister,
        """

        def compute() -> pd.DataFrame:
            return concordance(self.corpus, pattern, window=window, kinds=BODY)

        return self._answer("search", compute, pattern=pattern, window=window)

    def variety(self) -> Table:
        """How varied are a document's words, and how hard is it to read?

        Examples
        --------
        >>> study.variety().finding
        'Over runs of 50 tokens Pellworth 2028 repeats its words least (MATTR 0.82), Four Ports 2032 most (0.77), with
        limits that overlap.'
        """
        return self._answer("variety", lambda: measure.variety(self.corpus))

    def why(self, figure: str, row: int) -> pd.DataFrame:
        """Return the sentences behind a row of a published figure's table, with their places in the source.

        Parameters
        ----------
        figure : str
            Such as "fig-08-contrasts", or its beginning.
        row : int
            The row of figures/data/fig-….csv, 1 for the first under the header.

        Returns
        -------
        DataFrame
            Index sentence_id; doc_id, kind, start and end (characters of the source, half open); text where attached.

        Examples
        --------
        >>> alliances.why("fig-05-senses", 13).index[:3].tolist()
        ['tow_envall_2011-001', 'tow_envall_2011-003', 'tow_envall_2011-004']
        """
        from crossread.charts.figures import OF_THE_PROJECT, folder, read_saved

        place = None if self.corpus.name in OF_THE_PROJECT else folder(self.corpus)
        question, arguments, values = read_saved(figure, row, place)
        ids = getattr(self, question)(**arguments).sentences(values)
        return self.sentences.loc[ids].drop(columns=["section", "paragraph", "sentence", "segment"])

    def save_all(self, folder: str | Path, by: str | None = None, *, bom: bool = False) -> pd.DataFrame:
        """Write the tables and figures of this study for a paper, with a paragraph on the methods.

        Parameters
        ----------
        folder : path
            Gets `tables/` (CSV), `tables.xlsx` (all of them, and what each column is), `figures/` (PDF, SVG, PNG) and
            `methods.md` (corpus, estimators, units, corrections, versions). Files of these names are replaced.
        by : str, optional
            Also compare documents put together by a column of theirs.
        bom : bool
            Whether the CSV files begin with a byte-order mark, without which Excel misreads é and ü in them.

        Returns
        -------
        DataFrame
            table, rows, figure (its name, or blank), missing (why a table is not there, such as that nobody has coded
            these texts).

        Raises
        ------
        CrossreadError
            "x is a file. Give a folder."

        Examples
        --------
        >>> from tempfile import TemporaryDirectory
        >>> made = cr.study({"a": "Allies pay."}, lexicon={"cost": ["pay*"]})
        >>> with TemporaryDirectory() as folder:
        ...     made.save_all(folder)["table"].tolist()
        ['account', 'cuts', 'senses', 'rates', 'omnibus', 'contrasts', 'frequencies', 'keyness', 'places', 'scores',
        'claims']
        """
        from crossread.export import save_all

        return save_all(self, folder, by, bom)

    def page(
        self,
        path: str | Path,
        *,
        texts: bool | None = None,
        title: str | None = None,
    ) -> Path:
        """Write the study as one HTML page that needs no server and no network.

        Parameters
        ----------
        path : str or path
            The file, ending in .html.
        texts : bool, optional
            False leaves out the sentences of attached texts; True insists on them.
        title : str, optional
            What stands at its head; the name of the corpus without it.

        Returns
        -------
        Path
            The file.

        Raises
        ------
        CrossreadError
            "….csv: a page is a file that ends in .html."

        Examples
        --------
        >>> from tempfile import TemporaryDirectory
        >>> made = cr.study({"a": "Allies pay."}, lexicon={"cost": ["pay*"]})
        >>> with TemporaryDirectory() as folder:
        ...     made.page(f"{folder}/made.html").name
        'made.html'
        """
        # the one place where the library reaches a room beside it, and only by its name
        return import_module("crossread_explorer").write_page(self, path, texts=texts, title=title)

    # --- how it shows itself ------------------------------------------------------------------------------------------

    def _facts(self) -> list[tuple[str, str]]:
        try:
            entries = f"{len(self.lexicon):,} {'entry' if len(self.lexicon) == 1 else 'entries'}"
            lexicon = f"{self.lexicon.name}: {number_of(len(self.lexicon.themes), 'theme')}, {entries}"
        except CrossreadError:
            lexicon = "none yet"
        coded = [] if self.codes is None else [f"themes by {join_names(dict.fromkeys(self.codes['coder']))}"]
        if self.sense_codes is not None:
            coded.append(f"senses by {measure.name_sense_coders(self.sense_codes)}")
        facts = [*self.corpus.facts(), ("lexicon", lexicon), ("coded", "; ".join(coded) or "nobody yet")]
        notices = self.corpus.notices
        if self.corpus.folder is not None:  # a corpus that was made has its report
            notices = [notice for notice in notices if NOT_COUNTED in notice]
        if notices:
            more = f" (and {len(notices) - 1:,} more: study.corpus.notices)" if len(notices) > 1 else ""
            facts.append(("to look at", notices[0] + more))
        return facts

    def __repr__(self) -> str:
        return card_text(f"Study “{self.corpus.name}”", self._facts())

    def _repr_html_(self) -> str:
        return card_html(self.corpus.name, self._facts())


class Readings:
    """What a reader finds in the texts, each reading by its name: `study.readings.money`. It shows all of them.

    The names are the ids in readings.yml. All that Python asks of any object begins with an underscore, so that a
    reading may have any name but `table`.
    """

    def __init__(self, study: Study, written: Iterable[Reading]):
        self._study = study
        self._written = {one.id: one for one in written}

    @property
    def table(self) -> Table:
        """All readings."""
        return self._answer(list(self._written.values()))

    def __getattr__(self, name: str) -> Table:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in self._written:
            raise NotThere(f"No reading “{name}” of “{self._study.corpus.name}”. {self._names(name)}")
        return self._answer([self._written[name]], reading=name)

    def __call__(self, *names: str) -> NoReturn:
        raise CrossreadError(f"Readings are asked for without brackets: study.readings.NAME. {self._names()}")

    def __dir__(self) -> list[str]:
        return [*self._written, "table"]

    def _names(self, name: str = "") -> str:
        if not self._written:
            return (
                "Readings are written, not computed: an id, a title and a text each, into readings.yml of its folder. "
                "Until then skip the cells that ask for one."
            )
        nearest = get_close_matches(name, self._written, n=1)
        return f"{f'The nearest is {nearest[0]}. ' if nearest else ''}There are: {', '.join(self._written)}."

    def _answer(self, chosen: Sequence[Reading], **asked: str) -> Table:
        study = self._study

        def compute() -> pd.DataFrame:
            return measure.readings_table(chosen, study.count_sentences, study.documents["n_sentences"], study.labels)

        return study._answer("readings", compute, **asked)

    def _shown(self) -> Table | Refusal:
        # an error while something is shown would be a traceback
        try:
            return self.table
        except CrossreadError as error:
            return Refusal(str(error))

    def __repr__(self) -> str:
        return repr(self._shown())

    def _repr_html_(self) -> str:
        return self._shown()._repr_html_()


def _given(**arguments: object) -> dict[str, object]:
    """Leave out what was not asked for, so that a saved figure names only what it needs."""
    return {name: value for name, value in arguments.items() if value is not None}


class _Names(Container):
    """The words of a study that are names; they are looked for when a word is first written."""

    def __init__(self, of: Study):
        self._of = of

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(measure.name_words(self._of.corpus, self._of._actors()))

    def __contains__(self, term: object) -> bool:
        return term in self._known


class _ThemeLabels(Mapping):
    """Labels of the themes and senses of a study, and of the other lexicons that it was asked about."""

    def __init__(self, of: Study):
        self._of, self._others = of, {}

    def add(self, lexicon: Lexicon) -> None:
        self._others.update(lexicon.labels)

    def __getitem__(self, key: str) -> str:
        return self._others[key] if key in self._others else self._own[key]

    def __iter__(self):
        return iter({**self._own, **self._others})

    def __len__(self) -> int:
        return len({**self._own, **self._others})

    @property
    def _own(self) -> Mapping[str, str]:
        try:
            return self._of.lexicon.labels
        except CrossreadError:  # a question that asks for no theme needs no lexicon
            return {}


def _lexicon_of(corpus: Corpus, lexicon: str | Path | Lexicon | Mapping[str, list[str]]) -> Lexicon:
    if isinstance(lexicon, Lexicon):
        return lexicon
    if isinstance(lexicon, Mapping):
        return make_lexicon("given", dict(lexicon))
    if not isinstance(lexicon, str | Path):
        raise CrossreadError(
            f'a {type(lexicon).__name__} is no lexicon: name a file, or give themes, {{"cost": ["pay*"]}}.'
        )
    path = Path(lexicon)
    return read_lexicon(path if path.suffix else corpus.lexicon_path(str(lexicon)))
