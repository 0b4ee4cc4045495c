"""The methods about members, usergroups, the team and the caller."""

from bot.sandbox.slack.call import Call, page_of, paged
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.json_forms import user_json, usergroup_json
from bot.sandbox.slack.model import Json


def auth_test(call: Call) -> Json:
    """`auth.test`."""
    app, workspace = call.slack.app, call.workspace
    about: Json = {
        "url": f"{call.slack.base_url}/",
        "team": workspace.name,
        "team_id": workspace.id,
        "is_enterprise_install": False,
    }
    if call.token.kind == "app":
        return {"app_id": app.id, "app_name": app.name, **about}
    return {**about, "user": app.name, "user_id": app.user_id, "bot_id": app.bot_id}


def list_users(call: Call) -> Json:
    """`users.list`."""
    rows = list(call.workspace.users.values())
    page, cursor = page_of(call, rows, default=len(rows), most=1000)
    shown = [user_json(user, call.workspace.id) for user in page]
    return paged("members", shown, cursor)


def user_info(call: Call) -> Json:
    """`users.info`."""
    return {
        "user": user_json(call.workspace.user(call.arguments.required("user")), call.workspace.id)
    }


def lookup_by_email(call: Call) -> Json:
    """`users.lookupByEmail`."""
    wanted = call.arguments.required("email").casefold()
    for user in call.workspace.users.values():
        if user.email is not None and user.email.casefold() == wanted and not user.deleted:
            return {"user": user_json(user, call.workspace.id)}
    raise SlackError("users_not_found")


def list_usergroups(call: Call) -> Json:
    """`usergroups.list`."""
    with_users = call.arguments.flag("include_users")
    return {
        "usergroups": [
            usergroup_json(group, call.workspace.id, with_users=with_users)
            for group in call.workspace.usergroups.values()
            if call.arguments.flag("include_disabled") or not group.is_disabled
        ]
    }


def list_usergroup_users(call: Call) -> Json:
    """`usergroups.users.list`."""
    group = call.workspace.usergroups.get(call.arguments.required("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.members)}


def team_info(call: Call) -> Json:
    """`team.info`."""
    workspace = call.workspace
    return {
        "team": {
            "id": workspace.id,
            "name": workspace.name,
            "domain": workspace.domain,
            "url": f"{call.slack.base_url}/",
            "email_domain": "",
        }
    }


def bot_info(call: Call) -> Json:
    """`bots.info`."""
    app = call.slack.app
    if call.arguments.text("bot") not in ("", app.bot_id):
        raise SlackError("bot_not_found")
    return {
        "bot": {
            "id": app.bot_id,
            "app_id": app.id,
            "user_id": app.user_id,
            "name": app.name,
            "deleted": False,
            "updated": 0,
            "icons": {},
        }
    }
