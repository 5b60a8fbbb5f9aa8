"""The parts of a patient's file, each in a module of its own."""
