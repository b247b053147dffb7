/*
 * Suggestions under a search box as one types.
 *
 * Source: ARIA Authoring Practices, editable combobox with list autocomplete:
 * https://www.w3.org/WAI/ARIA/apg/patterns/combobox/
 */
"use strict";

const PAUSE_MS = 120;

/** Give the box *input* suggestions from the address that it names; the form works as before. */
function suggestions(input) {
  const known = new Map();
  const list = document.createElement("ul");
  const said = document.createElement("p");
  let timer = 0;
  let asking = null;
  let active = -1;

  list.id = `${input.id}-suggestions`;
  list.className = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  list.hidden = true;
  said.className = "said";
  said.setAttribute("role", "status");
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  const place = document.createElement("div");
  place.className = "combobox";
  input.replaceWith(place);
  place.append(input, list, said);

  /** Show or hide the list. */
  function show(open) {
    list.hidden = !open;
    input.setAttribute("aria-expanded", String(open));
    activate(-1);
  }

  /** Make the option at *index* the active one; -1 is none. */
  function activate(index) {
    active = index;
    [...list.children].forEach((each, at) => each.setAttribute("aria-selected", at === index));
    if (index < 0) {
      input.removeAttribute("aria-activedescendant");
    } else {
      input.setAttribute("aria-activedescendant", list.children[index].id);
      list.children[index].scrollIntoView({ block: "nearest" });
    }
  }

  /** Append *parts* in a *language*, some of them marked, to *whole*, as texts and never as HTML. */
  function write(whole, parts, language) {
    const element = document.createElement("bdi");
    if (language) {
      element.lang = language;
    }
    whole.append(element);
    for (const [text, fits] of parts) {
      const part = document.createElement(fits ? "mark" : "span");
      part.textContent = text;
      element.append(part);
    }
  }

  /** Return the option for one of the items of an answer. */
  function option(item, at) {
    const element = document.createElement("li");
    const label = document.createElement("span");
    const kind = document.createElement("span");
    element.id = `${list.id}-${at}`;
    element.setAttribute("role", "option");
    element.dataset.address = item.address;
    write(label, item.parts, item.languages[0]);
    if (item.by.length) {
      label.append(" (");
      write(label, item.by, item.languages[1]);
      label.append(")");
    }
    kind.className = "kind";
    kind.textContent = item.kind;
    element.append(label, " ", kind);
    return element;
  }

  /** Show what was *answered*. */
  function tell(answered) {
    list.replaceChildren(...answered.items.map(option));
    const found = answered.items.length;
    show(found > 0 && document.activeElement === input);
    said.textContent = found ? `${found} of ${answered.total} shown` : "no suggestions";
  }

  /** Ask for suggestions for what is in the box. */
  async function ask() {
    const text = input.value.trim();
    asking?.abort();
    if (!text) {
      show(false);
      said.textContent = "";
      return;
    }
    if (!known.has(text)) {
      asking = new AbortController();
      try {
        const address = `${input.dataset.suggest}?${new URLSearchParams({ q: text })}`;
        const response = await fetch(address, {
          headers: { Accept: "application/json" },
          signal: asking.signal,
        });
        if (!response.ok) {
          show(false);
          return;
        }
        known.set(text, await response.json());
      } catch {
        show(false); // aborted, or the server is away: the form still works
        return;
      }
    }
    if (input.value.trim() === text) {
      tell(known.get(text));
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
  input.addEventListener("keydown", (event) => {
    const last = list.children.length - 1;
    if (event.key === "Escape" && !list.hidden) {
      show(false);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) {
        ask();
      } else if (event.key === "ArrowDown") {
        activate(active < last ? active + 1 : -1);
      } else {
        activate(active < 0 ? last : active - 1);
      }
    } else if (event.key === "Enter" && !list.hidden && active >= 0) {
      location.assign(list.children[active].dataset.address);
    } else {
      return;
    }
    event.preventDefault();
  });
  input.addEventListener("blur", () => show(false));
  // A press on an option must not take the focus from the box before the click is heard.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const chosen = event.target.closest("[role=option]");
    if (chosen) {
      location.assign(chosen.dataset.address);
    }
  });
}

document.querySelectorAll("input[data-suggest]").forEach(suggestions);
