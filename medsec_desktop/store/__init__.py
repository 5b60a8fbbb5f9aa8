"""The engine under the tables: opening, keys, the journal, encrypted files, search, backups."""
