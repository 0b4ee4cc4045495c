// Keeps the page up to date and passes on what people do. All drawing is the server's.
const here = document.body.dataset;
const byId = (id) => document.getElementById(id);
const modal = byId("modal");
let shownView = null;

function say(problem, details = []) {
  const words = byId("words").content;
  const known = words.querySelector(`[data-problem="${CSS.escape(problem)}"]`);
  const toast = byId("toast");
  const text = (known ?? words.querySelector('[data-problem=""]')).textContent;
  toast.textContent = [text, known ? "" : problem, ...details].filter(Boolean).join(" ");
  toast.hidden = false;
  clearTimeout(say.timer);
  say.timer = setTimeout(() => { toast.hidden = true; }, 7000);
}

async function act(deed, said) {
  try {
    const answer = await fetch(`/page/do/${deed}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ as: here.as, channel: here.channel, ...said }),
    });
    const told = answer.ok ? await answer.json() : { problem: `${answer.status}` };
    if (told.problem) say(told.problem, told.details);
    return told;
  } catch {
    say("offline");
    return { problem: "offline" };
  }
}

// Fields: read, and put back after the server has drawn a view anew.
function valueOf(field) {
  const kind = field.dataset.kind;
  if (kind === "checkboxes") return [...field.querySelectorAll(":checked")].map((box) => box.value);
  if (kind === "radio_buttons") return field.querySelector(":checked")?.value ?? null;
  if (field.multiple) return [...field.selectedOptions].map((option) => option.value);
  return field.value || null;
}

function filled(root) {
  const all = {};
  for (const field of root.querySelectorAll("[data-field]")) {
    (all[field.dataset.blockId] ??= {})[field.dataset.actionId] = valueOf(field);
  }
  return all;
}

function putBack(root, values) {
  for (const field of root.querySelectorAll("[data-field]")) {
    const value = values[field.dataset.blockId]?.[field.dataset.actionId];
    if (value === undefined) continue;
    if (["checkboxes", "radio_buttons"].includes(field.dataset.kind)) {
      for (const box of field.querySelectorAll("input")) box.checked = [value].flat().includes(box.value);
    } else if (field.multiple) {
      for (const option of field.options) option.selected = value.includes(option.value);
    } else {
      field.value = value ?? "";
    }
  }
}

// Drawing anew: only what differs is replaced, so that focus and scrolling stay.
function template(html) {
  const made = document.createElement("template");
  made.innerHTML = html;
  return made.content;
}

let spokeAt = 0;
const posts = (parent) => [...parent.children].filter((one) => one.dataset.ts);

function redrawList(list, html) {
  if (!list) return;
  const earlier = posts(list).length;
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 80;
  const fresh = template(html);
  if (!posts(fresh).length || !posts(list).length) {
    if (list.dataset.html !== html) list.replaceChildren(fresh);
    list.dataset.html = html;
  } else {
    const old = new Map(posts(list).map((one) => [one.dataset.ts, one]));
    let previous = null;
    for (const one of posts(fresh)) {
      let kept = old.get(one.dataset.ts);
      old.delete(one.dataset.ts);
      if (!kept) {
        kept = one;
        previous ? previous.after(kept) : list.prepend(kept);
      } else if ((kept.drawn ?? kept.outerHTML) !== one.outerHTML) {
        const drawn = one.outerHTML;
        kept.replaceWith(one);
        kept = one;
        kept.drawn = drawn;
      }
      previous = kept;
    }
    for (const gone of old.values()) gone.remove();
  }
  for (const one of posts(list)) one.drawn ??= one.outerHTML;
  // Whoever has just written something reads what comes of it.
  const spoke = Date.now() - spokeAt < 5000 && posts(list).length > earlier;
  if (here.channel !== "home" && (atEnd || spoke)) list.scrollTop = list.scrollHeight;
}

function redrawModal(view, html) {
  if (view === shownView) return;
  const before = shownView?.split(" ")[0] === view.split(" ")[0] ? filled(modal) : null;
  shownView = view;
  modal.innerHTML = html;
  modal.dataset.view = view.split(" ")[0];
  if (!view) { if (modal.open) modal.close(); return; }
  if (before) putBack(modal, before);
  if (!modal.open) modal.showModal();
  (modal.querySelector("[data-field]") ?? modal.querySelector("button"))?.focus();
}

let asking = false;
let again = false;
async function refresh() {
  if (asking) { again = true; return; }
  asking = true;
  try {
    const answer = await fetch(`/page/parts?${new URLSearchParams({ as: here.as, channel: here.channel, thread: here.thread })}`);
    const parts = await answer.json();
    const side = byId("sidebar");
    if (side.dataset.html !== parts.sidebar && !side.contains(document.activeElement)) {
      side.innerHTML = parts.sidebar;
      side.dataset.html = parts.sidebar;
    }
    redrawList(byId("messages"), parts.messages);
    redrawList(byId("replies"), parts.replies);
    redrawModal(parts.view, parts.modal);
  } catch {
    say("offline");
  } finally {
    asking = false;
    if (again) { again = false; refresh(); }
  }
}

// What people press.
function confirmed(element) {
  if (!element.dataset.confirm) return Promise.resolve(true);
  const words = JSON.parse(element.dataset.confirm);
  const dialog = byId("confirm");
  byId("confirm-title").textContent = words.title;
  byId("confirm-text").textContent = words.text;
  byId("confirm-yes").textContent = words.yes;
  byId("confirm-deny").textContent = words.no;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), { once: true });
  });
}

async function press(element, chosen) {
  const holder = element.closest("[data-place]");
  if (!holder || !(await confirmed(element))) return;
  element.closest("details")?.removeAttribute("open");
  const busy = element.matches("button") ? element : null;
  busy?.setAttribute("aria-busy", "true");
  await act("press", {
    view: holder.dataset.view, ts: holder.dataset.ts, block_id: element.dataset.blockId,
    action_id: element.dataset.actionId, chosen, filled: filled(holder),
  });
  busy?.removeAttribute("aria-busy");
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-react], [data-shortcut], [data-close], [data-action-id]");
  if (!target) return;
  const ts = target.closest("[data-ts]")?.dataset.ts;
  if (target.dataset.react) act("react", { ts, name: target.dataset.react });
  else if (target.dataset.shortcut) {
    target.closest("details")?.removeAttribute("open");
    act("shortcut", { ts, callback_id: target.dataset.shortcut });
  } else if ("close" in target.dataset) act("close", { view: modal.dataset.view });
  else if (target.dataset.kind === "overflow") press(target, target.dataset.chosen);
  else if (target.dataset.kind === "button") press(target, null);
});

document.addEventListener("change", (event) => {
  if (event.target.id === "acting") {
    location.assign(event.target.selectedOptions[0].dataset.href);
    return;
  }
  const field = event.target.closest("[data-field][data-dispatch]");
  const typing = field?.matches("textarea, input[type=text], input[type=email], input[type=url], input[type=number]");
  if (field && !typing) press(field, valueOf(field));
});

document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  if (field.matches(".composer textarea")) {
    event.preventDefault();
    field.form.requestSubmit();
  } else if (field.matches("input[data-field][data-dispatch]")) {
    event.preventDefault();
    press(field, valueOf(field));
  }
});

modal.addEventListener("cancel", (event) => {
  event.preventDefault();
  act("close", { view: modal.dataset.view });
});

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method === "dialog") return;
  event.preventDefault();
  if (form.matches(".composer")) {
    const box = form.querySelector("textarea");
    const text = box.value;
    if (!text.trim()) return;
    box.value = "";
    spokeAt = Date.now();
    const told = await act("say", { text, ...(form.id === "reply" ? { thread: here.thread } : {}) });
    if (told.problem && !box.value) box.value = text;
  } else if (form.matches(".view")) {
    const button = form.querySelector("[type=submit]");
    button?.setAttribute("aria-busy", "true");
    const { errors = {} } = await act("submit", { view: form.dataset.view, filled: filled(form) });
    button?.removeAttribute("aria-busy");
    showErrors(form, errors);
  }
});

function showErrors(form, errors) {
  for (const line of form.querySelectorAll("[data-error]")) {
    const words = errors[line.dataset.error];
    line.hidden = !words;
    line.textContent = words ?? "";
    line.closest(".block")?.classList.toggle("wrong", Boolean(words));
    for (const field of line.closest(".block")?.querySelectorAll("[data-field]") ?? []) {
      field.toggleAttribute("aria-invalid", Boolean(words));
    }
  }
  form.querySelector(".wrong [data-field]")?.focus();
}

for (const list of [byId("messages"), byId("replies")]) if (list && here.channel !== "home") list.scrollTop = list.scrollHeight;
document.querySelector(".message.chosen")?.scrollIntoView({ block: "nearest" });
for (const one of document.querySelectorAll(".messages > [data-ts]")) one.drawn = one.outerHTML;
new EventSource(`/page/changes`).onmessage = refresh;
if (here.channel === "home") act("home", {});
