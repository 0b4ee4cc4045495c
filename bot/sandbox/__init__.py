"""A whole world on one laptop: a pretend Slack and a mailbox, each with a page."""
