"""The compiled way to the store against the plain one."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossread.corpus.matrices import count_texts
from crossread.corpus.tokens import Tokenizer, quiet_capitals, tokenize, words

pytest.importorskip("numba", reason="the extra “fast” (numba) is not installed")

ARRAYS = ("ids", "starts", "ends", "sentence", "sentence_pointers", "document_pointers")
AWKWARD = " \t\n\u00a0\u2003\u2028\x1c.,;:!?'’ʼ‘\"”-‐‑–()aAbBsSuUkK19é\u0301\u00adßǅ蔣हि٣𝔘"
AWKWARD += "¹①\u200b\u2060\ufeff\ufe0fﬁＵ１½$€@/wcomWITHABOUT"
PIECES = "US CONTACT US$5 www.a.com/b a@b.org http://x.y/z 1.5bn allies¹ multi\u200blateral THE U.S.'S ﬁ , . \n"
texts = st.text(max_size=60) | st.text(alphabet=AWKWARD, max_size=60)
texts |= st.lists(st.sampled_from(PIECES.split(" ")), max_size=12).map(" ".join) | st.lists(
    st.sampled_from(PIECES.split(" "))
).map("".join)


def sentence(text, cuts):
    """A sentence whose text was joined from pieces of a source, with a hole after each place in `cuts`."""
    begins = [0, *sorted({cut for cut in cuts if 0 < cut < len(text)})]
    return text, begins, [7 + begin + 3 * i for i, begin in enumerate(begins)]


sentences = st.builds(sentence, texts, st.lists(st.integers(0, 60), max_size=4))
documents = st.lists(st.lists(sentences, max_size=4), max_size=4)


def assert_same(one, other):
    assert one.types == other.types
    for name in ARRAYS:
        a, b = getattr(one, name), getattr(other, name)
        assert a.dtype == b.dtype and np.array_equal(a, b), name


@pytest.mark.parametrize("hyphens", ["separate", "keep"])
@settings(max_examples=300, deadline=None)
@given(documents)
def test_both_ways_give_the_same_store(hyphens, documents):
    assert_same(tokenize(documents, hyphens, compiled=True), tokenize(documents, hyphens, compiled=False))


@settings(max_examples=200, deadline=None)
@given(st.lists(texts, max_size=5))
def test_both_ways_count_the_words(texts):
    plain, terms = count_texts(texts, compiled=False)
    fast, fast_terms = count_texts(texts, compiled=True)
    assert terms.tolist() == fast_terms.tolist() == sorted({word for text in texts for word in words(text)})
    assert plain.toarray().tolist() == fast.toarray().tolist()
    assert fast.sum() == sum(len(words(text)) for text in texts)


def test_plain_words_and_countries_are_numbered_as_the_pattern_says():
    sample = "US us Us uS US. us, U.S. UK uk UKs A a. I I. ON on! Word word; WORD: x y, end? US, us;"
    documents = [[(sample, (0,), (0,))], [(sample.lower(), (0,), (0,))], [(sample, (0,), (0,))]]
    assert_same(tokenize(documents, compiled=True), tokenize(documents, compiled=False))


def test_short_and_long_rows_are_in_order(monkeypatch):
    generator = np.random.default_rng(1)
    types = [f"w{i}" for i in range(3000)]
    texts = [" ".join(generator.choice(types, size)) for size in [1, 2, 3, 5000, 0, 40, 400, 9]]
    monkeypatch.setattr("crossread.corpus.tokens.BATCH", 3000)
    plain, _ = count_texts(texts, compiled=False)
    fast, _ = count_texts(texts, compiled=True)
    for one in (plain, fast):
        assert all(np.all(np.diff(one.indices[a:b]) > 0) for a, b in zip(one.indptr, one.indptr[1:], strict=False))
    assert (plain != fast).nnz == 0 and fast.dtype == np.int64


def test_counts_do_not_depend_on_the_number_of_threads(monkeypatch):
    texts = [f"Allies {i % 7} pay{'s' * (i % 5)} the US, us. " * 20 for i in range(60)]
    monkeypatch.setattr("crossread.corpus.tokens.BATCH", 2000)
    results = []
    for threads in (1, 2, 4):
        monkeypatch.setattr("crossread.corpus.matrices.MOST_THREADS", threads)
        monkeypatch.setattr("os.cpu_count", lambda: 8)
        results.append(count_texts(texts, compiled=True))
    for matrix, terms in results[1:]:
        assert (matrix != results[0][0]).nnz == 0 and terms.tolist() == results[0][1].tolist()


def test_hits_in_strings_are_those_of_a_store_of_them(monkeypatch):
    from crossread.lexicon import count_hits, make_lexicon
    from crossread.lexicon.matching import find_spans

    lexicon = make_lexicon(
        "demo",
        {
            "cost": ["cost*", "(share|sharing) the cost*", "pay * bill", "b?ll"],
            "war": ["war", "war* ~3 cost*", "* war"],
            "us": ["U.S.", "us ! tell us"],
        },
    )
    generator = np.random.default_rng(2)
    words_of = "cost costs costly share sharing the pay any bill ball war wars US us U.S. tell no, cost. bill!".split()
    texts = [" ".join(generator.choice(words_of, size)) for size in generator.integers(0, 40, 300)]
    texts += [f"new{i} costs{i} bill{i}" for i in range(200)]
    store = tokenize([[(text, (0,), (0,))] for text in texts], compiled=False)
    start, _, entry = find_spans(store, lexicon)
    keys = np.array([lexicon.keys.index(each.key) for each in lexicon.entries])[entry]
    expected = np.zeros((len(texts), 3), dtype=int)
    np.add.at(expected, (store.sentence[start], keys), 1)
    monkeypatch.setattr("crossread.corpus.tokens.BATCH", 900)
    for compiled in (False, True):
        found = count_hits(iter(texts), lexicon, compiled=compiled)
        assert found[list(lexicon.keys)].to_numpy().tolist() == expected.tolist() and expected.sum() > 500
        assert found["n_tokens"].tolist() == np.diff(store.document_pointers).tolist()
    assert count_hits([], lexicon).shape == (0, 4)


@given(texts)
def test_no_token_depends_on_what_is_beyond_white_space(text):
    text = quiet_capitals(text) + " a"  # with a small letter in it no line is in capitals
    assert words(text) == [word for chunk in text.split() for word in words(chunk)]


def test_batches_tables_and_long_chunks_grow(monkeypatch):
    generator = np.random.default_rng(0)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyzé"))
    many = ["".join(generator.choice(letters, size)) for size in generator.integers(1, 40, 60_000)]
    many += ["x" * 300_000, "y" * 16, "y" * 17, "y" * 24, "\0" * 3 + "y"]
    texts = [" ".join(many[i : i + 500]) for i in range(0, len(many), 500)]
    documents = [[(text, (0,), (0,))] for text in [*texts, *texts[:3]]]
    monkeypatch.setattr("crossread.corpus.tokens.BATCH", 100_000)
    assert_same(tokenize(documents, compiled=True), tokenize(documents, compiled=False))


def test_chunks_with_the_same_ending_beyond_sixteen_bytes_stay_apart():
    tokenizer = Tokenizer(compiled=True)
    long = [f"{head}{'z' * 30}{tail}" for head in "abcdefgh12345678" for tail in ("", "q", "qq", "é")]
    ids, *_ = tokenizer.add([(word, (0,), (0,)) for word in long])
    assert [list(tokenizer.vocabulary)[i] for i in ids] == long


def test_a_large_text_takes_the_compiled_way_by_itself(monkeypatch):
    from crossread.corpus import tokens

    asked = []
    monkeypatch.setattr(tokens, "COMPILED_FROM", 10)
    monkeypatch.setattr(tokens._Chunks, "add", lambda self, text: asked.append(text) or 1 / 0)
    assert words("short") and not asked
    with pytest.raises(ZeroDivisionError):
        tokenize([[("more than ten characters", (0,), (0,))]])
    assert asked


def test_importing_and_small_texts_never_import_numba():
    code = f"import sys; sys.path[:0] = {sys.path!r}; import crossread; "
    code += "crossread.from_texts({'a': 'Allies pay. ' * 1000}); print('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
