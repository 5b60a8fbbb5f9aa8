"""PDF for paper: a plain dataclass in, PDF bytes out, the same bytes for the same words."""
