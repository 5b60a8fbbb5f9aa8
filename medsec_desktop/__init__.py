"""MedSec Desktop: the front desk of a clinic on one workstation."""

__version__ = "0.5.0"
