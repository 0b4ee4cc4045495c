"""The web application: dashboard, health."""
