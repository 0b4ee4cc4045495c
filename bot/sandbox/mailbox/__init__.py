"""Where all mail of the sandbox lands, with a page to read it and to write as an enquirer."""

from bot.sandbox.mailbox.mail import Mail
from bot.sandbox.mailbox.mailbox import Mailbox
from bot.sandbox.mailbox.pages import Surroundings, add_mailbox, create_app, welcome_tiles

__all__ = ["Mail", "Mailbox", "Surroundings", "add_mailbox", "create_app", "welcome_tiles"]
