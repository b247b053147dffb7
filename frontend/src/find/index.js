/*
 * The page that searches without a server: it reads the file of what can be found, and shows what
 * fits as it is typed. What is looked for is in the address of the page, to be linked.
 *
 * What was typed and what was found are untrusted; both get into the page as texts only.
 */

import { Index, Refused } from "./finding.js";
import { groups, kinds, said } from "./showing.js";

const PAUSE_MS = 120;
const TITLE_CHARACTERS = 60;

/** Make the *form* search; what it needs to know is in its attributes. */
const run = async (form) => {
  const input = form.elements.namedItem("q");
  const [status, plain, hint, covers, list] = ["status", "plain", "hint", "covers", "list"].map(
    (name) => document.getElementById(`find-${name}`),
  );
  const slashed = (address) => (address.endsWith("/") ? address : `${address}/`);
  const root = new URL(form.dataset.root ? slashed(form.dataset.root) : ".", document.baseURI);
  const href = (thing) => new URL(thing.address.slice(1) + form.dataset.ending, root).href;
  const address = (text, kind) =>
    `?${new URLSearchParams(kind ? { q: text, kind } : text ? { q: text } : {})}`;
  const given = () => {
    const query = new URLSearchParams(location.search);
    return { text: (query.get("q") ?? "").trim(), kind: query.get("kind") ?? "" };
  };
  let index = null;

  /** Show what the address of the page asks for. */
  const show = () => {
    const { text, kind } = given();
    const title = [...text].slice(0, TITLE_CHARACTERS).join("");
    document.title = `${text ? `Search: ${title}` : "Search"} – pkgraph`;
    list.replaceChildren();
    hint.hidden = Boolean(text);
    covers.hidden = true;
    status.className = "";
    if (!text) {
      status.replaceChildren();
      return;
    }
    try {
      const hits = index.look(text);
      status.replaceChildren(...said(hits, text));
      covers.hidden = hits.found.length > 0;
      const wanted = index.kinds.find((each) => each.name === kind);
      const addressOf = (name) => address(text, name);
      list.replaceChildren(
        ...kinds(hits, index.kinds, wanted, addressOf),
        ...groups({ hits, kinds: index.kinds, wanted, text, href, address: addressOf }),
      );
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      status.className = "error";
      status.replaceChildren(error.message);
    }
  };

  /** Go to the *address*, without leaving the page. */
  const go = (to, { kept }) => {
    if (to !== (location.search || "?")) {
      history[kept ? "pushState" : "replaceState"](null, "", to === "?" ? location.pathname : to);
    }
    show();
  };

  let timer = 0;
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => index && go(address(input.value.trim()), { kept: false }), PAUSE_MS);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    if (index) go(address(input.value.trim()), { kept: true });
  });
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-kind]");
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!link || elsewhere) return;
    event.preventDefault();
    go(link.getAttribute("href"), { kept: true });
    list.querySelector("[aria-current]")?.focus();
  });
  addEventListener("popstate", () => {
    input.value = given().text;
    if (index) show();
  });

  input.value = given().text;
  plain.hidden = true;
  status.textContent = "What can be found is being read.";
  try {
    const response = await fetch(new URL(form.dataset.index, root));
    if (!response.ok) throw new Error(`the answer is ${response.status}`);
    index = new Index(await response.json());
  } catch (error) {
    status.className = "error";
    status.replaceChildren(`What can be found could not be read: ${error.message}.`);
    plain.hidden = false;
    return;
  }
  const typed = input.value.trim();
  go(typed === given().text ? location.search || "?" : address(typed), { kept: false });
};

document.querySelectorAll("form[data-index]").forEach(run);
