"""The Patients tab: finding people, their files, and the editor."""
