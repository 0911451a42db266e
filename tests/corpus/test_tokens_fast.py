"""The compiled way to the store against the plain one."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossread import from_texts
from crossread.corpus.tokens import Tokenizer, quiet_capitals, words

pytest.importorskip("numba", reason="the extra “fast” (numba) is not installed")

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


def tokens_of(batches, *, compiled):
    """The vocabulary and the four arrays of some batches of sentences, one after another in one tokenizer."""
    tokenizer = Tokenizer(compiled)
    parts = [tokenizer.add(sentences) for sentences in batches]
    return list(tokenizer.vocabulary), [np.concatenate(arrays) for arrays in zip(*parts, strict=True)]


def assert_same_both_ways(batches):
    (types, fast), (other_types, plain) = (tokens_of(batches, compiled=way) for way in (True, False))
    assert types == other_types
    for a, b in zip(fast, plain, strict=True):
        assert a.dtype == b.dtype and np.array_equal(a, b)


def plain_sentence(text):
    return text, (0,), (0,)


@settings(max_examples=150, deadline=None)
@given(documents)
def test_both_ways_give_the_same_tokens(documents):
    assert_same_both_ways(documents)


def test_plain_words_and_countries_are_numbered_as_the_pattern_says():
    sample = "US us Us uS US. us, U.S. UK uk UKs A a. I I. ON on! Word word; WORD: x y, end? US, us;"
    assert_same_both_ways([[plain_sentence(text)] for text in (sample, sample.lower(), sample)])


@given(texts)
def test_no_token_depends_on_what_is_beyond_white_space(text):
    text = quiet_capitals(text) + " a"  # with a small letter in it no line is in capitals
    assert words(text) == [word for chunk in text.split() for word in words(chunk)]


def test_batches_tables_and_long_chunks_grow():
    generator = np.random.default_rng(0)
    letters = np.array(list("abcdefghijklmnopqrstuvwxyzé"))
    many = ["".join(generator.choice(letters, size)) for size in generator.integers(1, 40, 40_000)]
    many += ["x" * 300_000, "y" * 16, "y" * 17, "y" * 24, "\0" * 3 + "y"]
    texts = [" ".join(many[i : i + 8_000]) for i in range(0, len(many), 8_000)]
    assert_same_both_ways([[plain_sentence(text)] for text in [*texts, *texts[:2]]])


def test_chunks_with_the_same_ending_beyond_sixteen_bytes_stay_apart():
    tokenizer = Tokenizer(compiled=True)
    long = [f"{head}{'z' * 30}{tail}" for head in "abcdefgh12345678" for tail in ("", "q", "qq", "é")]
    ids, *_ = tokenizer.add([plain_sentence(word) for word in long])
    assert [list(tokenizer.vocabulary)[i] for i in ids] == long


def test_a_large_text_takes_the_compiled_way_by_itself(monkeypatch):
    from crossread.corpus import tokens

    asked = []
    monkeypatch.setattr(tokens, "COMPILED_FROM", 10)
    monkeypatch.setattr(tokens._Chunks, "add", lambda self, text, **_: asked.append(text) or 1 / 0)
    assert words("short") and not asked
    with pytest.raises(ZeroDivisionError):
        from_texts({"a": "More than ten characters."})
    assert asked


def test_importing_and_small_texts_never_import_numba():
    code = f"import sys; sys.path[:0] = {sys.path!r}; import crossread; "
    code += "crossread.from_texts({'a': 'Allies pay. ' * 1000}); print('numba' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
