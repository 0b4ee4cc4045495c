"""Use cases: what is done with a message, a case and a reply, each in one transaction."""
