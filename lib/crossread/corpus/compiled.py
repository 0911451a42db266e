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
_PAIRS, _FOURS = np.uint64(0x5555555555555555), np.uint64(0x3333333333333333)
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
def intern_chunks(eights, n, at, slots, begins, blob, numbers, starts):
    """Number the chunks between white space, in order of first appearance.

    `eights` holds `n` bytes and then blanks, eight bytes in each integer. `slots` is a hash table; a row holds the
    first eight bytes of a chunk, the rest (mixed when there are more than eight), its number and its length (0: free).
    Chunk `i` has the bytes `blob[begins[i]:begins[i + 1]]`. For each chunk its number and the character (not byte) at
    which it begins go to `numbers` and `starts`. `at` holds the byte and the character that come next, the chunks found
    so far, and the distinct chunks known. The loop stops before a chunk for which there may be no room: give larger
    arrays and call again, until the last byte is reached.
    """
    i, character, found, count = at
    data = eights.view(np.uint8)
    mask = len(slots) - 1
    lows, highs = np.empty(BLOCK, dtype=np.uint64), np.empty(BLOCK, dtype=np.uint64)
    lengths, places = np.empty(BLOCK, dtype=np.int64), np.empty(BLOCK, dtype=np.int64)
    firsts, characters = np.empty(BLOCK, dtype=np.int64), np.empty(BLOCK, dtype=np.int64)
    touched = np.uint64(0)
    while i < n:
        held = 0
        while held < BLOCK and i < n:
            low, high, length = _load(eights, i), np.uint64(0), 8
            blank = _blanks(low)
            if blank:
                bit = blank & (~blank + _ONE)
                length = _bytes_before(bit)
                if length == 0:
                    i += 1
                    character += 1
                    continue
                low &= (bit >> _SEVEN) - _ONE
            continued = _continued(low)
            while not blank:
                eight, more = _load(eights, i + length), 8
                blank = _blanks(eight)
                if blank:
                    bit = blank & (~blank + _ONE)
                    more = _bytes_before(bit)
                    eight &= (bit >> _SEVEN) - _ONE
                continued += _continued(eight)
                # up to sixteen bytes low and high are the chunk itself
                high = eight if length == 8 else ((high << _SEVEN) ^ (high >> _TOP)) * _P ^ eight
                length += more
            code = (low ^ (high * _Q)) * _P
            lows[held], highs[held], lengths[held] = low, high, length
            places[held] = np.int64(code ^ (code >> _HALF)) & mask
            firsts[held], characters[held] = i, character
            held += 1
            i += length
            character += length - continued
        for j in range(held):
            touched ^= slots[places[j], 3]
        for j in range(held):
            low, high, length, first, slot = lows[j], highs[j], lengths[j], firsts[j], places[j]
            number = -1
            while slots[slot, 3] != 0:
                if slots[slot, 0] == low and slots[slot, 1] == high and np.int64(slots[slot, 3]) == length:
                    number = np.int64(slots[slot, 2])
                    if length > 16:
                        begin = begins[number]
                        for k in range(length):
                            if blob[begin + k] != data[first + k]:
                                number = -1
                                break
                    if number >= 0:
                        break
                slot = (slot + 1) & mask
            begin = begins[count]
            if found == len(numbers) or (
                number < 0 and (count + 1 == len(begins) or begin + length > len(blob) or 3 * count >= 2 * len(slots))
            ):
                return first, characters[j], found, count, touched
            if number < 0:
                for k in range(length):
                    blob[begin + k] = data[first + k]
                begins[count + 1] = begin + length
                slots[slot, 0], slots[slot, 1] = low, high
                slots[slot, 2], slots[slot, 3] = np.uint64(count), np.uint64(length)
                number = count
                count += 1
            numbers[found] = number
            starts[found] = characters[j]
            found += 1
    return i, character, found, count, touched


@njit(**OPTIONS)
def move_slots(old, slots):
    """Put the rows of a hash table into a larger one."""
    mask = len(slots) - 1
    for row in range(len(old)):
        if old[row, 3] != 0:
            code = (old[row, 0] ^ (old[row, 1] * _Q)) * _P
            slot = np.int64(code ^ (code >> _HALF)) & mask
            while slots[slot, 3] != 0:
                slot = (slot + 1) & mask
            slots[slot] = old[row]


@njit(**OPTIONS)
def lower_words(begins, blob, first, count, capitals, lengths, lines):
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
def expand_chunks(numbers, chunk_starts, pointers, types, firsts, lasts, sentence_ends, clean, source):
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
def expand_types(rows, chunks, pointers, types):
    """Copy out the types of each chunk, and how many there are in each row: as in `count_rows`."""
    total = 0
    for chunk in chunks:
        total += pointers[chunk + 1] - pointers[chunk]
    ids = np.empty(total, dtype=np.int32)
    sizes = np.zeros(len(rows) - 1, dtype=np.int64)
    at = 0
    for row in range(len(rows) - 1):
        before = at
        for i in range(rows[row], rows[row + 1]):
            for token in range(pointers[chunks[i]], pointers[chunks[i] + 1]):
                ids[at] = types[token]
                at += 1
        sizes[row] = at - before
    return ids, sizes


@njit(**OPTIONS)
def count_rows(rows, chunks, pointers, types, n_types):
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
def sort_rows(indptr, indices, data, rank, n_columns, to_indices, to_data):
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
