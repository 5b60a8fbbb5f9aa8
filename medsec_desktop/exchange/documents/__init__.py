"""Other people's documents (PDF, TIFF, JPEG, PNG): pages as pixels, barcodes, pages put together anew.

Everything here runs in a process of its own, started by `services/documents/reader.py`: what is sent to
a clinic may be broken or made to break a program, and must not do so in the program itself.
"""
