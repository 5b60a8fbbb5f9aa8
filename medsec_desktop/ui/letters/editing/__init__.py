"""The editor of letters and templates: a page of paper on which a `domain.writing` document is typed."""
