"""Other people's formats, read into plain rows: every record arrives or says why it did not."""
