"""Lists over all patients, each a page in the Patients tab: insurance to verify, referrals to chase."""
