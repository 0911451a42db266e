"""A corpus of one's own from a folder of mixed files: all of it or nothing."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import unicodedata
from pathlib import Path

import numpy as np
import pandas as pd

from crossread.corpus.model import Corpus, build
from crossread.corpus.places import project_folder
from crossread.corpus.reading import MEDIA_TYPES, SourceText, read_text
from crossread.errors import CrossreadError

CREATED = (
    "file", "doc_id", "n_characters", "n_paragraphs", "n_sentences", "n_tokens", "n_notes", "n_cut", "cut", "remark",
)  # fmt: skip
TO_FILL_IN = (
    "doc_id", "label", "title", "authors", "year", "year_basis", "genre", "publisher", "source", "rights", "file",
)  # fmt: skip
ALIKE = 0.9  # share of the five-word sequences of the shorter text that stand in the other
RUN = 5


def create(name: str, folder: str | Path, *, into: str | Path | None = None) -> pd.DataFrame:
    """Make a corpus of a folder of texts, and say what was read and what was cut.

    The texts are copied to `texts/`, and a documents.csv is written to be filled in: the doc_id from the file's name,
    the title from the first heading, the year where the name of the file or its first lines hold just one (marked
    "inferred"), the rest left blank. A .gitignore keeps the texts from being published by mistake. Folders inside
    the folder are searched too; hidden files are passed over.

    Parameters
    ----------
    name : str
        What to call the corpus: letters, digits, _ and -.
    folder : path
        Where the texts are (.txt, .md, .html, .htm, .pdf, .docx, .odt, .fodt, .rtf, .xml, .tei).
    into : path, optional
        The folder that gets the new one; by default `corpus/` of the project.

    Returns
    -------
    DataFrame
        One row a file: file (its name in the folder), doc_id ("" for a file that was left out), n_characters (of
        the source), n_paragraphs, n_sentences and n_tokens (of the body), n_notes (notes kept apart), n_cut
        (characters cut), cut (the reasons, with characters each), remark (what to look at).

    Raises
    ------
    CrossreadError
        "There is a corpus “x” already (…). Choose another name, or delete it first.", or all that is wrong with the
        files in one list, after which nothing has been made: files that cannot be read, that are alike, whose names
        give the same doc_id, or that lie outside the folder.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     texts = Path(place) / "texts"
    ...     texts.mkdir()
    ...     _ = (texts / "Marsh 2031.md").write_text("# The Bill\\n\\nAllies pay. They talk.", encoding="utf-8")
    ...     report = create("mine", texts, into=place)
    >>> report[["doc_id", "n_sentences", "n_tokens", "cut"]].values.tolist()
    [['marsh_2031', 2, 4, 'markup 2, white space 3']]
    """
    folder = Path(folder).expanduser()
    home = Path(into).expanduser() if into is not None else project_folder() / "corpus"
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise CrossreadError(f"“{name}” cannot be the name of a corpus: use letters, digits, _ and - only.")
    target = home / name
    if target.exists():
        raise CrossreadError(f"There is a corpus “{name}” already ({target}). Choose another name, or delete it first.")
    files, left_out, problems = list_files(folder)
    sources: dict[str, SourceText] = {}
    taken: dict[str, Path] = {}
    hashes: dict[str, Path] = {}
    for number, path in enumerate(files, 1):
        doc_id = slug_of(path.stem) or f"text_{number}"
        if doc_id in taken:
            problems.append(
                f"{taken[doc_id]} and {path}: both names give the doc_id “{doc_id}”. Rename one, or keep one."
            )
            continue
        taken[doc_id] = path
        try:
            source = read_text(path)
        except CrossreadError as error:
            problems.append(str(error))
            continue
        if source.sha256 in hashes:
            problems.append(f"{hashes[source.sha256]} and {path}: the same file twice. Keep one.")
            continue
        hashes[source.sha256] = path
        sources[doc_id] = source
    corpus = _build(name, sources)
    problems.extend(_near_duplicates(corpus, taken))
    empty = corpus.documents.index[corpus.documents["n_tokens"] == 0]
    problems.extend(f"{taken[doc_id]}: nothing to count was left after cleaning. Leave it out." for doc_id in empty)
    if problems:
        what = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        listed = "\n".join(f"- {problem}" for problem in problems)
        raise CrossreadError(f"{what} in {folder}; nothing was made.\n{listed}")
    documents = _defaults(corpus, taken)
    _write(target, documents, taken)
    return _report(corpus, sources, taken, left_out, folder)


def list_files(folder: Path) -> tuple[list[Path], list[Path], list[str]]:
    """Return the files to read, those of other kinds, and what is wrong with the folder."""
    if not folder.is_dir():
        raise CrossreadError(f"{folder} is not a folder. Give the folder that holds your texts.")
    problems: list[str] = []

    def refuse(error: OSError) -> None:
        problems.append(f"{error.filename}: this folder may not be read. Change its permissions, or copy it.")

    files, left_out = [], []
    for place, inner, names in os.walk(folder, onerror=refuse):
        inner[:] = sorted(name for name in inner if not name.startswith("."))
        for name in sorted(names):
            path = Path(place) / name
            if name.startswith((".", "~$")):
                continue
            if path.suffix.lower() not in MEDIA_TYPES:
                left_out.append(path)
            elif not path.resolve().is_relative_to(folder.resolve()):
                problems.append(
                    f"{path}: a link to a file outside the folder ({path.resolve()}). Copy the file itself."
                )
            else:
                files.append(path)
    if not files and not problems:
        others = f" ({len(left_out)} files of other kinds)" if left_out else ""
        raise CrossreadError(f"{folder}: no text in this folder{others}. Texts end in {', '.join(MEDIA_TYPES)}.")
    return files, left_out, problems


def slug_of(stem: str) -> str:
    """Return a doc_id made of a file's name: plain small letters, digits and _.

    Examples
    --------
    >>> slug_of("Été 2023 (final)")
    'ete_2023_final'
    """
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    return "_".join(re.findall(r"[a-z0-9]+", plain.lower()))[:60].strip("_")


def _build(name: str, sources: dict[str, SourceText]) -> Corpus:
    described = pd.DataFrame(index=pd.Index(list(sources), name="doc_id", dtype=str))
    return build(name, None, described, {doc_id: (s.text, s.blocks) for doc_id, s in sources.items()})


def _near_duplicates(corpus: Corpus, paths: dict[str, Path]) -> list[str]:
    """Name the pairs of documents of which one holds nearly all of the other."""
    from scipy.sparse import csr_matrix, triu

    store, doc_ids = corpus.tokens, list(corpus.documents.index)
    is_body = (corpus.sentences["kind"] == "body").to_numpy()
    rows, runs = [], []
    factors = np.random.default_rng(5).integers(1, 2**63, RUN, dtype=np.uint64) | np.uint64(1)
    for number in range(len(doc_ids)):
        part = slice(*store.document_pointers[number : number + 2])
        ids = store.ids[part][is_body[store.sentence[part]]].astype(np.uint64) + np.uint64(1)
        if len(ids) < RUN:
            continue
        last = len(ids) - RUN + 1
        hashed = np.unique(sum(factor * ids[i : i + last] for i, factor in enumerate(factors)))
        runs.append(hashed)
        rows.append(np.full(len(hashed), number))
    if len(rows) < 2:
        return []
    column = np.unique(np.concatenate(runs), return_inverse=True)[1]
    row = np.concatenate(rows)
    matrix = csr_matrix((np.ones(len(row), dtype=np.int32), (row, column)), shape=(len(doc_ids), column.max() + 1))
    size = np.asarray(matrix.sum(axis=1)).ravel()
    shared = triu(matrix @ matrix.T, k=1).tocoo()
    problems = []
    for a, b, count in sorted(zip(shared.row, shared.col, shared.data, strict=True)):
        share = count / min(size[a], size[b])
        if share >= ALIKE:
            problems.append(
                f"{paths[doc_ids[a]]} and {paths[doc_ids[b]]}: near-duplicates, {share:.0%} of the shorter text stands "
                "in the other. Keep one."
            )
    return problems


def _defaults(corpus: Corpus, paths: dict[str, Path]) -> pd.DataFrame:
    rows = []
    for doc_id in corpus.documents.index:
        sentences = corpus.sentences[corpus.sentences["doc_id"] == doc_id]
        headings = sentences.loc[sentences["kind"] == "heading", "text"]
        stem = paths[doc_id].stem.replace("_", " ").strip()
        first = int(sentences.loc[sentences["kind"] == "body", "start"].iloc[0])
        head = corpus.sources[doc_id][: min(first, 1000)]
        year = _one_year(stem) or _one_year(head)
        rows.append(
            {
                "doc_id": doc_id,
                "label": stem[:1].upper() + stem[1:],
                "title": headings.iloc[0] if len(headings) else stem,
                "authors": "",
                "year": year,
                "year_basis": "inferred" if year else "",
                "genre": "",
                "publisher": "",
                "source": paths[doc_id].name,
                "rights": "",
                "file": f"{doc_id}{paths[doc_id].suffix.lower()}",
            }
        )
    return pd.DataFrame(rows, columns=list(TO_FILL_IN))


def _one_year(text: str) -> str:
    years = set(re.findall(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)", text))
    return years.pop() if len(years) == 1 else ""


def _write(target: Path, documents: pd.DataFrame, paths: dict[str, Path]) -> None:
    """Build the folder beside its place and move it there at the end."""
    part = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        (part / "texts").mkdir()
        for doc_id, file in zip(documents["doc_id"], documents["file"], strict=True):
            shutil.copyfile(paths[doc_id], part / "texts" / file)
        (part / ".gitignore").write_text("texts/\n", encoding="utf-8")
        documents.to_csv(part / "documents.csv", index=False, lineterminator="\n")
        part.chmod(0o755)
        os.replace(part, target)
    except OSError as error:
        raise CrossreadError(f"{target} cannot be written: {error.strerror or error}. Nothing was made.") from None
    finally:
        if part is not None and part.exists():
            shutil.rmtree(part, ignore_errors=True)


def _report(
    corpus: Corpus, sources: dict[str, SourceText], paths: dict[str, Path], left_out: list[Path], folder: Path
) -> pd.DataFrame:
    rows = []
    for doc_id, document in corpus.documents.iterrows():
        cuts = corpus.cuts[corpus.cuts["doc_id"] == doc_id].groupby("reason")["n_characters"].sum()
        notes = corpus.sentences[(corpus.sentences["doc_id"] == doc_id) & (corpus.sentences["kind"] == "note")]
        words_cut = corpus.cuts.loc[corpus.cuts["doc_id"] == doc_id, "n_tokens"].sum()
        remarks = list(sources[doc_id].notices)
        if words_cut > document["n_tokens"]:
            remarks.append("more words were cut than kept: read what was cut")
        rows.append(
            {
                "file": str(paths[doc_id].relative_to(folder)),
                "doc_id": doc_id,
                "n_characters": document["n_characters"],
                "n_paragraphs": document["n_paragraphs"],
                "n_sentences": document["n_sentences"],
                "n_tokens": document["n_tokens"],
                "n_notes": notes["paragraph"].nunique(),
                "n_cut": int(cuts.sum()),
                "cut": ", ".join(f"{reason} {count:,}" for reason, count in cuts.items()),
                "remark": "; ".join(remarks),
            }
        )
    for path in left_out:
        kind = f"files ending in “{path.suffix}”" if path.suffix else "files without an ending"
        blank = dict.fromkeys(("n_characters", "n_paragraphs", "n_sentences", "n_tokens", "n_notes", "n_cut"), 0)
        name = str(path.relative_to(folder))
        rows.append({"file": name, "doc_id": "", **blank, "cut": "", "remark": f"left out: {kind} are not read"})
    return pd.DataFrame(rows, columns=list(CREATED))
