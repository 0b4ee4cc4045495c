"""Modals that are open, stacked by member, and every member's App Home."""

import secrets
import time

from bot.sandbox.slack.block_kit import view_problems
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.model import Json, View
from bot.sandbox.slack.workspace import Workspace

MOST_STACKED = 3
LARGEST_VIEW = 250_000
"""Characters of a view's JSON."""


def checked(content: Json, kind: str) -> Json:
    """The view's content, once it keeps Slack's limits.

    Raises:
        SlackError: `invalid_arguments`, with each problem.
    """
    found = view_problems(content)
    if not found and content["type"] != kind:
        found = [f"expected a view of type {kind} [json-pointer:/view/type]"]
    if found:
        raise SlackError("invalid_arguments", messages=tuple(f"[ERROR] {one}" for one in found))
    if len(str(content)) > LARGEST_VIEW:
        raise SlackError("view_too_large")
    return content


def with_ids(blocks: list[Json]) -> list[Json]:
    """The blocks as Slack keeps them: each with a block_id, each element with an action_id."""
    return [_with_ids(block) for block in blocks]


def _with_ids(block: Json) -> Json:
    kept = {"block_id": secrets.token_urlsafe(4), **block}
    for name in ("accessory", "element"):
        if isinstance(kept.get(name), dict):
            kept[name] = _with_action_id(kept[name])
    if kept["type"] == "actions":
        kept["elements"] = [_with_action_id(element) for element in kept["elements"]]
    return kept


def _with_action_id(element: Json) -> Json:
    if element["type"] == "image":
        return element
    return {"action_id": secrets.token_urlsafe(4), **element}


class Views:
    """Opens, pushes, updates and closes views, as the `views.*` methods and people ask."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}

    def top(self, user: str) -> View | None:
        """The modal in front of a member."""
        stack = self._stacks.get(user)
        return stack[-1] if stack else None

    def home(self, user: str) -> View | None:
        """A member's App Home, once published."""
        return self._homes.get(user)

    def open(self, user: str, content: Json) -> View:
        """Show a modal in place of any other."""
        view = self._new(user, checked(content, "modal"), None)
        self._stacks[user] = [view]
        return view

    def push(self, user: str, content: Json) -> View:
        """Show a modal on top of those that are open.

        Raises:
            SlackError: `push_limit_reached` above three.
        """
        stack = self._stacks.setdefault(user, [])
        if len(stack) >= MOST_STACKED:
            raise SlackError("push_limit_reached")
        view = self._new(user, checked(content, "modal"), stack[-1] if stack else None)
        stack.append(view)
        return view

    def update(self, view_id: str, external_id: str, expected_hash: str, content: Json) -> View:
        """Replace what an open view shows.

        Raises:
            SlackError: `not_found`, or `hash_conflict` where it has changed since.
        """
        view = self.find(view_id, external_id)
        if expected_hash and expected_hash != view.hash:
            raise SlackError("hash_conflict")
        self._fill(view, checked(content, view.kind))
        return view

    def publish(self, user: str, expected_hash: str, content: Json) -> View:
        """Set a member's App Home.

        Raises:
            SlackError: `hash_conflict` where it has changed since.
        """
        kept = checked(content, "home")
        home = self._homes.get(user)
        if home is None:
            home = self._homes[user] = self._new(user, kept, None)
        elif expected_hash and expected_hash != home.hash:
            raise SlackError("hash_conflict")
        else:
            self._fill(home, kept)
        return home

    def find(self, view_id: str, external_id: str = "") -> View:
        """An open view by its id, or by the id that the app gave it.

        Raises:
            SlackError: `not_found`.
        """
        for view in self._all():
            named = external_id and view.content.get("external_id") == external_id
            if view.id == view_id or named:
                return view
        raise SlackError("not_found")

    def close(self, view: View) -> list[View]:
        """Close a modal and those above it; the one below shows again. Returns the closed ones."""
        stack = self._stacks.get(view.user, [])
        if view not in stack:
            return []
        cut = stack.index(view)
        closed = stack[cut:]
        del stack[cut:]
        return closed

    def clear(self, user: str) -> list[View]:
        """Close all of a member's modals. Returns them."""
        return self._stacks.pop(user, [])

    def _all(self) -> list[View]:
        return [*(view for stack in self._stacks.values() for view in stack), *self._homes.values()]

    def _new(self, user: str, content: Json, below: View | None) -> View:
        external_id = content.get("external_id")
        if external_id and any(v.content.get("external_id") == external_id for v in self._all()):
            raise SlackError("duplicate_external_id")
        view_id = self._workspace.new_id("V")
        view = View(view_id, user, {}, "", below.root_id if below else view_id)
        view.previous_id = below.id if below else None
        self._fill(view, content)
        return view

    def _fill(self, view: View, content: Json) -> None:
        view.content = {**content, "blocks": with_ids(content["blocks"])}
        view.hash = f"{int(time.time())}.{secrets.token_hex(4)}"
