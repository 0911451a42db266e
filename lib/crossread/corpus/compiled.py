"""The loops over bytes and integers, compiled: imported only for a large text, when numba (the `fast` extra) is there.

None of them knows what a token is. They split bytes at white space, give each distinct chunk a number, and copy out
what the documented pattern found in that chunk.
"""

import numpy as np
from numba import njit

OPTIONS = {"cache": True, "nogil": True}
BLOCK = 64  # chunks whose rows of the hash table are asked for at once, so that memory is waited for once
PADDING = 32  # blanks that must follow the bytes, so that a load of eight never leaves them

_P, _Q = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_ONE, _SEVEN, _HALF, _TOP = np.uint64(1), np.uint64(7), np.uint64(32), np.uint64(56)
_ONES, _HIGH, _LOW = np.uint64(0x0101010101010101), np.uint64(0x8080808080808080), np.uint64(0x7F7F7F7F7F7F7F7F)
# added to a byte below 128, these set its highest bit from 9 on and from 14 on
_SPACES, _FROM_9, _FROM_14 = np.uint64(0x2020202020202020), np.uint64(0x7777777777777777), np.uint64(0x7272727272727272)


@njit(inline="always")
def _load(eights, at):
    """Return the eight bytes from byte `at` on, the first one lowest."""
    place, shift = at >> 3, np.uint64((at & 7) << 3)
    return (eights[place] >> shift) | ((eights[place + 1] << _ONE) << (np.uint64(63) - shift))


@njit(inline="always")
def _blanks(eight):
    """Set the highest bit of each byte that is a space or one of the characters 9 to 13."""
    low = eight & _LOW
    return (~((low ^ _SPACES) + _LOW) | ((low + _FROM_9) & ~(low + _FROM_14))) & ~eight & _HIGH


@njit(inline="always")
def _bytes_before(bit):
    """Return how many bytes lie below the one whose highest bit is `bit`."""
    return np.int64((((bit - _ONE) & _ONES) * _ONES) >> _TOP) - 1


@njit(inline="always")
def _continued(eight):
    """Return how many bytes continue a character that an earlier one began."""
    return np.int64((((eight & ~(eight << _ONE) & _HIGH) >> _SEVEN) * _ONES) >> _TOP)


@njit(**OPTIONS)
def _measure(eights, at):
    """Return of the chunk that begins at byte `at` the first eight bytes, the rest mixed, its bytes and characters."""
    low, high, length = _load(eights, at), np.uint64(0), 8
    blank = _blanks(low)
    if blank:
        bit = blank & (~blank + _ONE)
        length = _bytes_before(bit)
        low &= (bit >> _SEVEN) - _ONE
    continued = _continued(low)
    while not blank:
        eight, more = _load(eights, at + length), 8
        blank = _blanks(eight)
        if blank:
            bit = blank & (~blank + _ONE)
            more = _bytes_before(bit)
            eight &= (bit >> _SEVEN) - _ONE
        continued += _continued(eight)
        # up to sixteen bytes low and high are the chunk itself
        high = eight if length == 8 else ((high << _SEVEN) ^ (high >> _TOP)) * _P ^ eight
        length += more
    return low, high, length, length - continued


@njit(**OPTIONS)
def _is_same(blob, begin, data, first, length):
    """Tell whether a known chunk has the bytes of the one at `first`: its two eights agree already."""
    if length > 16:
        for k in range(length):
            if blob[begin + k] != data[first + k]:
                return False
    return True


@njit(**OPTIONS)
def _look_up(index, slot, forms, low, high, length, begins, blob, data, first):
    """Return the row of the index where a chunk is, or could be put, and its number, -1 when it is not there."""
    mask = len(index) - 1
    while index[slot] != 0:
        row = index[slot]
        if forms[row, 0] == low and forms[row, 1] == high and np.int64(forms[row, 2]) == length:
            if _is_same(blob, begins[row - 1], data, first, length):
                return slot, row - 1
        slot = (slot + 1) & mask
    return slot, -1


@njit(**OPTIONS)
def _put(index, slot, forms, low, high, length, begins, blob, count, data, first):
    """Make a chunk known under the number `count`."""
    begin = begins[count]
    for k in range(length):
        blob[begin + k] = data[first + k]
    begins[count + 1] = begin + length
    index[slot] = count + 1
    forms[count + 1, 0], forms[count + 1, 1], forms[count + 1, 2] = low, high, np.uint64(length)


@njit(**OPTIONS)
def intern_chunks(
    eights: np.ndarray,
    n: int,
    at: tuple[int, int, int, int],
    index: np.ndarray,
    forms: np.ndarray,
    begins: np.ndarray,
    blob: np.ndarray,
    numbers: np.ndarray,
    starts: np.ndarray,
) -> tuple[int, int, int, int, int]:
    """Number the chunks between white space, in order of first appearance.

    `eights` holds `n` bytes and then blanks, eight bytes in each integer. Chunk `i` has the bytes
    `blob[begins[i]:begins[i + 1]]`; row `i + 1` of `forms` holds its first eight bytes, the rest (mixed when there are
    more than eight) and its length, and `index`, a hash table, the number of that row (0: free). For each chunk its
    number goes to `numbers` and, unless that is empty, the character (not byte) at which it begins to `starts`. `at`
    holds the byte and the character that come next, the chunks found so far, and the distinct chunks known. The loop
    stops before a chunk for which there may be no room: give larger arrays and call again, until the last byte is
    reached.
    """
    i, character, found, count = at
    data = eights.view(np.uint8)
    mask = len(index) - 1
    placed = len(starts) > 0
    lows, highs = np.empty(BLOCK, dtype=np.uint64), np.empty(BLOCK, dtype=np.uint64)
    lengths, places = np.empty(BLOCK, dtype=np.int64), np.empty(BLOCK, dtype=np.int64)
    firsts, characters = np.empty(BLOCK, dtype=np.int64), np.empty(BLOCK, dtype=np.int64)
    touched = np.uint64(0)
    while i < n:
        held = 0
        while held < BLOCK and i < n:
            low, high, length, n_characters = _measure(eights, i)
            if length == 0:
                i += 1
                character += 1
                continue
            code = (low ^ (high * _Q)) * _P
            lows[held], highs[held], lengths[held] = low, high, length
            places[held] = np.int64(code ^ (code >> _HALF)) & mask
            firsts[held], characters[held] = i, character
            held += 1
            i += length + 1  # a chunk ends at a blank, or at the end
            character += n_characters + 1
        for j in range(held):
            touched ^= forms[index[places[j]], 0]
        for j in range(held):
            low, high, length, first = lows[j], highs[j], lengths[j], firsts[j]
            slot, number = _look_up(index, places[j], forms, low, high, length, begins, blob, data, first)
            fits = count + 1 < len(begins) and begins[count] + length <= len(blob) and 4 * count < len(index)
            if found == len(numbers) or (number < 0 and not fits):
                return first, characters[j], found, count, touched
            if number < 0:
                _put(index, slot, forms, low, high, length, begins, blob, count, data, first)
                number = count
                count += 1
            numbers[found] = number
            if placed:
                starts[found] = characters[j]
            found += 1
    return i, character, found, count, touched


@njit(**OPTIONS)
def fill_index(index: np.ndarray, forms: np.ndarray, count: int) -> None:
    """Put all known chunks into a larger, empty index."""
    mask = len(index) - 1
    for row in range(1, count + 1):
        code = (forms[row, 0] ^ (forms[row, 1] * _Q)) * _P
        slot = np.int64(code ^ (code >> _HALF)) & mask
        while index[slot] != 0:
            slot = (slot + 1) & mask
        index[slot] = row


@njit(**OPTIONS)
def lower_words(
    begins: np.ndarray, blob: np.ndarray, first: int, count: int, capitals: int, lengths: np.ndarray, lines: np.ndarray
) -> int:
    """Write in lower case, one a line, the chunks that are one word of ASCII letters with at most one mark after it.

    `lengths` gets the length of the word in each of the chunks from `first` to `count`: 0 for any other chunk, and for
    one of no more than `capitals` letters, all of them capitals, for that may be a country. The bytes written are
    returned.
    """
    at = 0
    for chunk in range(first, count):
        begin, end = begins[chunk], begins[chunk + 1]
        byte = blob[end - 1]
        if byte == 46 or byte == 44 or byte == 59 or byte == 58 or byte == 63 or byte == 33:  # . , ; : ? !
            end -= 1
        length = end - begin
        small, word = False, length > 1
        for k in range(begin, end):
            byte = blob[k]
            letter = byte | 32
            if letter < 97 or letter > 122:
                word = False
                break
            small |= byte == letter
            lines[at + k - begin] = letter
        if not word or (length <= capitals and not small):
            lengths[chunk - first] = 0
            continue
        lengths[chunk - first] = length
        at += length
        lines[at] = 10
        at += 1
    return at


@njit(**OPTIONS)
def expand_chunks(
    numbers: np.ndarray,
    chunk_starts: np.ndarray,
    pointers: np.ndarray,
    types: np.ndarray,
    firsts: np.ndarray,
    lasts: np.ndarray,
    sentence_ends: np.ndarray,
    clean: np.ndarray,
    source: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Copy out the tokens of each chunk: type, start and end in the source, and how many each sentence has.

    Chunk `i` holds the tokens `pointers[i]` to `pointers[i + 1]` of `types`, from character `firsts` to `lasts` of the
    chunk. A piece of the text that begins at character `clean` stands at character `source` of its document.
    """
    total = 0
    for number in numbers:
        total += pointers[number + 1] - pointers[number]
    ids = np.empty(total, dtype=np.int32)
    starts = np.empty(total, dtype=np.int32)
    ends = np.empty(total, dtype=np.int32)
    sizes = np.zeros(len(sentence_ends), dtype=np.int64)
    at = sentence = piece = 0
    for i in range(len(numbers)):
        number = numbers[i]
        while chunk_starts[i] >= sentence_ends[sentence]:
            sentence += 1
        for token in range(pointers[number], pointers[number + 1]):
            start = chunk_starts[i] + firsts[token]
            last = chunk_starts[i] + lasts[token] - 1
            while piece + 1 < len(clean) and clean[piece + 1] <= start:
                piece += 1
            other = piece
            while other + 1 < len(clean) and clean[other + 1] <= last:
                other += 1
            ids[at] = types[token]
            starts[at] = source[piece] + start - clean[piece]
            ends[at] = source[other] + last - clean[other] + 1
            at += 1
            sizes[sentence] += 1
    return ids, starts, ends, sizes


@njit(**OPTIONS)
def count_rows(
    rows: np.ndarray, chunks: np.ndarray, pointers: np.ndarray, types: np.ndarray, n_types: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Count types row by row: the three arrays of a sparse matrix, columns of a row in order of first appearance.

    Row `i` holds the chunks `rows[i]` to `rows[i + 1]`; a chunk holds the tokens `pointers[chunk]` to
    `pointers[chunk + 1]` of `types`.
    """
    n_rows, total = len(rows) - 1, 0
    for chunk in chunks:
        total += pointers[chunk + 1] - pointers[chunk]
    counts = np.zeros(n_types, dtype=np.int32)
    indptr = np.zeros(n_rows + 1, dtype=np.int64)
    indices = np.empty(total, dtype=np.int32)
    data = np.empty(total, dtype=np.int32)
    at = 0
    for row in range(n_rows):
        begin = at
        for i in range(rows[row], rows[row + 1]):
            for token in range(pointers[chunks[i]], pointers[chunks[i] + 1]):
                column = types[token]
                if counts[column] == 0:
                    indices[at] = column
                    at += 1
                counts[column] += 1
        for i in range(begin, at):
            data[i] = counts[indices[i]]
            counts[indices[i]] = 0
        indptr[row + 1] = at
    return indptr, indices[:at].copy(), data[:at].copy()


@njit(**OPTIONS)
def sort_rows(
    indptr: np.ndarray,
    indices: np.ndarray,
    data: np.ndarray,
    rank: np.ndarray,
    n_columns: int,
    to_indices: np.ndarray,
    to_data: np.ndarray,
) -> None:
    """Copy the rows of a sparse matrix with each column at its `rank`, in order within a row."""
    counts = np.zeros(n_columns, dtype=np.int64)
    bits = np.zeros((n_columns >> 6) + 1, dtype=np.uint64)
    for row in range(len(indptr) - 1):
        begin, end = indptr[row], indptr[row + 1]
        if (end - begin) << 4 < len(bits):  # few columns: cheaper to sort than to look at all bits
            ranks = np.sort(rank[indices[begin:end]])
            for i in range(begin, end):
                counts[rank[indices[i]]] = data[i]
            for i in range(begin, end):
                to_indices[i] = ranks[i - begin]
                to_data[i] = counts[ranks[i - begin]]
            continue
        for i in range(begin, end):
            column = rank[indices[i]]
            counts[column] = data[i]
            bits[column >> 6] |= _ONE << np.uint64(column & 63)
        at = begin
        for place in range(len(bits)):
            left = bits[place]
            bits[place] = 0
            while left:
                bit = left & (~left + _ONE)
                left ^= bit
                below = bit - _ONE  # as many ones as there are bits below
                below -= (below >> _ONE) & np.uint64(0x5555555555555555)
                below = (below & np.uint64(0x3333333333333333)) + (
                    (below >> np.uint64(2)) & np.uint64(0x3333333333333333)
                )
                below = (below + (below >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
                column = (place << 6) + np.int64((below * _ONES) >> _TOP)
                to_indices[at] = column
                to_data[at] = counts[column]
                at += 1


# Lines of a plain text, and what can be told of each without a pattern. `crossread.corpus.bodies` says what for.

UPPER, LETTER, LOWER, INDENTED, ENDS, OPEN, INNER, ODD, SPACED, AFTER_BLANK = (1 << bit for bit in range(10))
_MARK, _BEYOND, _RETURN, _PAGE, _CONTROL = (1 << bit for bit in range(5))  # kinds of bytes
_KIND = np.zeros(256, dtype=np.uint8)
_KIND[[*range(9), 11, *range(14, 32), 127]] = _CONTROL
_KIND[[ord(sign) for sign in "[]@*_`<&"]] = _MARK
_KIND[128:] = _BEYOND
_KIND[13], _KIND[12] = _RETURN, _PAGE


@njit(**OPTIONS)
def _is_letter(data, at):
    """Tell whether a byte begins a letter that no rule takes for a small one, for a bullet or for a quotation mark."""
    byte = data[at]
    if byte < 128:
        return 65 <= byte <= 90
    if byte == 0xC3:
        return data[at + 1] < 0x9F and data[at + 1] != 0x97
    if byte == 0xCE or byte == 0xD0:  # the capitals of Greek and of Cyrillic
        return 0x91 <= data[at + 1] <= 0xA9 if byte == 0xCE else data[at + 1] < 0xB0
    return byte > 0xD6 and byte != 0xE1 and byte != 0xE2


@njit(**OPTIONS)
def _is_curly(data, at, low, high):
    """Tell whether one of two curly quotation marks (by their last bytes) begins at a byte."""
    return data[at] == 0xE2 and data[at + 1] == 0x80 and (data[at + 2] == low or data[at + 2] == high)


@njit(**OPTIONS)
def _look_at_start(data, at):
    """Return what the first characters of a line tell: UPPER, LETTER, LOWER, INDENTED."""
    flags, begin = 0, at
    while data[at] == 32 or data[at] == 9:
        at += 1
        flags = INDENTED
    small = 97 <= data[at] <= 122
    if at == begin:
        if (small or _is_letter(data, at)) and data[at + 1] != 41:  # “a)” is a bullet
            flags = LETTER
        if small:
            flags |= LOWER
    while data[at] == 34 or data[at] == 39 or data[at] == 40 or _is_curly(data, at, 0x9C, 0x98):
        at += 1 if data[at] < 128 else 3
    return flags | UPPER if _is_letter(data, at) else flags


@njit(**OPTIONS)
def _stops(byte):
    return byte == 46 or byte == 33 or byte == 63 or byte == 58 or byte == 59  # . ! ? : ;


@njit(**OPTIONS)
def _look_at_end(data, begin, last):
    """Return what the last characters of a line tell: ENDS, OPEN, INNER."""
    byte = data[last]
    if _stops(byte):
        return ENDS | INNER
    if byte == 44 or 65 <= byte <= 90 or 97 <= byte <= 122:  # a comma or a letter
        return OPEN | INNER
    before = last
    if byte == 34 or byte == 39:
        before = last - 1
    elif last - 2 >= begin and _is_curly(data, last - 2, 0x99, 0x9D):
        before = last - 3
    if before < last:
        return ENDS | INNER if before >= begin and _stops(data[before]) else INNER
    return INNER if 48 <= byte <= 57 or byte == 41 else 0


@njit(**OPTIONS)
def _is_blank_beyond(byte, second, third):
    """Tell whether three bytes begin with white space beyond ASCII: 1, or 2 when it is also the end of a line.

    A stop after which no blank need follow (。！？｡) counts as one too: sentences end inside of chunks there.
    """
    if byte == 0xEF:
        return 1 if (second == 0xBC and (third == 0x81 or third == 0x9F)) or (second == 0xBD and third == 0xA1) else 0
    if byte == 0xC2:
        return 1 if second == 0x85 or second == 0xA0 else 0
    if byte == 0xE2 and second == 0x80:
        if third == 0xA8 or third == 0xA9:
            return 2
        return 1 if third <= 0x8A or third == 0xAF else 0
    if byte == 0xE2:
        return 1 if second == 0x81 and third == 0x9F else 0
    if byte == 0xE1:
        return 1 if second == 0x9A and third == 0x80 else 0
    return 1 if byte == 0xE3 and second == 0x80 and (third == 0x80 or third == 0x82) else 0


@njit(inline="always")
def _ends_alone(byte, second):
    """Tell by its first two bytes a character with which a sentence may end although a blank comes before it."""
    return (byte == 0xC2 and (second == 0xBB or second == 0xB2 or second == 0xB3 or second == 0xB9)) or (
        byte == 0xE2 and second == 0x81
    )


@njit(**OPTIONS)
def _look_beyond_ascii(data, begin, end):
    """Return how many characters a line has, and whether it holds white space (1) or a line end (2) beyond ASCII.

    A quotation mark » or a raised digit after a blank counts as white space: a sentence may end with it, and it stands
    by itself.
    """
    n_characters, found = end - begin, 0
    for at in range(begin, end):
        byte = data[at]
        if byte >= 0xC0:
            found |= _is_blank_beyond(byte, data[at + 1], data[at + 2])
            found |= at > begin and data[at - 1] == 32 and _ends_alone(byte, data[at + 1])
        elif byte >= 0x80:
            n_characters -= 1
    return n_characters, found


@njit(**OPTIONS)
def _returns_inside(data, begin, end):
    """Tell whether a line holds a carriage return that is not its last byte."""
    for at in range(begin, end - 1):
        if data[at] == 13:
            return True
    return False


@njit(**OPTIONS)
def scan_lines(
    data: np.ndarray, n: int, starts: np.ndarray, ends: np.ndarray, n_characters: np.ndarray, flags: np.ndarray
) -> int:
    """Find the lines of a text that are not blank: where each begins and ends, its characters, and its flags.

    `data` holds `n` bytes of UTF-8, then a few blanks. A line ends after its last byte that is not white space. The
    number of lines is returned; -1 when the text has pages, or line ends of another kind.
    """
    found, begin, after_blank = 0, 0, True
    while begin < n:
        at, kinds = begin, 0
        while at < n and data[at] != 10:
            kinds |= _KIND[data[at]]
            at += 1
        last = at - 1
        while last >= begin and (data[last] == 32 or data[last] == 9 or data[last] == 13):
            last -= 1
        length, beyond = last + 1 - begin, 0
        if kinds & _BEYOND:
            length, beyond = _look_beyond_ascii(data, begin, last + 1)
        if kinds & _PAGE or beyond & 2 or (kinds & _RETURN and _returns_inside(data, begin, at)):
            return -1
        if length > 0:
            spaced = SPACED | ODD if beyond or kinds & _CONTROL else 0
            starts[found], ends[found], n_characters[found] = begin, last + 1, length
            flags[found] = _look_at_start(data, begin) | _look_at_end(data, begin, last) | spaced
            flags[found] |= (ODD if kinds & _MARK else 0) | (AFTER_BLANK if after_blank else 0)
            found += 1
        after_blank = length == 0
        begin = at + 1
    return found


@njit(**OPTIONS)
def gather(data: np.ndarray, starts: np.ndarray, ends: np.ndarray, between: np.ndarray, out: np.ndarray) -> None:
    """Copy stretches of bytes one after another, each with `between` after it."""
    at = 0
    for i in range(len(starts)):
        length = ends[i] - starts[i]
        out[at : at + length] = data[starts[i] : ends[i]]
        at += length
        out[at : at + len(between)] = between
        at += len(between)


# A stream of chunk numbers: the bodies of documents, as `crossread.corpus.bodies` writes them; its signs come first.

SIGNS = 4
PARAGRAPH, DOCUMENT, SENTENCE, GIVEN = range(SIGNS)
# Columns of a table of chunks (how often, the last document with it, how many tokens, whether a sentence may end with
# it, its first token's type), and of one of types (how many documents, the last one with it). A row is half of what a
# processor fetches at once.
TIMES, LAST, SIZE, STOPS, TYPE = range(5)
DOCUMENTS, LAST_IN = range(2)
MAY_STOP, STOPS_SURELY = 1, 2


@njit(**OPTIONS)
def find_stops(
    begins: np.ndarray, blob: np.ndarray, first: int, count: int, longer_than: int, chunks: np.ndarray
) -> None:
    """Say of each new chunk whether a sentence may end with it: surely with a long word of ASCII letters and a stop."""
    for chunk in range(first, count):
        begin, end = begins[chunk], begins[chunk + 1]
        byte = blob[end - 1]
        stops = byte == 46 or byte == 33 or byte == 63
        closes = byte == 34 or byte == 39 or byte == 41 or byte == 42 or byte == 93 or 48 <= byte <= 57
        chunks[chunk, STOPS] = MAY_STOP if stops or closes or byte >= 128 else 0
        if stops and end - begin - 1 > longer_than:
            letters = True
            for k in range(begin, end - 1):
                letters &= 97 <= (blob[k] | 32) <= 122
            chunks[chunk, STOPS] = STOPS_SURELY if letters else MAY_STOP


@njit(**OPTIONS)
def _note_types(fresh, document, chunks, bounds, types, rows):
    """Count a document for each of the types of its chunks."""
    for chunk in fresh:
        if chunks[chunk, SIZE] == 1:
            row = chunks[chunk, TYPE]
            rows[row, DOCUMENTS] += rows[row, LAST_IN] != document
            rows[row, LAST_IN] = document
            continue
        for row in types[bounds[chunk] : bounds[chunk + 1]]:
            rows[row, DOCUMENTS] += rows[row, LAST_IN] != document
            rows[row, LAST_IN] = document


@njit(**OPTIONS)
def count_stream(
    numbers: np.ndarray,
    chunks: np.ndarray,
    bounds: np.ndarray,
    types: np.ndarray,
    rows: np.ndarray,
    document: int,
    facts: np.ndarray,
    row: int,
    fresh: np.ndarray,
    stops: np.ndarray,
    stop_bounds: np.ndarray,
) -> tuple[int, int]:
    """Count the chunks of a stream, the documents of each type, and the paragraphs and tokens of each document.

    Nothing is decided inside the loop that a processor could guess wrongly: what is to be looked at again is put into
    `fresh` (chunks that a document has not had before) and `stops` (places after which a sentence may end).

    `types[bounds[chunk]:bounds[chunk + 1]]` are those of a chunk, `rows` the table of types; `document` is the running
    number of the first document here, and `row` its row in `facts`, to which is added. `stop_bounds` gets where the
    stops of each document end. How many documents ended here, and how many stops there are, is returned.
    """
    first, may_stop = row, 1
    paragraphs, sentences, tokens = 0, 0, 0
    n_fresh, n_stops = 0, 0
    for i in range(len(numbers)):
        chunk = numbers[i]
        if chunk >= SIGNS:
            chunks[chunk, TIMES] += 1
            tokens += chunks[chunk, SIZE]
            fresh[n_fresh] = chunk
            n_fresh += chunks[chunk, LAST] != document
            chunks[chunk, LAST] = document
            stops[n_stops] = i
            n_stops += chunks[chunk, STOPS] & may_stop
            continue
        paragraphs += chunk == PARAGRAPH
        sentences += chunk == PARAGRAPH or chunk == SENTENCE
        may_stop = 0 if chunk == GIVEN or (chunk == SENTENCE and not may_stop) else 1
        if chunk == DOCUMENT:
            _note_types(fresh[:n_fresh], document, chunks, bounds, types, rows)
            facts[row, 0] += paragraphs
            facts[row, 1] += sentences
            facts[row, 2] += tokens
            stop_bounds[row - first] = n_stops
            paragraphs, sentences, tokens, n_fresh = 0, 0, 0, 0
            row += 1
            document += 1
    # of a document that goes on in the next stream
    _note_types(fresh[:n_fresh], document, chunks, bounds, types, rows)
    facts[row, 0] += paragraphs
    facts[row, 1] += sentences
    facts[row, 2] += tokens
    stop_bounds[row - first] = n_stops
    return row - first, n_stops


@njit(inline="always")
def _follows(numbers, i, openers):
    """Return the chunk that begins what follows the one at `i`, and 1 where an opening mark by itself is before it."""
    following = numbers[i + 1]
    if following >= SIGNS and openers[following] and numbers[i + 2] >= SIGNS:
        return numbers[i + 2], 1
    return following, 0


@njit(**OPTIONS)
def find_followers(numbers: np.ndarray, stops: np.ndarray, openers: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    """Return the chunks that follow a stop, or an opening mark after one, of which the kind is not known (-1) yet."""
    followers, found = np.empty(len(stops), dtype=np.int64), 0
    for i in stops:
        following, _ = _follows(numbers, i, openers)
        if following >= SIGNS and kinds[following, 0] == -1:
            kinds[following, 0] = -2  # named once
            followers[found] = following
            found += 1
    return followers[:found].copy()


@njit(**OPTIONS)
def decide_stops(
    numbers: np.ndarray,
    stops: np.ndarray,
    stop_bounds: np.ndarray,
    ends: np.ndarray,
    openers: np.ndarray,
    kinds: np.ndarray,
    facts: np.ndarray,
    row: int,
) -> int:
    """Keep those of the places at which a sentence ends, count them in `facts`, and return how many there are."""
    kept, n_kept = 0, 0
    for j in range(len(stops)):
        while j >= stop_bounds[kept]:
            kept += 1
        following, column = _follows(numbers, stops[j], openers)
        if following >= SIGNS and ends[numbers[stops[j]], kinds[following, column]]:
            facts[row + kept, 1] += 1
            stops[n_kept] = stops[j]
            n_kept += 1
    return n_kept


@njit(**OPTIONS)
def place_stream(
    numbers: np.ndarray,
    stops: np.ndarray,
    bounds: np.ndarray,
    types: np.ndarray,
    number_of_type: np.ndarray,
    ids: np.ndarray,
    sizes: np.ndarray,
) -> int:
    """Write the tokens of a stream under other numbers, and how many each sentence has; return how many sentences."""
    at, sentence, before, stop = 0, 0, 0, 0
    for i in range(len(numbers)):
        chunk = numbers[i]
        border = chunk == PARAGRAPH or chunk == SENTENCE
        if chunk >= SIGNS:
            for k in range(bounds[chunk], bounds[chunk + 1]):
                ids[at] = number_of_type[types[k]]
                at += 1
            border = stop < len(stops) and stops[stop] == i
            stop += border
        if border:
            sizes[sentence] = at - before
            sentence += 1
            before = at
    return sentence
