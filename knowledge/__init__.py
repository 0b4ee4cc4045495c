"""Approved articles, the catalogue of published data, and search over both."""
