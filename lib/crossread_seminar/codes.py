"""Class work together: the codes of each group in a file, merged; their agreement, and what their lexicons change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from crossread.corpus.tables import check_columns
from crossread.errors import CrossreadError, TextNeeded
from crossread.measure.validation import CODES, measure_agreement, merge_codes
from crossread_seminar.checks import KEY, read_codes

DIVIDED = ("doc_id", "sentence_id", "key", "lowest", "highest", "codes", "text")
EFFECT = ("claim", "group", "estimate", "low", "high", "verdict", "before", "changed")


def as_codes(answer, sentence_ids: Iterable[str], coder: str, key: str = KEY) -> pd.DataFrame:
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


def hand_in(codes: pd.DataFrame, entries: Iterable[str] | Mapping = (), folder: Path | str = "handed-in") -> list[Path]:
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
    list of Path
        codes-GROUP.csv, and lexicon-GROUP.yml.

    Raises
    ------
    CrossreadError
        "A group hands in its own codes only; there are those of …"
    """
    from crossread.lexicon import make_lexicon, write_lexicon

    check_columns(codes, CODES, "the codes")
    coders = sorted(set(codes["coder"]))
    if len(coders) != 1:
        raise CrossreadError(
            f"A group hands in its own codes only; there are those of {', '.join(coders) or 'nobody'}."
        )
    group = re.sub(r"[^a-z0-9]+", "-", coders[0].lower()).strip("-") or "group"
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    written = [folder / f"codes-{group}.csv"]
    codes.to_csv(written[0], index=False, lineterminator="\n")
    if entries:
        keys = entries if isinstance(entries, Mapping) else {KEY: list(entries)}
        written.append(write_lexicon(make_lexicon(coders[0], keys), folder / f"lexicon-{group}.yml"))
    return written


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

    Raises
    ------
    CrossreadError
        "…: no file codes-….csv in this folder.", "…: not a table of codes: …", "…: …-018 has the code 3 …",
        "“group a” handed in twice: … and …"
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


def list_divided(codes: pd.DataFrame, corpus=None) -> pd.DataFrame:
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


def effect_of_lexicons(
    corpus, lexicons: Mapping[str, object], claims=None, *, draws: int = 2000, seed: int = 0
) -> pd.DataFrame:
    """Return what becomes of the claims when a group's entries take the place of a theme's own.

    Parameters
    ----------
    corpus : Corpus
        What the claims are about.
    lexicons : mapping
        Group to Lexicon; the themes that it names are counted by it, the others as before.
    claims : iterable of Claim, optional
        By default those of the project about this corpus; where it has none, what its own rates suggest.
    draws, seed : int
        As in `claims.evaluate_claims`.

    Returns
    -------
    DataFrame
        claim (its id), group, estimate, low, high (in the unit of the claim), verdict, before (the verdict under the
        project's lexicon), changed (True or False). Only claims about a theme that the group wrote.

    Raises
    ------
    TextNeeded
        When a group's entries are new and the texts are not here.
    """
    from crossread.lexicon import find_hits, make_lexicon, read_lexicon
    from crossread.measure.claims import draft_claims, evaluate_claims, read_claims
    from crossread.measure.themes import theme_rates

    base = read_lexicon(corpus.lexicon_path("themes"))
    hits = find_hits(corpus, base)
    if claims is None:
        claims = read_claims(documents=corpus.documents.index) or draft_claims(theme_rates(hits, corpus.sentences))
    settings = {"documents": corpus.documents, "draws": draws, "seed": seed}
    before = evaluate_claims(claims, hits, corpus.sentences, **settings).set_index("claim")["verdict"]
    tables = []
    for group, lexicon in lexicons.items():
        own_keys = set(lexicon.keys)
        entries = [entry for entry in base.entries if entry.key not in own_keys] + list(lexicon.entries)
        mixed = find_hits(corpus, make_lexicon(group, entries))
        found = evaluate_claims(claims, mixed, corpus.sentences, **settings)
        found = found[found["quantity"].str.rsplit(".", n=1).str[0].isin(own_keys)]
        found = found.assign(group=group, before=found["claim"].map(before))
        tables.append(found.assign(changed=found["before"] != found["verdict"])[list(EFFECT)])
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
    """
    from crossread.corpus import load
    from crossread.lexicon import read_lexicon

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
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, table in merged.items():
        if isinstance(table, pd.DataFrame):
            written.append(folder / f"{name.replace(' ', '-')}.csv")
            table.to_csv(written[-1], index=False, lineterminator="\n")
    return written
