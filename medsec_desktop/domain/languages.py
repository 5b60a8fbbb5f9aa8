"""Languages patients speak, by BCP 47 tag: those a front desk in the United States meets most."""

from __future__ import annotations

NAMES = {
    "en": "English", "es": "Spanish", "zh": "Chinese", "vi": "Vietnamese", "tl": "Tagalog",
    "ko": "Korean", "ru": "Russian", "ar": "Arabic", "fr": "French", "ht": "Haitian Creole",
    "pt": "Portuguese", "de": "German", "pl": "Polish", "it": "Italian", "hi": "Hindi",
    "ase": "American Sign Language",
}  # fmt: skip
