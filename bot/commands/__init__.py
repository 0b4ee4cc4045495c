"""The commands of `triagebot`, grouped by who uses them."""
