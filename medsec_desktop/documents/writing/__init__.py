"""A merged document on paper: letterhead, window address, the words, page numbers.

`lay_out` says where every line stands, `pdf_of` prints just that. Lines break by `breaking`, pages by
`domain.writing.paging`, and all distances are those of `domain.writing.measures`, which the editor uses
too: what is on its screen is what prints.
"""

from medsec_desktop.documents.writing.flow import lay_out
from medsec_desktop.documents.writing.printing import pdf_of, pdf_of_all
from medsec_desktop.documents.writing.sheet import Letterhead, Line, Pages, Sheet

__all__ = ["Letterhead", "Line", "Pages", "Sheet", "lay_out", "pdf_of", "pdf_of_all"]
