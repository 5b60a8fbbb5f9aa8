"""Everything the secretary sees. Shows rows and passes on wishes; holds no SQL and no rules."""
