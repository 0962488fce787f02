// Keeps the board up to date and its reader's place: what is focused, opened and scrolled to.
"use strict";

const MOST_OPENED = 10;
const lost = document.getElementById("lost");
const rows = document.getElementById("rows");
let turns = 0;

async function refresh() {
  const turn = ++turns;
  let next;
  try {
    const answer = await fetch(location.href, { cache: "no-cache" });
    if (answer.status === 401) return location.reload(); // the key has been revoked
    if (!answer.ok) throw new Error(answer.statusText);
    next = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    lost.hidden = false;
    return;
  }
  if (turn !== turns) return; // asked again since
  lost.hidden = true;
  keepPlace(() => {
    document.body.dataset.told = next.body.dataset.told;
    for (const part of document.querySelectorAll("[data-live]")) {
      const fresh = next.getElementById(part.id);
      if (part === rows) updateRows(fresh);
      else if (!part.isEqualNode(fresh)) part.replaceWith(document.adoptNode(fresh));
    }
  });
}

function updateRows(fresh) {
  const wanted = new Map([...fresh.rows].map((row) => [row.id, row]));
  for (const row of [...rows.rows]) if (!wanted.has(row.id)) row.remove();
  const there = new Map([...rows.rows].map((row) => [row.id, row]));
  let place = rows.firstElementChild;
  for (const [id, row] of wanted) {
    const old = there.get(id);
    if (old) updateCells(old, row);
    if (old && old === place) place = place.nextElementSibling;
    else rows.insertBefore(old ?? document.adoptNode(row), place);
  }
}

function updateCells(row, fresh) {
  if (row.cells.length !== fresh.cells.length) {
    return row.replaceChildren(...fresh.children);
  }
  const cells = [...fresh.cells];
  [...row.cells].forEach((cell, at) => {
    if (!cell.isEqualNode(cells[at])) cell.replaceWith(document.adoptNode(cells[at]));
  });
}

function keepPlace(change) {
  const focused = document.activeElement?.id;
  const stops = [...rows.querySelectorAll("button")].map((button) => button.id);
  const at = stops.indexOf(focused);
  const inView = scrollY ? [...rows.rows].filter((row) => row.getBoundingClientRect().bottom > 0) : [];
  const tops = new Map(inView.map((row) => [row, row.getBoundingClientRect().top]));

  change();

  const anchor = inView.find((row) => row.isConnected);
  if (anchor) scrollBy({ top: anchor.getBoundingClientRect().top - tops.get(anchor), behavior: "instant" });
  if (focused && document.activeElement === document.body) {
    // If its flight has gone, the next one.
    const near = [focused, ...stops.slice(at + 1), ...stops.slice(0, Math.max(at, 0)).reverse()];
    const there = near.map((id) => document.getElementById(id)).find(Boolean);
    there?.focus({ preventScroll: true });
  }
}

function toggle(button) {
  const url = new URL(location.href);
  const opened = url.searchParams.getAll("open").filter((id) => id && id !== button.dataset.flight);
  const opens = button.getAttribute("aria-expanded") === "false";
  if (opens) opened.push(button.dataset.flight);
  else {
    button.setAttribute("aria-expanded", "false");
    document.getElementById(button.getAttribute("aria-controls"))?.remove();
  }
  url.searchParams.delete("open");
  for (const id of opened.slice(-MOST_OPENED)) url.searchParams.append("open", id);
  history.replaceState(null, "", url);
  refresh();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[aria-expanded]");
  if (!button) return;
  event.preventDefault();
  toggle(button);
});
document.addEventListener("visibilitychange", () => document.hidden || refresh());
setInterval(() => document.hidden || refresh(), 1000 * document.body.dataset.refreshSeconds);

const filters = document.querySelector(".filters");
if (matchMedia("(max-width: 40rem)").matches && !filters.hasAttribute("data-narrows")) filters.open = false;
