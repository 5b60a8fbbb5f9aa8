"""How a patient wants to be reached, where one statement is enough."""

from __future__ import annotations

# '', phone, text, email, mail or none. That somebody must not be reached outweighs how she likes it.
PREFERENCE = "iif(p.is_not_to_contact, 'none', p.contact_preference)"
