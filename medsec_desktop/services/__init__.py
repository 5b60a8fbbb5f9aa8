"""The secretary's verbs: use-cases over the store, the only way data is read or changed."""
