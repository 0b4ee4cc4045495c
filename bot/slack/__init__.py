"""Slack in and out: events, actions, modals, and the cards that officers see."""
