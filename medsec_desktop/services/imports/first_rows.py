"""In which row of a source each number stood first, kept small: a source may have a million rows."""

from __future__ import annotations

from array import array

_SMALLEST = 1 << 10
_HASH_BITS = (1 << 63) - 1


class FirstRows:
    """Some forty bytes a number, where a dict of two whole numbers takes three times as much.

    Two numbers of one hash would be taken for the same; of a million that happens once in ten
    million sources.
    """

    def __init__(self) -> None:
        self._count = 0
        self._hashes = _zeros(_SMALLEST)
        self._rows = _zeros(_SMALLEST)  # counted on by one; 0: free

    def first(self, number: str, row: int) -> int:
        """The row in which `number` stood first: this one if it is new."""
        if self._count * 3 >= len(self._rows) * 2:
            self._grow()
        key = hash(number) & _HASH_BITS
        place = self._place(key)
        if not self._rows[place]:
            self._hashes[place], self._rows[place] = key, row + 1
            self._count += 1
        return self._rows[place] - 1

    def __len__(self) -> int:
        return self._count

    def _place(self, key: int) -> int:
        """Where `key` is kept, or would be."""
        rows, hashes, last = self._rows, self._hashes, len(self._rows) - 1
        place = key & last
        while rows[place] and hashes[place] != key:
            place = (place + 1) & last
        return place

    def _grow(self) -> None:
        hashes, rows = self._hashes, self._rows
        self._hashes, self._rows = _zeros(2 * len(rows)), _zeros(2 * len(rows))
        for key, row in zip(hashes, rows, strict=True):
            if row:
                place = self._place(key)
                self._hashes[place], self._rows[place] = key, row


def _zeros(count: int) -> array[int]:
    return array("q", (0,)) * count
