"""Practices as each released format wrote them; every later version must open them whole.

`python -m tests.old_databases FOLDER` writes one with the program as it is: done once for each
format, when the format is released, and committed as `format-NNNN`.
"""
