"""Each process is put together here.

Settings meet concrete things in `bot/wiring*.py`, and nowhere else.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any

import structlog
from procrastinate import App

from bot.brain import Brain, load_brain
from bot.database import reach
from bot.jobs import EngineQueue, Regular, engine
from bot.mail.identity import identity_of
from bot.mail.mailbox_setup import mailbox_problems, mailbox_reader
from bot.mail.server import start_smtp
from bot.pipeline import Pipeline
from bot.postgres import EmbeddedPostgres
from bot.previews import preview
from bot.running import Part, Running, StartError, listening, stop
from bot.sandbox.mailbox import Surroundings
from bot.sandbox.world import Sandbox, inside, pages, sandbox, with_api, with_pages
from bot.settings import Settings
from bot.web.app import create_app as create_web_app
from bot.web.health import TriageStatus
from bot.web.knowledge import KnowledgePages
from bot.web.server import WebServer
from bot.wiring_desk import desk_now, pipeline_of
from bot.wiring_regular import regular_work
from bot.wiring_slack import listen_to_slack
from bot.worker import run_worker
from handlers.desk import Desk
from handlers.intake import keep_mail
from handlers.schema import SchemaError, migrate
from handlers.set_aside import keep_for_a_person
from handlers.unit import Store

log = structlog.get_logger(__name__)


@asynccontextmanager
async def running(
    settings: Settings, parts: frozenset[Part], *, in_sandbox: bool = False
) -> AsyncIterator[Running]:
    """Start these parts, in the order in which they need each other; stop them in reverse."""
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(sandbox()) if in_sandbox else None
        if world is not None:
            settings = inside(settings, world)
        run = Running(settings, stack)
        # Models load in a thread while the database starts.
        brain = asyncio.create_task(asyncio.to_thread(_brain_for, settings, parts))
        stack.push_async_callback(stop, brain)
        address = await _database(run)
        app = engine(address, pool_size=settings.worker_concurrency + 4)
        await stack.enter_async_context(app.open_async())
        store = Store(address, EngineQueue(app), pool_size=settings.worker_concurrency + 4)
        stack.push_async_callback(store.close)
        smtp_port = await _smtp(run, store) if "smtp" in parts else 0
        if "mailbox" in parts:
            _mailbox(run, store)
        loaded = await brain
        desk = await _desk(run, store, loaded) if loaded else None
        dashboard = ""
        if loaded and desk and "web" in parts:
            dashboard = await _web(run, store, loaded, desk)
        if world is not None:
            await _sandbox_pages(run, world, smtp_port, dashboard)
        if loaded and desk and "worker" in parts:
            pipeline = await pipeline_of(run, store, desk, loaded)
            regular = regular_work(run.settings, store, loaded, desk)
            run.go_on(_work(run.settings, app, store, pipeline, regular), "worker")
        if desk and "slack" in parts:
            await listen_to_slack(run, store, desk)
        yield run


def _brain_for(settings: Settings, parts: frozenset[Part]) -> Brain | None:
    """What decides, unless only mail is taken: that needs none of it, and less memory."""
    return None if parts <= {"smtp", "mailbox"} else load_brain(settings)


async def _database(run: Running) -> str:
    """The address of a database that is up to date."""
    settings = run.settings
    if settings.database_url is not None:
        address = settings.database_url.get_secret_value()
        await asyncio.to_thread(reach, address)
        run.say("database", "as set")
    else:
        server = EmbeddedPostgres(settings.data_dir.absolute(), settings.postgres_bin)
        await server.start()
        run.stack.push_async_callback(server.stop)
        run.go_on(server.keep_alive(), "postgres")
        address = server.address
        run.say("database", f"embedded, in {server.home}")
    try:
        await asyncio.to_thread(migrate, address)
    except SchemaError as error:
        raise StartError(str(error)) from None
    return address


async def _smtp(run: Running, store: Store) -> int:
    with listening("mail", "TRIAGEBOT_SMTP_PORT", run.settings.smtp_port):
        server = await start_smtp(run.settings, partial(keep_mail, store))
    run.stack.push_async_callback(server.close)
    address = run.settings.mailbox_address
    run.say("mail", f"smtp://{run.settings.smtp_host}:{server.port} for {address}")
    return server.port


def _mailbox(run: Running, store: Store) -> None:
    """Read the service mailbox where one is set; where none is, there is nothing to do."""
    settings = run.settings
    if settings.mailbox_imap_host is None:
        run.say("imap", "no mailbox is read: TRIAGEBOT_MAILBOX_IMAP_HOST is not set")
        return
    if problems := mailbox_problems(settings):
        raise StartError(problems[0])
    keep = partial(keep_mail, store, origin="mailbox")
    set_aside = partial(keep_for_a_person, store)
    # Of several mailboxes on one database each has a lock of its own.
    alone = partial(store.advisory_lock, f"mailbox {settings.mailbox_imap_username}")
    reader = mailbox_reader(settings, keep, set_aside, alone)
    run.go_on(reader.run(), "mailbox")
    place = f"{settings.mailbox_imap_host}:{settings.mailbox_imap_port}"
    run.say("imap", f"{settings.mailbox_imap_folder} of {settings.mailbox_imap_username}, {place}")


async def _web(run: Running, store: Store, brain: Brain, desk: Desk) -> str:
    status = TriageStatus(
        brain.model_identity, has_encoder=brain.encoder is not None, has_bound=brain.has_bound
    )
    app = create_web_app(store, run.settings, status, desk)
    owners = KnowledgePages(run.settings.contacts(), partial(preview, identity_of(run.settings)))
    app.router.routes.extend(owners.routes())
    server = WebServer(app, run.settings.web_host, run.settings.web_port)
    address = await server.start()
    run.stack.push_async_callback(server.stop)
    run.web = app
    run.say("dashboard", address)
    return address


async def _sandbox_pages(run: Running, world: Sandbox, smtp_port: int, dashboard: str) -> None:
    settings = run.settings
    around = Surroundings(
        smtp_host=settings.smtp_host,
        smtp_port=smtp_port,
        service_address=settings.mailbox_address,
        dashboard_url=dashboard,
        relay=None
        if settings.relay_port == world.relay_port
        else f"{settings.relay_host}:{settings.relay_port}",
    )
    with listening("the sandbox", "TRIAGEBOT_SANDBOX_PORT", settings.sandbox_port):
        base = await run.stack.enter_async_context(pages(world, around, settings.sandbox_port))
    run.settings = with_pages(with_api(settings, world), dashboard)
    run.say("mailbox", f"{base}/mail/   read what left, write as an enquirer")
    run.say("slack", f"{base}/   the pretend Slack, as a case officer")
    if dashboard:
        account = f"as asha, with the password {world.officers_password}"
        run.say("cases", f"{dashboard}cases   the same without Slack, {account}")


def _work(
    settings: Settings, app: App, store: Store, pipeline: Pipeline, regular: Sequence[Regular]
) -> Coroutine[Any, Any, None]:
    return run_worker(
        app, store, pipeline, concurrency=settings.worker_concurrency, regular=regular
    )


async def _desk(run: Running, store: Store, brain: Brain) -> Desk:
    """What use cases need, with the articles as they were decided on, now and later."""
    desk, following = await desk_now(run.settings, store, brain)
    run.go_on(following.go_on(), "articles")
    return desk
