"""The loops over bytes and integers, compiled: imported only for a large text, when numba (the `fast` extra) is there.

None of them knows what a token is. They split bytes at white space, give each distinct chunk a number, and copy out
what the documented pattern found in that chunk.
"""

import numpy as np
from numba import njit

OPTIONS = {"cache": True, "nogil": True}
_P, _Q = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_BYTE, _TOP, _HALF = np.uint64(8), np.uint64(56), np.uint64(32)


@njit(**OPTIONS)
def intern_chunks(data, at, slots, begins, blob, numbers, starts):
    """Number the chunks between white space, in order of first appearance.

    `slots` is a hash table; a row holds the first eight bytes of a chunk, the rest (mixed when there are more than
    eight), its number and its length (0: free). Chunk `i` has the bytes `blob[begins[i]:begins[i + 1]]`. For each chunk
    of `data` its number and the character (not byte) at which it begins go to `numbers` and `starts`. `at` holds the
    byte and the character that come next, the chunks found in `data`, and the distinct chunks known. The loop stops
    before a chunk for which there may be no room: give larger arrays and call again, until the last byte is reached.
    """
    n = len(data)
    i, character, found, count = at
    mask = len(slots) - 1
    while i < n:
        byte = data[i]
        if byte <= 32 and (byte == 32 or 9 <= byte <= 13):
            i += 1
            character += 1
            continue
        first, first_character = i, character
        low, high = np.uint64(0), np.uint64(0)
        stop = min(n, i + 8)
        while i < stop:
            byte = data[i]
            if byte <= 32 and (byte == 32 or 9 <= byte <= 13):
                break
            low = (low << _BYTE) | np.uint64(byte)
            character += (byte & 0xC0) != 0x80  # the first byte of a character
            i += 1
        if i == stop:
            while i < n:
                byte = data[i]
                if byte <= 32 and (byte == 32 or 9 <= byte <= 13):
                    break
                high = ((high << _BYTE) | np.uint64(byte)) ^ ((high >> _TOP) * _Q)
                character += (byte & 0xC0) != 0x80
                i += 1
        length = i - first
        number = -1
        slot = _slot(low, high, mask)
        while slots[slot, 3] != 0:
            if slots[slot, 0] == low and slots[slot, 1] == high and np.int64(slots[slot, 3]) == length:
                number = np.int64(slots[slot, 2])
                if length > 16:  # up to there low and high are the chunk itself
                    begin = begins[number]
                    for k in range(length):
                        if blob[begin + k] != data[first + k]:
                            number = -1
                            break
                if number >= 0:
                    break
            slot = (slot + 1) & mask
        begin = begins[count]
        new = number < 0
        if found == len(numbers) or (
            new and (count + 1 == len(begins) or begin + length > len(blob) or 3 * count >= 2 * len(slots))
        ):
            i, character = first, first_character
            break
        if new:
            for k in range(length):
                blob[begin + k] = data[first + k]
            begins[count + 1] = begin + length
            slots[slot, 0] = low
            slots[slot, 1] = high
            slots[slot, 2] = np.uint64(count)
            slots[slot, 3] = np.uint64(length)
            number = count
            count += 1
        numbers[found] = number
        starts[found] = first_character
        found += 1
    return i, character, found, count


@njit(**OPTIONS)
def move_slots(old, slots):
    """Put the rows of a hash table into a larger one."""
    mask = len(slots) - 1
    for row in range(len(old)):
        if old[row, 3] != 0:
            slot = _slot(old[row, 0], old[row, 1], mask)
            while slots[slot, 3] != 0:
                slot = (slot + 1) & mask
            slots[slot] = old[row]


@njit(**OPTIONS)
def _slot(low, high, mask):
    code = (low ^ (high * _Q)) * _P
    return np.int64(code ^ (code >> _HALF)) & mask


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
def count_rows(pointers, columns, n_columns):
    """Count columns row by row: the three arrays of a sparse matrix, columns of a row in no order."""
    seen = np.zeros(n_columns, dtype=np.int64)
    place = np.full(n_columns, -1, dtype=np.int64)
    n_rows = len(pointers) - 1
    indptr = np.zeros(n_rows + 1, dtype=np.int64)
    distinct = 0
    for row in range(n_rows):
        for i in range(pointers[row], pointers[row + 1]):
            if seen[columns[i]] != row + 1:
                seen[columns[i]] = row + 1
                distinct += 1
        indptr[row + 1] = distinct
    indices = np.empty(distinct, dtype=np.int32)
    data = np.zeros(distinct, dtype=np.int64)
    seen[:] = 0
    at = 0
    for row in range(n_rows):
        for i in range(pointers[row], pointers[row + 1]):
            column = columns[i]
            if seen[column] != row + 1:
                seen[column] = row + 1
                place[column] = at
                indices[at] = column
                at += 1
            data[place[column]] += 1
    return indptr, indices, data
