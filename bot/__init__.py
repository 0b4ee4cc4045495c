"""The outside world: SMTP, IMAP, Slack, HTTP, the command line, and the processes."""
