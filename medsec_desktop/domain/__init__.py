"""Values and rules of a medical office: no I/O, no Qt, no "now"."""
