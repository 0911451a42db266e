"""A Study holds what belongs together (a corpus, its lexicons, codes and claims) and answers questions with Tables.

Each method is a few lines over public functions of the rooms below. Which computation, finding, caption and chart
belong to a question stands in one place, `QUESTIONS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from html import escape
from importlib import import_module
from pathlib import Path

import pandas as pd

from crossread import measure
from crossread.corpus import Corpus, from_texts, load
from crossread.corpus.account import account_for, group_account, list_cuts
from crossread.errors import CrossreadError
from crossread.lexicon import (
    Lexicon,
    audit_stop_list,
    concordance,
    count_entries,
    find_matches,
    make_lexicon,
    mark_hits,
    read_lexicon,
    roll_up,
    settle_matches,
)
from crossread.questions import QUESTIONS
from crossread.table import Card, Table
from crossread.wording import Labels

BODY = ("body",)


def study(
    source: str | Path | Corpus | pd.DataFrame | pd.Series | Mapping[str, str] = "alliances",
    *,
    text: str | None = None,
    lexicon: str | Path | Lexicon | Mapping[str, list[str]] = "themes",
    texts: bool | None = None,
) -> Study:
    """Open a study: a corpus by its name or folder, or texts that are at hand, with a lexicon.

    Parameters
    ----------
    source : str, path, Corpus, DataFrame, Series or mapping
        The name of a corpus or a folder; a table with a row for each text; a Series or mapping of names to texts.
    text : str, optional
        The column of a table that holds the texts; guessed where there is only one candidate.
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
    if isinstance(source, Corpus):
        corpus = source
    elif isinstance(source, pd.DataFrame):
        corpus = corpus_of_table(source, text)
    elif isinstance(source, Mapping | pd.Series):
        corpus = from_texts({str(name): value for name, value in source.items()})
    else:
        corpus = load(source, texts=texts)
    return Study(corpus, lexicon)


def corpus_of_table(table: pd.DataFrame, text: str | None = None) -> Corpus:
    """Return the corpus of a table with a row for each text; its other columns become columns of the documents."""
    column = text if text is not None else _text_column(table)
    if column not in table:
        raise CrossreadError(f"No column “{column}” in this table. It has: {', '.join(map(str, table.columns))}.")
    ids = table["doc_id"] if "doc_id" in table else pd.Series([f"row_{n}" for n in range(1, len(table) + 1)])
    texts = {str(name): str(value) for name, value in zip(ids, table[column], strict=True)}
    corpus = from_texts(texts)
    for name in table.columns.difference([column, "doc_id"], sort=False):
        corpus.documents[name] = table[name].to_numpy()
    return corpus


def _text_column(table: pd.DataFrame) -> str:
    words = {name: table[name].astype(str).str.len().mean() for name in table.select_dtypes(["object", "string"])}
    if not words:
        raise CrossreadError('This table has no column of text. Name one: study(table, text="…").')
    return max(words, key=words.__getitem__)


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
    lexicon : Lexicon or None
        None where the corpus has none yet.
    labels : Labels
        What people call its documents and themes.
    """

    def __init__(self, corpus: Corpus, lexicon: str | Path | Lexicon | Mapping[str, list[str]] = "themes"):
        self.corpus = corpus
        self._asked_lexicon = lexicon
        self._answers: dict[tuple, pd.DataFrame] = {}
        self._hits: dict[str, pd.DataFrame] = {}  # of other lexicons, by name

    # --- what belongs together --------------------------------------------------------------------------------------

    @property
    def documents(self) -> pd.DataFrame:
        """The documents: see `Corpus.documents`."""
        return self.corpus.documents

    @property
    def sentences(self) -> pd.DataFrame:
        """The sentences: see `Corpus.sentences`."""
        return self.corpus.sentences

    @cached_property
    def lexicon(self) -> Lexicon:
        return _lexicon_of(self.corpus, self._asked_lexicon)

    @cached_property
    def labels(self) -> Labels:
        return Labels(self.documents["label"].to_dict(), _ThemeLabels(self))

    @cached_property
    def matches(self) -> pd.DataFrame:
        """Every place where an entry fits, overlapping ones included."""
        return find_matches(self.corpus, self.lexicon)

    @cached_property
    def sense_hits(self) -> pd.DataFrame:
        """The hits of each sense, longest first, each word once a sense."""
        return settle_matches(self.matches)

    @cached_property
    def hits(self) -> pd.DataFrame:
        """The hits of each theme, its senses together, each word once a theme."""
        return settle_matches(roll_up(self.matches))

    @cached_property
    def codes(self) -> pd.DataFrame | None:
        """The codes of this corpus, or None where nobody has coded it."""
        return measure.read_codes(self.corpus)

    def hits_of(self, lexicon: str | Path | Lexicon | Mapping[str, list[str]]) -> pd.DataFrame:
        """Return the hits of another lexicon: "actors", "architectures", a file, a mapping."""
        read = _lexicon_of(self.corpus, lexicon)
        if read.name not in self._hits:
            self._hits[read.name] = settle_matches(find_matches(self.corpus, read))
            self.labels.themes.add(read)
        return self._hits[read.name]

    # --- questions --------------------------------------------------------------------------------------------------

    def _answer(self, question: str, compute, **arguments) -> Table:
        key = (question, repr(sorted(arguments.items())))
        if key not in self._answers:
            self._answers[key] = self._labelled(compute())
        return Table(Card(QUESTIONS[question], self, arguments, self._answers[key]))

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

    def lengths(self) -> Table:
        """How long is each document?"""
        return self._answer("lengths", lambda: measure.document_lengths(self.documents))

    def account(self) -> Table:
        """How long is each document, and how much of its source is body, headings and notes, or was cut?"""
        return self._answer("account", lambda: group_account(account_for(self.corpus)))

    def cuts(self) -> Table:
        """What was cut from each source, and why?"""
        return self._answer("cuts", lambda: list_cuts(account_for(self.corpus)))

    def entries(self) -> Table:
        """Which entries of the lexicon matched, how often, and in how many documents?"""
        return self._answer("entries", lambda: count_entries(self.sense_hits, self.lexicon, self.documents.index))

    def stop_words(self, words: str = "scikit-learn", lexicons: Iterable[str] = ("themes", "actors")) -> Table:
        """What would a usual stop list delete of what the lexicons look for?"""
        read = [_lexicon_of(self.corpus, name) for name in lexicons]
        return self._answer(
            "stop_words", lambda: audit_stop_list(words, read, self.corpus), words=words, lexicons=tuple(lexicons)
        )

    def rates(self) -> Table:
        """How often does each document speak of each theme?"""
        return self._answer("rates", lambda: measure.theme_rates(self.hits, self.sentences))

    def senses(self) -> Table:
        """In what sense does each document speak of each theme?"""
        return self._answer("senses", lambda: measure.theme_rates(self.sense_hits, self.sentences))

    def contrasts(self, quantity: str = "share") -> Table:
        """Which documents differ on which theme?"""
        return self._answer(
            "contrasts",
            lambda: measure.theme_contrasts(self.hits, self.sentences, quantity=quantity),
            quantity=quantity,
        )

    def places(self) -> Table:
        """Where in each document do the hits stand?"""
        return self._answer("places", lambda: measure.locate_hits(self.hits, self.sentences))

    def marked(self) -> Table:
        """What do coders mark in these pages, sense by sense, beside what the lexicon counts?"""
        codes = self.sense_codes
        if codes is None:
            raise CrossreadError(
                f"Nobody has coded the senses of “{self.corpus.name}”. Codes stand in sense_codes.csv of its folder: "
                "doc_id, sentence_id, key, a column for each coder, adjudicated."
            )
        return self._answer("marked", lambda: measure.compare_marks(self.sense_hits, codes, self.sentences))

    @cached_property
    def sense_codes(self) -> pd.DataFrame | None:
        """Which sentences coders marked for which sense, or None where nobody has."""
        folder = self.corpus.folder
        return measure.read_sense_codes(folder / "sense_codes.csv") if folder else None

    def prescription(self) -> Table:
        """How often does each document say what should, must, needs to or ought to be done?"""

        def compute() -> pd.DataFrame:
            hits = self.hits_of("registers")
            chosen = hits[hits["key"].astype(str).str.startswith("prescription")]
            return measure.theme_rates(chosen.assign(key=chosen["key"].cat.remove_unused_categories()), self.sentences)

        return self._answer("prescription", compute)

    def spelling(self) -> Table:
        """Which written forms of one thing does each document use: US or U.S., Asia-Pacific or Indo-Pacific?"""
        return self._answer("spelling", lambda: measure.spelling_fingerprints(self.corpus))

    def deeds(self) -> Table:
        """Who does what to whom?"""
        return self._answer("deeds", lambda: measure.count_deeds(self.found_deeds, self.sentences))

    @cached_property
    def found_deeds(self) -> pd.DataFrame:
        """Every deed with its agent and patient, one row each."""
        return measure.find_deeds(self.hits_of("actors"), self.hits_of("deeds"))

    def scores(self) -> Table:
        """Does the lexicon find the sentences that coders marked?"""
        return self._answer("scores", lambda: measure.validate_lexicon(self.hits, self.codes, entries=False))

    def frequencies(self, terms: list[str] | None = None, top: int = 10) -> Table:
        """How often does each document use the words that are most frequent, or some that are given?"""
        return self._answer(
            "frequencies", lambda: measure.common_frequencies(self.corpus, terms, top), terms=terms, top=top
        )

    def dispersion(self, terms: list[str] | None = None) -> Table:
        """How evenly is a word spread over each document?"""
        return self._answer("dispersion", lambda: measure.dispersion(self.corpus, terms), terms=terms)

    def keyness(self, target: str | None = None, reference: str | None = None) -> Table:
        """Which words does a document use more, or less, than the others?"""
        return self._answer(
            "keyness", lambda: measure.keyness(self.corpus, target, reference), target=target, reference=reference
        )

    def false_words(self, document: str | None = None) -> Table:
        """How many words does a test call different between random halves of one document?"""
        longest = str(self.documents["n_tokens"].idxmax()) if document is None else document
        unit = "paragraph" if self.documents["n_paragraphs"][longest] > 3 else "segment"
        return self._answer(
            "false_words",
            lambda: measure.false_words(self.corpus, longest, unit=unit, rounds=40, draws=500),
            document=longest,
        )

    def collocations(self, node: str | None = None) -> Table:
        """Which words stand near each other more often than by chance?"""
        return self._answer("collocations", lambda: measure.collocations(self.corpus, node), node=node)

    def similarity(self, by: str = "delta") -> Table:
        """How near are the documents to one another?"""
        return self._answer("similarity", lambda: measure.similarity(self.corpus, by), by=by)

    def map(self) -> Table:
        """Which documents share their words, on one map?"""
        return self._answer("map", lambda: measure.correspondence(self.corpus, minimum_count=8))

    def topics(self, k: int = 3) -> Table:
        """What topics does a topic model of so many find, and which words carry them?"""
        from crossread import topics

        return self._answer("topics", lambda: topics.topic_terms(topics.fit_topics(self.topic_counts, k)), k=k)

    @cached_property
    def topic_counts(self):
        """The counts to which topics are fitted."""
        from crossread import topics

        return topics.topic_counts(self.corpus)

    def actors(self, lexicon: str = "actors") -> Table:
        """Who is named with whom?"""
        return self._answer(
            "actors",
            lambda: measure.comentions(self.hits_of(lexicon), self.sentences, minimum_sentences=2),
            lexicon=lexicon,
        )

    def architectures(self) -> Table:
        """Which security arrangements does each document name?"""
        return self._answer("architectures", lambda: measure.mentions(self.hits_of("architectures"), self.sentences))

    def claims(self) -> Table:
        """What does the study say, and does it hold?"""
        return self._answer("claims", lambda: self._ledger())

    def readings(self, reading: str | None = None) -> Table:
        """What does a reader find in these texts? Written by hand, with numbers from the counts."""

        def compute() -> pd.DataFrame:
            folder = self.corpus.folder
            written = measure.read_readings(folder / "readings.yml") if folder else ()
            chosen = [one for one in written if reading in (None, one.id)]
            if reading is not None and not chosen:
                known = ", ".join(one.id for one in written) or "none yet"
                raise CrossreadError(f"No reading “{reading}” of “{self.corpus.name}”. There are: {known}.")
            return measure.readings_table(chosen, self.count_sentences, self.documents["n_sentences"], self.labels)

        return self._answer("readings", compute, reading=reading)

    def count_sentences(self, key: str, lexicon: str = "") -> pd.Series:
        """Return in how many sentences of each document's body a theme or sense stands, 0 where it does not.

        Parameters
        ----------
        key : str
        lexicon : str
            The name of another lexicon than that of the study.
        """
        hits = self.hits_of(lexicon) if lexicon else self.sense_hits
        wanted = [name for name in hits["key"].cat.categories if name == key or name.startswith(f"{key}.")]
        if not wanted:
            raise CrossreadError(f"No theme or sense “{key}”. There are: {', '.join(hits['key'].cat.categories)}.")
        kinds = self.sentences["kind"].reindex(hits["sentence_id"]).to_numpy()
        chosen = hits[hits["key"].isin(wanted).to_numpy() & (kinds == "body")]
        counted = chosen.groupby("doc_id", observed=True)["sentence_id"].nunique()
        return counted.reindex(self.documents.index, fill_value=0)

    def _ledger(self) -> pd.DataFrame:
        asked = measure.find_claims(self.corpus, self.rates().frame)
        return measure.evaluate_claims(asked, self.hits, self.sentences, documents=self.documents)

    # --- reading ----------------------------------------------------------------------------------------------------

    def read(self, sense: str, document: str | None = None) -> Table:
        """Which sentences stand behind a theme or sense, in one document or all? With texts, hits are marked."""
        keys = [key for key in self.lexicon.keys if key == sense or key.startswith(f"{sense}.")]
        if not keys:
            raise CrossreadError(f"No theme or sense “{sense}”. There are: {', '.join(self.lexicon.keys)}.")
        if document is not None and document not in self.documents.index:
            raise CrossreadError(f"No document “{document}”. There are: {', '.join(self.documents.index)}.")
        hits = self.sense_hits[self.sense_hits["key"].isin(keys)]
        if document is not None:
            hits = hits[hits["doc_id"] == document]
        return self._answer("read", lambda: mark_hits(self.corpus, hits).reset_index(), sense=sense, document=document)

    def read_sentences(self, ids: Iterable[str], key: str | None = None, lexicon: str | None = None) -> Table:
        """Return sentences by their ids for reading, with hits marked where texts are attached.

        Parameters
        ----------
        ids : iterable of str
        key : str, optional
            The theme or sense whose hits are marked; all by default.
        lexicon : str, optional
            The lexicon whose hits are marked, where it is not that of the study.
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
        """Where does a word or pattern stand, with the words around it? Without texts: in which passages, how often.

        Parameters
        ----------
        pattern : str
            As in a lexicon: `burden*`, `fair (share|deal)`, `cost* ~10 ally|allies`.
        window : int
            Words to the left and to the right.
        """

        def compute() -> pd.DataFrame:
            return concordance(self.corpus, pattern, window=window, kinds=BODY)

        return self._answer("search", compute, pattern=pattern, window=window)

    def variety(self) -> Table:
        """How varied are a document's words, and how hard is it to read?"""
        return self._answer("variety", lambda: measure.variety(self.corpus))

    def why(self, figure: str, row: int) -> pd.DataFrame:
        """Return the sentences behind a row of a published figure's table, with their places in the source.

        Parameters
        ----------
        figure : str
            Such as "fig-08-verdicts", or its beginning.
        row : int
            The row of figures/data/fig-….csv, 1 for the first under the header.

        Returns
        -------
        DataFrame
            Index sentence_id; doc_id, kind, start and end (characters of the source, half open); text where attached.
        """
        from crossread.charts.figures import read_saved

        question, arguments, values = read_saved(figure, row)
        ids = getattr(self, question)(**arguments).sentences(values)
        return self.sentences.loc[ids].drop(columns=["section", "paragraph", "sentence", "segment"])

    def page(self, path: str | Path, *, texts: bool | None = None, title: str | None = None) -> Path:
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
        """
        # the one place where the library reaches a room beside it, and only by its name
        return import_module("crossread_explorer").write_page(self, path, texts=texts, title=title)

    # --- how it shows itself ------------------------------------------------------------------------------------------

    def _facts(self) -> list[tuple[str, str]]:
        documents = self.documents
        state = "texts attached" if self.corpus.attached else "published counts, without the texts"
        try:
            lexicon = f"{self.lexicon.name}: {len(self.lexicon.themes)} themes, {len(self.lexicon)} entries"
        except CrossreadError:
            lexicon = "none yet"
        coders = "nobody yet" if self.codes is None else ", ".join(dict.fromkeys(self.codes["coder"]))
        return [
            ("documents", f"{len(documents)}: {'; '.join(documents['label'].head(12))}"),
            ("tokens", f"{documents['n_tokens'].sum():,} in {documents['n_sentences'].sum():,} sentences"),
            ("here are", state),
            ("lexicon", lexicon),
            ("coded by", coders),
        ]

    def __repr__(self) -> str:
        return "\n".join([f"Study “{self.corpus.name}”", *(f"  {name}: {value}" for name, value in self._facts())])

    def _repr_html_(self) -> str:
        left = 'style="text-align:left"'
        rows = "".join(
            f'<tr><th scope="row" {left}>{name}</th><td {left}>{escape(value)}</td></tr>'
            for name, value in self._facts()
        )
        return (
            f'<table class="dataframe crossread" style="max-width:780px"><caption style="text-align:left">'
            f"<b>{escape(self.corpus.name)}</b></caption><tbody>{rows}</tbody></table>"
        )


class _ThemeLabels(Mapping):
    """Labels of the themes and senses of a study, and of the other lexicons that it was asked about."""

    def __init__(self, of: Study):
        self._of, self._others = of, {}

    def add(self, lexicon: Lexicon) -> None:
        self._others.update(lexicon.labels)

    def __getitem__(self, key: str) -> str:
        return self._others[key] if key in self._others else self._of.lexicon.labels[key]

    def __iter__(self):
        return iter({**self._of.lexicon.labels, **self._others})

    def __len__(self) -> int:
        return len({**self._of.lexicon.labels, **self._others})


def _lexicon_of(corpus: Corpus, lexicon: str | Path | Lexicon | Mapping[str, list[str]]) -> Lexicon:
    if isinstance(lexicon, Lexicon):
        return lexicon
    if isinstance(lexicon, Mapping):
        return make_lexicon("given", dict(lexicon))
    path = Path(lexicon)
    return read_lexicon(path if path.suffix else corpus.lexicon_path(str(lexicon)))
