// Keeps an open page up to date: new mail comes into the list and into the open conversation.
"use strict";

let shown = Number(document.body.dataset.number);
let drawing = false;
let stale = false;

function byId(root, id) {
  return root.getElementById(id);
}

function addRows(fresh) {
  const list = byId(document, "mails");
  const known = new Set([...list.querySelectorAll("[data-mail]")].map((row) => row.dataset.mail));
  const focused = list.contains(document.activeElement) ? document.activeElement.dataset.mail : null;
  const top = list.scrollTop;
  list.replaceChildren(...byId(fresh, "mails").children);
  list.scrollTop = top;
  const rows = [...list.querySelectorAll("[data-mail]")];
  rows.find((row) => row.dataset.mail === focused)?.focus({ preventScroll: true });
  const added = rows.filter((row) => !known.has(row.dataset.mail));
  added.forEach((row) => row.classList.add("new"));
  byId(document, "count").textContent = byId(fresh, "count").textContent;
  return added.length;
}

// Mails that stand there already stay as they are, with the tab that the reader chose.
function addToThread(fresh) {
  const here = byId(document, "thread");
  const there = byId(fresh, "thread");
  if (!here || !there) return;
  let before = null;
  for (const mail of [...there.children]) {
    const known = byId(document, mail.id);
    if (known) {
      before = known;
      continue;
    }
    mail.classList.add("new");
    if (before) before.after(mail);
    else here.prepend(mail);
    before = mail;
  }
  const line = document.querySelector(".thread-head .hint");
  line.textContent = fresh.querySelector(".thread-head .hint").textContent;
  byId(document, "waiting").hidden = byId(fresh, "waiting").hidden;
}

function tell(added) {
  const live = byId(document, "live");
  live.textContent = added === 1 ? "A new mail has arrived." : `${added} new mails have arrived.`;
  clearTimeout(tell.timer);
  tell.timer = setTimeout(() => { live.textContent = ""; }, 4000);
}

// The page's own address, or the one that shows the same after a form could not be sent.
function address() {
  const path = location.pathname.startsWith("/mail/mails/") ? location.pathname : "/mail/";
  return path + location.search;
}

async function redraw() {
  const answer = await fetch(address(), { cache: "no-store" });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  shown = Number(fresh.body.dataset.number);
  addToThread(fresh);
  const added = addRows(fresh);
  if (added) tell(added);
}

// One drawing at a time, a few a second; what comes meanwhile is drawn after it.
async function changed(number) {
  if (number === shown) return;
  stale = true;
  if (drawing) return;
  drawing = true;
  try {
    while (stale) {
      stale = false;
      await redraw();
      await new Promise((done) => setTimeout(done, 200));
    }
  } finally {
    drawing = false;
  }
}

const changes = new EventSource("/mail/changes");
changes.addEventListener("message", (event) => changed(Number(event.data)));
addEventListener("pagehide", () => changes.close());
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
if (location.hash === "#write") byId(document, "subject")?.focus();
