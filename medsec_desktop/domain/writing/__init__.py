"""Our own document format: what letters, forms and their templates are written in.

A `Document` is plain values from top to bottom: blocks of paragraphs, tables, pictures and page breaks,
with merge fields, conditions and questions in a template, and without them in a letter. Nothing in it is
ever evaluated. `storing` turns it into versioned JSON and back.
"""
