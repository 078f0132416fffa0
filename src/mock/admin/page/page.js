// The page of the mock: the operations, a request to try, and what was asked.
"use strict";

const ROOT = "/__fieldproof";
const at = (id) => document.getElementById(id);
const element = (name, text, className) => {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
};
const place = (source) => (source ? (source.page ? `${source.page}:${source.line}` : source) : "");
const kind = (status) => (status < 300 ? "ok" : status < 400 ? "other" : "bad");

// A token stands behind `#token=` in the address, or is asked for once.
let token = sessionStorage.getItem("token");
const given = new URLSearchParams(location.hash.slice(1)).get("token");
if (given) {
  token = given;
  sessionStorage.setItem("token", given);
  history.replaceState(null, "", location.pathname);
}

async function ask(path, options = {}) {
  const headers = token ? { Authorization: `Bearer ${token}` } : {};
  const answer = await fetch(ROOT + path, { ...options, headers });
  if (answer.status === 401) {
    token = prompt("The token of --admin-token");
    if (token) {
      sessionStorage.setItem("token", token);
      return ask(path, options);
    }
  }
  return answer;
}

// A link carries no token, so what it leads to is fetched with it, and shown.
document.querySelector("nav").addEventListener("click", async (event) => {
  if (!token || !event.target.href) return;
  event.preventDefault();
  const answer = await ask(new URL(event.target.href).pathname.slice(ROOT.length));
  location.assign(URL.createObjectURL(await answer.blob()));
});

let operations = [];
let chosen = null;

function list() {
  const wanted = at("filter").value.toLowerCase();
  const items = operations
    .filter((it) => `${it.method} ${it.path} ${it.title ?? ""} ${place(it.source)}`.toLowerCase().includes(wanted))
    .map((operation) => {
      const item = element("li");
      const button = element("button");
      button.type = "button";
      button.setAttribute("aria-current", String(operation === chosen));
      button.append(element("span", operation.method, `method ${operation.method}`), " ", element("span", operation.path, "path"));
      button.append(element("div", place(operation.source), "source"));
      button.addEventListener("click", () => choose(operation));
      item.append(button);
      return item;
    });
  at("list").replaceChildren(...items);
}

function choose(operation) {
  chosen = operation;
  list();
  at("nothing").hidden = true;
  at("form").hidden = false;
  at("answer").hidden = true;
  at("title").textContent = operation.title ?? operation.name;
  at("about").textContent = operation.description ?? "";
  at("source").textContent = `${place(operation.source)} · ${operation.answer}`;
  at("method").textContent = operation.method;
  at("method").className = `method ${operation.method}`;
  at("target").value = operation.request.target;
  at("headers").value = operation.request.headers.map((pair) => pair.join(": ")).join("\n");
  at("body").value = operation.request.body ?? "";
  at("body-label").hidden = ["GET", "HEAD"].includes(operation.method);
  const usual = new Option("the usual one", "");
  const others = operation.answers.flatMap(({ code, examples }) => {
    const named = [...new Set(examples)].map((name) => new Option(`${code} ${name}`, `code=${code}, example="${name.replace(/["\\]/g, "\\$&")}"`));
    return [new Option(String(code), `code=${code}`), ...named];
  });
  at("prefer").replaceChildren(usual, ...others);
}

async function send(event) {
  event.preventDefault();
  const headers = new Headers();
  for (const line of at("headers").value.split("\n")) {
    const colon = line.indexOf(":");
    if (colon <= 0) continue;
    const [name, value] = [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    // Pages may not send this header; the browser does, for cookies of the path.
    if (name.toLowerCase() === "cookie") {
      const path = new URL(at("target").value, location.href).pathname;
      for (const cookie of value.split(";")) document.cookie = `${cookie.trim()}; path=${path}; max-age=60`;
    } else headers.append(name, value);
  }
  if (at("prefer").value) headers.set("Prefer", at("prefer").value);
  const body = at("body").value;
  const hasBody = !["GET", "HEAD"].includes(chosen.method) && body !== "";
  const start = performance.now();
  at("answer").hidden = false;
  try {
    const answer = await fetch(at("target").value, { method: chosen.method, headers, body: hasBody ? body : undefined, redirect: "manual", cache: "no-store" });
    const text = await answer.text();
    at("status").textContent = answer.status || "redirection";
    at("status").className = `status ${kind(answer.status)}`;
    at("took").textContent = `${Math.round(performance.now() - start)} ms`;
    at("answer-headers").textContent = [...answer.headers].map((pair) => pair.join(": ")).join("\n");
    at("answer-body").textContent = text || "(no body)";
  } catch (error) {
    at("status").textContent = "no answer";
    at("status").className = "status bad";
    at("took").textContent = String(error);
    at("answer-headers").textContent = "";
    at("answer-body").textContent = "";
  }
  poll(false);
}

function show(entry) {
  const item = element("li");
  const drifts = entry.drift ?? [];
  item.dataset.wrong = String(entry.violations.length > 0 || drifts.length > 0 || entry.status >= 400);
  const details = element("details");
  const summary = element("summary");
  summary.append(
    element("span", entry.time.slice(11, 19), "quiet"),
    element("span", entry.method, `method ${entry.method}`),
    element("span", entry.target, "path"),
    element("span", String(entry.status), `status ${kind(entry.status)}`),
  );
  const wrong = entry.violations.length;
  if (wrong) summary.append(element("span", wrong === 1 ? "1 violation" : `${wrong} violations`, "bad"));
  if (drifts.length) summary.append(element("span", drifts.length === 1 ? "1 drift" : `${drifts.length} drifts`, "bad"));
  summary.append(element("span", entry.source ?? "no page", "source"));
  details.append(summary);
  if (entry.unjudged) details.append(element("p", `not judged: ${entry.unjudged}`, "hint"));
  if (entry.reason) details.append(element("p", entry.reason, "hint"));
  for (const violation of [...entry.violations, ...drifts]) {
    const where = place(violation.source);
    details.append(element("p", `${violation.message ?? violation.rule}${where ? ` (${where})` : ""}`, "fault"));
  }
  for (const near of entry.nearest) {
    details.append(element("p", `not ${near.method} ${near.path} (${place(near.source)}): ${near.why}`, "near"));
  }
  for (const [title, side] of [["Request", entry.request], ["Answer", entry.response]]) {
    const lines = Object.entries(side.headers).map(([name, value]) => `${name}: ${value}`);
    const body = side.body ?? `(${side.bytes} bytes)`;
    details.append(element("h3", title), element("pre", [...lines, "", body].join("\n").trim()));
  }
  item.append(details);
  return item;
}

let next = 0;
let polling = false;

function sift() {
  const only = at("wrong").checked;
  for (const item of at("entries").children) item.hidden = only && item.dataset.wrong !== "true";
}

async function poll(again = true) {
  if (polling) {
    if (again) setTimeout(poll, 200);
    return;
  }
  polling = true;
  try {
    const answer = await ask(`/requests?since=${next}&limit=200`);
    const state = at("state");
    if (answer.ok) {
      const news = await answer.json();
      next = news.next;
      at("entries").prepend(...news.requests.map(show));
      while (at("entries").children.length > 500) at("entries").lastChild.remove();
      at("none").hidden = at("entries").children.length > 0;
      sift();
      state.textContent = `live, ${operations.length} operations`;
      state.className = "live";
    } else {
      state.textContent = (await answer.json()).detail ?? `status ${answer.status}`;
      state.className = "lost";
    }
  } catch {
    at("state").textContent = "the mock does not answer";
    at("state").className = "lost";
  }
  polling = false;
  if (again) setTimeout(poll, document.hidden ? 5000 : 1000);
}

async function start() {
  const answer = await ask("/operations");
  if (answer.ok) operations = (await answer.json()).operations;
  list();
  if (operations.length) choose(operations[0]);
  poll();
}

at("filter").addEventListener("input", list);
at("form").addEventListener("submit", send);
at("wrong").addEventListener("change", sift);
at("clear").addEventListener("click", async () => {
  await ask("/requests", { method: "DELETE" });
  at("entries").replaceChildren();
  at("none").hidden = false;
});
start();
