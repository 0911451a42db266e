"""Class work together: the codes of each group in a file, merged; their agreement, and what their lexicons change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from crossread import Corpus, CrossreadError, Study, TextNeeded, load
from crossread.corpus.tables import check_columns, csv_text
from crossread.files import write_whole
from crossread.lexicon import Lexicon, make_lexicon, read_lexicon, write_lexicon
from crossread.measure import evaluate_claims
from crossread.measure.claims import draft_claims
from crossread.measure.validation import CODES, measure_agreement, merge_codes
from crossread_seminar.answers import read_codes
from crossread_seminar.checks import THEME
from crossread_seminar.remarks import Right

DIVIDED = ("doc_id", "sentence_id", "key", "lowest", "highest", "codes", "text")
EFFECT = ("claim", "group", "text", "counted", "verdict", "before", "changed")


def as_codes(answer: object, sentence_ids: Iterable[str], coder: str, key: str = THEME) -> pd.DataFrame:
    """Return codes given by hand as a table, one row a sentence.

    Parameters
    ----------
    answer : list, dict or Series
        0, 1 or 2 for each sentence.
    sentence_ids : iterable of str
        The sentences, in their order.
    coder : str
        Who coded: a name, or that of a group.
    key : str
        The theme.

    Returns
    -------
    DataFrame
        doc_id, sentence_id, coder, and a column named like the theme (0, 1, 2).

    Raises
    ------
    AnswerMissing, NotYet
        As `checks.read_codes`.

    Examples
    --------
    >>> as_codes([0, 2], ["a-001", "a-002"], "group a").values.tolist()
    [['a', 'a-001', 'group a', 0], ['a', 'a-002', 'group a', 2]]
    """
    codes = read_codes(answer, sentence_ids)
    table = pd.DataFrame({"sentence_id": list(codes), "coder": coder, key: list(codes.values())})
    table.insert(0, "doc_id", [name.rsplit("-", 1)[0] for name in codes])
    return table


def beside(codes: pd.DataFrame, study: Study) -> pd.DataFrame:
    """Return codes together with those that the study's own coders gave to the same sentences.

    Parameters
    ----------
    codes : DataFrame
        From `as_codes`.
    study : Study
        One that has been coded.

    Returns
    -------
    DataFrame
        doc_id, sentence_id, coder, and a column for each theme of `codes`.

    Raises
    ------
    CrossreadError
        "Nobody has coded “…”."

    Examples
    --------
    >>> import crossread as cr
    >>> study = cr.study("practice")
    >>> mine = as_codes([2, 0], ["marsh_2031-004", "marsh_2031-005"], "ann", key="burden_sharing")
    >>> beside(mine, study)[["sentence_id", "coder", "burden_sharing"]]
          sentence_id                coder  burden_sharing
    0  marsh_2031-004                  ann               2
    1  marsh_2031-005                  ann               0
    2  marsh_2031-004  author of the texts               1
    3  marsh_2031-005  author of the texts               1
    """
    if study.codes is None:
        raise CrossreadError(f"Nobody has coded “{study.corpus.name}”.")
    others = study.codes[study.codes["sentence_id"].isin(codes["sentence_id"])]
    return pd.concat([codes, others[list(codes.columns)]], ignore_index=True)


def hand_in(codes: pd.DataFrame, entries: Iterable[str] | Mapping = (), folder: Path | str = "handed-in") -> Right:
    """Write a group's codes, and its lexicon if it has one, into a folder from which they are merged.

    Parameters
    ----------
    codes : DataFrame
        From `as_codes`; one coder.
    entries : list of str, or dict of theme to such lists
        The group's lexicon.
    folder : path
        Where the files go; it is made.

    Returns
    -------
    Right
        Which files were written: codes-GROUP.csv, and lexicon-GROUP.yml.

    Raises
    ------
    CrossreadError
        "A group hands in its own codes only; there are those of …"

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> codes = as_codes([0, 2], ["a-001", "a-002"], "group a")
    >>> with TemporaryDirectory() as folder:
    ...     written = hand_in(codes, ["pay*", "cost*"], folder)
    ...     sorted(path.name for path in Path(folder).iterdir())
    ['codes-group-a.csv', 'lexicon-group-a.yml']
    """
    check_columns(codes, CODES, "the codes")
    coders = sorted(set(codes["coder"]))
    if len(coders) != 1:
        raise CrossreadError(
            f"A group hands in its own codes only; there are those of {', '.join(coders) or 'nobody'}."
        )
    group = re.sub(r"[^a-z0-9]+", "-", coders[0].lower()).strip("-") or "group"
    folder = Path(folder)
    written = [write_whole(folder / f"codes-{group}.csv", csv_text(codes))]
    if entries:
        keys = entries if isinstance(entries, Mapping) else {THEME: list(entries)}
        written.append(write_lexicon(make_lexicon(coders[0], keys), folder / f"lexicon-{group}.yml"))
    return Right(f"Written: {', '.join(path.as_posix() for path in written)}.")


def read_group_codes(paths: Iterable[Path | str]) -> pd.DataFrame:
    """Return the codes of several files as one table.

    Parameters
    ----------
    paths : iterable of path
        Files, or folders with files named codes-….csv.

    Returns
    -------
    DataFrame
        doc_id, sentence_id, coder, one column a theme; missing where a group did not code a sentence for a theme.
    """
    files = []
    for path in map(Path, paths):
        found = sorted(path.glob("codes-*.csv")) if path.is_dir() else [path]
        if not found:
            raise CrossreadError(f"{path}: no file codes-….csv in this folder.")
        files += found
    tables, owner = [], {}
    for path in files:
        try:
            table = pd.read_csv(path, dtype={"doc_id": str, "sentence_id": str, "coder": str})
        except (ValueError, UnicodeDecodeError) as error:
            raise CrossreadError(f"{path}: not a table of codes: {error}") from None
        check_columns(table, CODES, str(path))
        try:
            merge_codes(table)
        except CrossreadError as error:
            raise CrossreadError(f"{path}: {error}") from None
        for coder in sorted(set(table["coder"])):
            if coder in owner:
                raise CrossreadError(f"“{coder}” handed in twice: {owner[coder]} and {path}. Keep one.")
            owner[coder] = path
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def list_divided(codes: pd.DataFrame, corpus: Corpus | None = None) -> pd.DataFrame:
    """Return the sentences on which coders disagree, the most divided first.

    Parameters
    ----------
    codes : DataFrame
        From `read_group_codes`.
    corpus : Corpus, optional
        Adds the sentence where its text is attached.

    Returns
    -------
    DataFrame
        doc_id, sentence_id, key, lowest and highest (code), codes (coder and code, in words), text (blank where not
        attached).

    Examples
    --------
    >>> codes = pd.DataFrame({"doc_id": "a", "sentence_id": ["a-1", "a-1"], "coder": ["x", "y"], "cost": [0, 2]})
    >>> list_divided(codes)[["sentence_id", "lowest", "highest", "codes"]].values.tolist()
    [['a-1', 0, 2, 'x 0, y 2']]
    """
    texts = corpus.sentences.get("text", {}) if corpus is not None else {}
    rows = []
    for key in [name for name in codes.columns if name not in CODES]:
        for (doc_id, sentence_id), own in codes.dropna(subset=[key]).groupby(["doc_id", "sentence_id"], sort=False):
            if own[key].nunique() > 1:
                said = ", ".join(f"{coder} {int(code)}" for coder, code in zip(own["coder"], own[key], strict=True))
                rows.append(
                    (
                        doc_id,
                        sentence_id,
                        key,
                        int(own[key].min()),
                        int(own[key].max()),
                        said,
                        texts.get(sentence_id, ""),
                    )
                )
    table = pd.DataFrame(rows, columns=list(DIVIDED))
    order = (table["lowest"] - table["highest"]).sort_values(kind="stable").index
    return table.loc[order].reset_index(drop=True)


def effect_of_lexicons(corpus: Corpus, lexicons: Mapping[str, Lexicon]) -> pd.DataFrame:
    """Return what becomes of a statement on each theme when a group's entries take the place of the theme's own.

    The statements are drafts: the document with the largest share of sentences on the theme over the smallest.

    Parameters
    ----------
    corpus : Corpus
        What the statements are about.
    lexicons : mapping
        Group to its lexicon; the themes that it names are counted by it, the others as before.

    Returns
    -------
    DataFrame
        claim (its id), group, text, counted (in words), verdict, before (the verdict under the project's lexicon),
        changed (whether the pages or the verdict say otherwise now). Only about themes that the group wrote.
    """
    project = Study(corpus)
    drafts = draft_claims(project.rates().frame)
    tables = []
    for group, lexicon in lexicons.items():
        claims = [claim for claim in drafts if claim.theme in lexicon.keys]
        entries = [entry for entry in project.lexicon.entries if entry.key.split(".")[0] not in lexicon.keys]
        theirs = Study(corpus, make_lexicon(group, [*entries, *lexicon.entries]))
        before, after = (
            evaluate_claims(claims, study.matches, study.sentences, labels=project.labels)
            for study in (project, theirs)
        )
        changed = (after[["so_counted", "verdict"]] != before[["so_counted", "verdict"]]).any(axis="columns")
        tables.append(after.assign(group=group, before=before["verdict"], changed=changed)[list(EFFECT)])
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(EFFECT))


def merge_groups(
    paths: Iterable[Path | str], corpus_names: Iterable[str] = ("practice", "alliances")
) -> dict[str, pd.DataFrame | str]:
    """Return what a class has handed in: agreement, the sentences that divide it, the effect of each group's lexicon.

    Parameters
    ----------
    paths : iterable of path
        Files codes-….csv and lexicon-….yml, or folders of them.
    corpus_names : iterable of str
        Where the effect of the lexicons is looked for.

    Returns
    -------
    dict
        "agreement" (columns of `validation.measure_agreement`), "divided" (of `list_divided`), and for each corpus
        "effect NAME" (of `effect_of_lexicons`), or a sentence where it could not be had.

    Raises
    ------
    CrossreadError
        As `read_group_codes`; "Nothing to merge: give files or a folder."

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     for group, given in {"a": [2, 0], "b": [2, 1]}.items():
    ...         written = hand_in(as_codes(given, ["marsh_2031-004", "marsh_2031-005"], group), folder=folder)
    ...     merged = merge_groups([folder])
    >>> merged["divided"][["sentence_id", "codes", "text"]].values.tolist()
    [['marsh_2031-005', 'a 0, b 1', 'Start with the money, because money is what ministers hide most easily.']]
    """
    paths = [Path(path) for path in paths]
    if not paths:
        raise CrossreadError("Nothing to merge: give files or a folder.")
    codes = read_group_codes([path for path in paths if path.suffix != ".yml"])
    lexicon_files = [
        file for path in paths for file in (sorted(path.glob("lexicon-*.yml")) if path.is_dir() else [path])
    ]
    lexicons = {
        file.stem.removeprefix("lexicon-"): read_lexicon(file) for file in lexicon_files if file.suffix == ".yml"
    }
    practice = load("practice")
    result = {"agreement": measure_agreement(codes), "divided": list_divided(codes, practice)}
    for name in corpus_names if lexicons else ():
        try:
            result[f"effect {name}"] = effect_of_lexicons(practice if name == "practice" else load(name), lexicons)
        except TextNeeded as error:
            result[f"effect {name}"] = str(error)
    return result


def save_merged(merged: Mapping[str, pd.DataFrame | str], folder: Path | str) -> list[Path]:
    """Write the tables of `merge_groups` into a folder, each as a CSV file, and return the files."""
    return [
        write_whole(Path(folder) / f"{name.replace(' ', '-')}.csv", csv_text(table))
        for name, table in merged.items()
        if isinstance(table, pd.DataFrame)
    ]
