"""Members of the workspace: their names, and who among them may act as a case officer."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.failures import ERRORS, NOT_TO_BE_HAD, UNKNOWN_METHOD, code_of
from handlers.cases import Officer

log = structlog.get_logger(__name__)

KEPT_SECONDS = 300.0
"""How long a name or the group's members are believed before Slack is asked again."""
ASKING_SECONDS = 1.0
"""Longest wait for a name or a list: whoever pressed a button waits as well."""
ASKED_AGAIN_SECONDS = 5.0
"""Wait before a question that Slack did not answer is asked again."""


@dataclass(frozen=True, slots=True)
class Person:
    """A member, as far as Slack told us."""

    name: str
    is_bot: bool


@dataclass(frozen=True, slots=True)
class Role:
    """Who has a role: the members of a usergroup, by its handle, and those who are named."""

    group: str | None = None
    named: frozenset[str] = frozenset()

    @property
    def handle(self) -> str | None:
        """The group's handle as Slack lists it."""
        return self.group.removeprefix("@") if self.group else None


class People:
    """Asks Slack who people are, and remembers it for a while.

    Where a role is neither named nor a group that Slack knows, nobody is kept out by it: every
    member who is neither a bot nor named as an analyst is an officer, and every officer a lead.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        officers: Role | None = None,
        leads: Role | None = None,
        analysts: Role | None = None,
    ) -> None:
        self._client = client
        self._officers, self._leads = officers or Role(), leads or Role()
        self._analysts = analysts or Role()
        self._people: dict[str, tuple[float, Person]] = {}
        self._names = True
        self._workspace_url: str | None = None
        self._groups: tuple[float, Mapping[str, frozenset[str]] | None] | None = None

    async def officer(self, user_id: str) -> Officer:
        """Who pressed, and whether they may."""
        person = await self.person(user_id)
        members = await self._members(self._officers)
        # Who is named as an analyst is no officer by officers being named nowhere.
        acts = user_id in members if members is not None else not await self.is_analyst(user_id)
        may_act = not person.is_bot and acts
        leading = await self._members(self._leads)
        leads = may_act and (leading is None or user_id in leading)
        return Officer(id=user_id, name=person.name, may_act=may_act, leads=leads)

    async def is_named_officer(self, user_id: str) -> bool:
        """Whether Slack itself names this member as an officer."""
        members = await self._members(self._officers)
        return members is not None and user_id in members

    async def is_analyst(self, user_id: str) -> bool:
        """Whether this member reads figures; nobody does by being none of the others."""
        members = await self._members(self._analysts)
        return members is not None and user_id in members

    async def person(self, user_id: str) -> Person:
        """A member; where Slack does not answer, their id stands for the name."""
        kept = self._people.get(user_id)
        if kept is not None and kept[0] > time.monotonic():
            return kept[1]
        person = kept[1] if kept else Person(name=user_id, is_bot=False)
        until = time.monotonic() + ASKED_AGAIN_SECONDS
        if self._names:
            try:
                async with asyncio.timeout(ASKING_SECONDS):
                    answer = await self._client.users_info(user=user_id)
            except ERRORS as error:
                self._without_name(user_id, code_of(error))
            else:
                person = _person(answer.get("user"), user_id)
                until = time.monotonic() + KEPT_SECONDS
        self._people[user_id] = (until, person)
        return person

    async def workspace_url(self) -> str:
        """The address below which messages have theirs; empty where Slack does not say."""
        if self._workspace_url is None:
            try:
                answer = await self._client.auth_test()
            except ERRORS as error:
                log.warning("Slack did not say where we are", error=code_of(error))
                return ""
            self._workspace_url = str(answer.get("url") or "")
        return self._workspace_url

    async def _members(self, role: Role) -> frozenset[str] | None:
        """Who has a role; None where nobody is named and Slack knows no such group."""
        in_group = await self._in_group(role.handle)
        if in_group is None and not role.named:
            return None
        return (in_group or frozenset()) | role.named

    async def _in_group(self, handle: str | None) -> frozenset[str] | None:
        if handle is None:
            return None
        if self._groups is None or self._groups[0] < time.monotonic():
            await self._ask_for_groups()
        if self._groups is None or self._groups[1] is None:
            return None
        return self._groups[1].get(handle)

    async def _ask_for_groups(self) -> None:
        try:
            async with asyncio.timeout(ASKING_SECONDS):
                answer = await self._client.usergroups_list(include_users=True)
        except ERRORS as error:
            self._without_answer(code_of(error))
            return
        members: dict[str, frozenset[str]] = {}
        for group in answer.get("usergroups") or []:
            users = frozenset(group.get("users") or ())
            members |= {str(name): users for key in ("handle", "id") if (name := group.get(key))}
        for handle in self._handles():
            if handle not in members:
                log.warning("a group is unknown: nobody is kept out by it", group=handle)
        self._groups = (time.monotonic() + KEPT_SECONDS, members)

    def _without_answer(self, why: str) -> None:
        if why == UNKNOWN_METHOD:
            anybody = "usergroups are off: every member may act"
            named = "usergroups are off: officers are as named"
            log.warning(named if self._officers.named else anybody, groups=self._handles())
            self._groups = (float("inf"), None)
            return
        # Slack is away, or a scope is missing: whom it named last may act, and nobody new.
        log.warning("Slack did not say who the officers are", groups=self._handles(), error=why)
        nobody: Mapping[str, frozenset[str]] = {one: frozenset() for one in self._handles()}
        known = self._groups[1] if self._groups else nobody
        self._groups = (time.monotonic() + ASKED_AGAIN_SECONDS, known)

    def _handles(self) -> list[str]:
        return [
            one for role in (self._officers, self._leads, self._analysts) if (one := role.handle)
        ]

    def _without_name(self, user_id: str, why: str) -> None:
        if why in NOT_TO_BE_HAD:
            log.warning("names are off: members go by their ids")
            self._names = False
        else:
            log.warning("Slack did not say who a member is", user=user_id, error=why)


def _person(user: object, user_id: str) -> Person:
    told = user if isinstance(user, dict) else {}
    profile = told.get("profile") or {}
    names = (
        *(profile.get("real_name"), told.get("real_name")),
        *(profile.get("display_name"), told.get("name"), user_id),
    )
    name = next(str(one) for one in names if one)
    return Person(name=name, is_bot=bool(told.get("is_bot") or told.get("deleted")))
