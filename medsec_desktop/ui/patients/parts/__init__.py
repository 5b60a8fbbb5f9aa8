"""The parts of a patient's file as forms, used alone in place or together for a new patient."""
