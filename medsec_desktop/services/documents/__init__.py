"""Documents of patients: taken in, looked at, put in order, printed, and filed by themselves."""
