"""Bodies taken from the bytes of a text against the same text cleaned as a whole, and what is counted in both."""

import time
from collections import Counter

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crossread import from_texts
from crossread.corpus import bodies
from crossread.corpus.bodies import PADDING, body_of, find_parts, paragraphs_of, plain_body
from crossread.corpus.counting import BodyCounter
from crossread.corpus.tokens import words

pytest.importorskip("numba", reason="the extra “fast” (numba) is not installed")

STARTS = (
    "The", "Allies", "They", "“Why", "‘So", "(See", "É", "Ärger", "Они", "the", "and", "élan", "a)", "(a)", "- ", "• ",
    "1. ", "12. ", "1 ", "2 ", "# ", "[^1]: ", " Far", "   Far", "\tFar", "http://a.b", "www.a.b", "Title Case Line",
    "Notes", "---", "—", "\u00a0The", "\u3000The",
)  # fmt: skip
MIDDLE = (
    "pay for ships", "the U.S. and us", "co-operate", "a [link](x)", "*much*", "of 2,000 men", "in No. 4 of", "Mr. Roe",
    "a b", "said “so” and", "x\u00a0y", "x\u2003y", "e.g. this", "long-\u00adterm", "one.1 two", "and so on… but",
    "Stop. — He left. “No” was it", "in Asia; it", "the end! Or", "I. A. Richards", "of the coast guard and its ships",
    "in Annex A. Japan agreed", "so. 2. Japan pays", "it.² So", "it. ¹ They", "as Col. (ret.) Roe",
)  # fmt: skip
ENDS = (".", ".", ".", "?", "!”", ".’", '."', ".)", ":", ";", ",", "", "", "-", "…", ".1", ". 12", "—", "\u00ad", "/")
BREAKS = ("\n", "\n", "\n", "\n\n", "\n\n", "\n\n\n", "\r\n", "\r\n\r\n", " \n", "\n \n", "\n\u00a0\n")
ODD_BREAKS = (*BREAKS, "\f", "\n\f", "\u2028", "\r")

lines = st.builds(
    lambda start, middle, end: f"{start} {' '.join(middle)}{end}",
    st.sampled_from(STARTS),
    st.lists(st.sampled_from(MIDDLE), max_size=6),
    st.sampled_from(ENDS),
)
# most lines of most texts are plain; there have to be some for anything to be taken as it stands
plain_lines = st.builds(
    lambda start, middle, end: f"{start} {' '.join(middle)}{end}",
    st.sampled_from(STARTS[:9]),
    st.lists(st.sampled_from(("pay for ships", "the U.S. and us", "in No. 4 of", "Mr. Roe")), min_size=1, max_size=9),
    st.sampled_from(ENDS[:7]),
)


def joined(breaks):
    return st.lists(
        st.tuples(plain_lines | plain_lines | plain_lines | lines, st.sampled_from(breaks)), max_size=14
    ).map(lambda pairs: "".join(line + end for line, end in pairs))


def wrapped(text, width):
    """Break the lines of a text where they are too long, as a mail program does."""
    done = []
    for line in text.split("\n"):
        while len(line) > width and " " in line[1:width]:
            at = line.rindex(" ", 1, width)
            done.append(line[:at])
            line = line[at + 1 :]
        done.append(line)
    return "\n".join(done)


texts = joined(BREAKS) | joined(BREAKS) | joined(ODD_BREAKS)
long_paragraphs = st.lists(plain_lines, min_size=2, max_size=6).map(" ".join)
wrapped_texts = st.builds(
    lambda parts, width, between: wrapped(between.join(parts), width),
    st.lists(long_paragraphs | long_paragraphs | long_paragraphs | long_paragraphs | lines, min_size=3, max_size=9),
    st.integers(44, 80),
    st.sampled_from(("\n\n", "\n\n", "\n\n", "\n", "\r\n\r\n", "\n \n")),
)
any_text = texts | wrapped_texts | st.text(max_size=60)


def paragraphs(pieces):
    return sorted(paragraphs_of(b"".join(pieces)))


@settings(max_examples=250, deadline=None)
@given(any_text)
def test_a_body_from_the_bytes_is_the_body_of_the_cleaned_text(text):
    pieces = plain_body(text.encode() + PADDING)
    if pieces is not None:
        assert paragraphs(pieces) == paragraphs([body_of(text)])


def test_most_of_a_usual_text_is_taken_as_it_stands(monkeypatch):
    plain = "The allies pay for ships. They talk of the U.S. and of us, as Mr. Roe did."
    text = "# Head\n\n" + f"{plain}\n\n" * 40 + "- one thing\n- another\n\n" + f"{plain}\n\n" * 40
    cleaned = []
    real = bodies.clean
    monkeypatch.setattr(bodies, "clean", lambda some, *more, **rest: cleaned.append(some) or real(some, *more, **rest))
    for shape in (text, wrapped(text, 60)):
        cleaned.clear()
        pieces = plain_body(shape.encode() + PADDING)
        assert len(cleaned) == 1 and len(cleaned[0]) < 0.1 * len(shape)
        assert paragraphs(pieces) == paragraphs([body_of(shape)]) and len(paragraphs(pieces)) == 82


@pytest.mark.parametrize(
    "text",
    [
        "Pages part here.\fThe next one.",
        "A note.[^1]\n\nMore of it.\n\n[^1]: The note.\n",
        "The allies of the co-\noperation pay.\n",
        "It is said.1\n\nNotes\n\n1. Roe 2019.\n",
        "One.\rTwo.",
        "One.\u2028Two.",
    ],
)
def test_what_depends_on_the_whole_text_is_cleaned_as_a_whole(text):
    assert plain_body(text.encode() + PADDING) is None


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(texts, min_size=1, max_size=4).map("\n\n".join) | wrapped_texts, st.integers(1, 300))
def test_a_file_that_is_cut_has_the_same_body(tmp_path, text, size):
    data, path = text.encode(), tmp_path / "a.txt"
    path.write_bytes(data)
    found = find_parts(path, size)
    if found is None:
        return
    assert found.bounds[0][0] == 0 and found.bounds[-1][1] == len(data)
    assert all(end == start for (_, end), (start, _) in zip(found.bounds, found.bounds[1:], strict=False))
    parts = [plain_body(data[start:end] + PADDING, found.layout) for start, end in found.bounds]
    if all(part is not None for part in parts):
        whole = plain_body(data + PADDING) or [body_of(text)]
        assert paragraphs([piece for part in parts for piece in part]) == paragraphs(whole)


@pytest.mark.parametrize("repeated", ["؟", "?", "a.", "a.[", ".["])
def test_a_row_of_stops_is_looked_through_once(repeated):
    """From each stop to the end of its word: 20,000 took three seconds, and 200,000 would take five minutes."""
    begun = time.process_time()
    assert body_of("The allies pay" + repeated * 20_000).startswith(b"The allies pay")
    assert time.process_time() - begun < 1.5


def test_a_long_file_is_cut_and_a_mark_at_its_start_left_out(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(b"\xef\xbb\xbf" + b"The allies pay for all ships of the coast.\n\n" * 100)
    found = find_parts(path, 500)
    assert len(found.bounds) == 9 and found.bounds[0][0] == 3 and found.bounds[-1][1] == path.stat().st_size
    (tmp_path / "b.txt").write_bytes(b"no line begins with a capital here,\n" * 100)
    assert len(find_parts(tmp_path / "b.txt", 500).bounds) == 1
    (tmp_path / "c.txt").write_bytes(b"Pages.\n\f\n" * 100)
    assert find_parts(tmp_path / "c.txt", 500) is None


# --- counting


def counted(counter, some):
    found = counter.count([[body_of(text)] for text in some])
    terms, counts, n_documents = counter.take()
    by_term = {term: (int(n), int(m)) for term, n, m in zip(terms, counts, n_documents, strict=True)}
    return np.stack([found.n_paragraphs, found.n_sentences, found.n_tokens]).tolist(), by_term


chunks = st.sampled_from(
    "pay. pay Pay. ally's U.S. U.S.” us. No. no. Mr. I. I A. e.g. etc. etc.) pp. Jr. (Roe “Why ‘So — “ ( … ... .” ?! "
    "1990 1990. 7 The the They Xenia, É. écoles. Über 蔣介石。 ²x naïve; so: \u3000 a\u2003B. fin.\u00a0Le".split(" ")
)
paragraphs_of_chunks = st.lists(chunks, min_size=1, max_size=25).map(" ".join)
small_texts = st.lists(paragraphs_of_chunks, max_size=4).map("\n\n".join)


@settings(max_examples=150, deadline=None)
@given(st.lists(small_texts | st.text(max_size=60), max_size=4))
def test_compiled_and_plain_count_alike(some):
    assert counted(BodyCounter(compiled=True), some) == counted(BodyCounter(compiled=False), some)


@given(st.lists(small_texts, min_size=1, max_size=3))
def test_what_is_counted_is_what_a_corpus_holds(some):
    facts, by_term = counted(BodyCounter(compiled=True), some)
    corpus = from_texts({f"d{i}": text for i, text in enumerate(some)})
    assert facts == corpus.documents[["n_paragraphs", "n_sentences", "n_tokens"]].to_numpy().T.tolist()
    matrix = corpus.term_matrix("document")
    totals = np.asarray(matrix.matrix.sum(axis=0)).ravel(), np.diff(matrix.matrix.tocsc().indptr)
    assert by_term == dict(zip(matrix.terms, zip(*map(np.ndarray.tolist, totals), strict=True), strict=True))


def test_what_was_learned_of_one_batch_serves_the_next(monkeypatch):
    monkeypatch.setattr("crossread.corpus.counting.STREAM", 40)
    counter = BodyCounter(compiled=True)
    batches = [["Allies pay. The U.S. left.", "No."], ["Allies pay. Burden-sharing is new.", "A. B. Roe pays."], []]
    for some in batches * 2:
        assert counted(counter, some) == counted(BodyCounter(compiled=False), some)
    monkeypatch.setattr("crossread.corpus.counting.MOST_CHUNKS", 5)
    for some in batches:
        assert counted(counter, some) == counted(BodyCounter(compiled=False), some)


def test_a_document_in_pieces_is_one_document(monkeypatch):
    monkeypatch.setattr("crossread.corpus.counting.STREAM", 30)
    pieces = [body_of(f"Allies pay {i} times. They say so.\n\nEnough of it.") for i in range(20)]
    counter = BodyCounter(compiled=True)
    found = counter.count([pieces, [body_of("Allies rest.")], iter(pieces[:1])])
    assert [found.n_paragraphs.tolist(), found.n_sentences.tolist()] == [[40, 1, 2], [60, 1, 3]]
    terms, counts, n_documents = counter.take()
    assert (counts[terms.index("allies")], n_documents[terms.index("allies")]) == (22, 3)
    assert n_documents[terms.index("enough")] == 2

    def broken():
        yield pieces[0]
        raise ValueError

    with pytest.raises(ValueError):
        counter.count([broken()])
    counter.take()
    assert counter.count([[pieces[0]]]).n_tokens.tolist() == [10]
    assert dict(zip(*(list(column) for column in counter.take()[::2]), strict=True))["allies"] == 1


@given(st.lists(small_texts, min_size=1, max_size=3))
def test_chosen_types_come_back_in_their_places(some):
    def choose(types):
        return np.flatnonzero([word in ("pay", "the", "u.s.") for word in types])

    stores = []
    for compiled in (False, True):
        store = BodyCounter(compiled=compiled, choose=choose).count([[body_of(text)] for text in some]).store
        stores.append(
            ([store.types[i] for i in store.ids], store.sentence_pointers.tolist(), store.document_pointers.tolist())
        )
    assert stores[0] == stores[1]
    body = from_texts({f"d{i}": text for i, text in enumerate(some)}).sentences.query("kind == 'body'")["text"]
    expected = [word if word in ("pay", "the", "u.s.") else "" for text in body for word in words(text)]
    assert stores[0][0] == expected


STOPPED = (
    "THE U.S. AND JAPAN", "JOIN US", "CALL US TODAY", "WE LIKE THE US", "WITH US", "the US and us",
    "by 1949.[1]", "so.¹", "bases.2", "art.5", "plan B.", "Article V.", "J. A. Roe", "A. Roe", "同盟だ。日本", "はい！",
    "نعم؟", "है।", "ask a@b.org.", "approx.", "Sec.", "etc.", "no.", "No. 5", "The", "AND", "A", "It", "7", "•",
    "«Qui?»", "„So.“", "pay.*", "x.(2)", "student.", "fell.", "5.", "Mai", "April", "« Qui ! »", "»", "Nein.“ Er",
    "so.[1, 2]", "so.1,2", "iPads", "(b)", "art. V", "Then", "min.",
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.sampled_from(STOPPED), min_size=1, max_size=9).map(" ".join), min_size=1, max_size=4))
def test_sentences_and_the_pronoun_are_the_same_quick_plain_and_in_the_store(written):
    text = "\n\n".join(f"Allies {paragraph}." for paragraph in written)
    corpus = from_texts({"a": text})
    body = corpus.sentences[corpus.sentences["kind"] == "body"]
    types = Counter(word for sentence in body["text"] for word in words(sentence))
    pieces = plain_body(text.encode() + PADDING)
    for source in [[body_of(text)]] + ([pieces] if pieces is not None else []):
        for compiled in (False, True):
            counter = BodyCounter(compiled=compiled)
            counted = counter.count([source])
            assert counted.n_sentences.tolist() == [len(body)]
            terms, times, _ = counter.take()
            assert dict(zip(terms, times.tolist(), strict=True)) == types
