// Makes an argument map larger, smaller and movable, and folds cards without leaving the page.
// Without it the same is done by links, the scroll bars and the zoom of the browser.
"use strict";

(() => {
  const smallest = 0.1;
  const largest = 3;
  const step = 1.25;
  let scale = 1;

  const view = () => document.querySelector("#map .map-view");
  const picture = () => document.querySelector("#map .map-view svg");
  const whole = () => picture().viewBox.baseVal;

  // Sets the scale so that what is in the middle of the view stays there.
  function zoom(to) {
    const frame = view();
    const next = Math.min(largest, Math.max(smallest, to));
    const x = (frame.scrollLeft + frame.clientWidth / 2) / scale;
    const y = (frame.scrollTop + frame.clientHeight / 2) / scale;
    scale = next;
    picture().setAttribute("width", whole().width * scale);
    picture().setAttribute("height", whole().height * scale);
    frame.scrollLeft = x * scale - frame.clientWidth / 2;
    frame.scrollTop = y * scale - frame.clientHeight / 2;
    const told = document.querySelector("#map .map-tools output");
    if (told) told.textContent = `${Math.round(scale * 100)} %`;
  }

  function fit() {
    const frame = view();
    zoom(Math.min(1, frame.clientWidth / whole().width, frame.clientHeight / whole().height));
  }

  // Brings a card to the middle of the view, without moving the page.
  function show(card) {
    const frame = view();
    if (!card) return;
    const box = card.getBBox();
    frame.scrollLeft = (box.x + box.width / 2) * scale - frame.clientWidth / 2;
    const above = box.y > 100 ? frame.clientHeight / 2 : (24 + box.height / 2) * scale;
    frame.scrollTop = (box.y + box.height / 2) * scale - above;
  }

  function button(text, name, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.setAttribute("aria-label", name);
    made.addEventListener("click", act);
    return made;
  }

  function tools() {
    const bar = document.createElement("div");
    bar.className = "map-tools";
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "Size of the picture");
    const told = document.createElement("output");
    told.textContent = "100 %";
    bar.append(
      button("−", "Smaller", () => zoom(scale / step)),
      told,
      button("+", "Larger", () => zoom(scale * step)),
      button("Whole", "Show the whole map", fit),
      button("100 %", "Full size, at the card where the map opens", () => {
        zoom(1);
        show(document.getElementById("start"));
      }),
    );
    view().before(bar);
  }

  function pan() {
    const frame = view();
    let from = null;
    frame.addEventListener("pointerdown", (event) => {
      if (event.pointerType !== "mouse" || event.button !== 0 || event.target.closest("a")) return;
      from = { x: event.clientX, y: event.clientY, left: frame.scrollLeft, top: frame.scrollTop };
    });
    frame.addEventListener("pointermove", (event) => {
      if (!from) return;
      frame.classList.add("dragged");
      frame.scrollLeft = from.left - (event.clientX - from.x);
      frame.scrollTop = from.top - (event.clientY - from.y);
    });
    for (const end of ["pointerup", "pointerleave", "pointercancel"]) {
      frame.addEventListener(end, () => {
        from = null;
        frame.classList.remove("dragged");
      });
    }
    frame.addEventListener("wheel", (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      zoom(event.deltaY < 0 ? scale * step : scale / step);
    }, { passive: false });
    frame.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const act = {
        "+": () => zoom(scale * step),
        "=": () => zoom(scale * step),
        "-": () => zoom(scale / step),
        "0": fit,
      }[event.key];
      if (act) {
        event.preventDefault();
        act();
      }
    });
  }

  // Draws the lines of the card that the pointer or the keyboard is at thicker.
  function light(event) {
    const card = event.target.closest?.(".card");
    const number = card?.dataset.card;
    for (const { classList, dataset } of picture().querySelectorAll(".link")) {
      classList.toggle("lit", Boolean(card) && [dataset.from, dataset.to].includes(number));
    }
  }

  async function fold(event) {
    const link = event.target.closest("a.fold");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const address = link.href.baseVal;
    const name = link.getAttribute("aria-label").replace(/^\w+/, "");
    try {
      const answer = await fetch(address, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const size = scale;
      document.getElementById("map").replaceWith(page.getElementById("map"));
      document.querySelector("form.map-form").replaceWith(page.querySelector("form.map-form"));
      history.pushState(null, "", address);
      scale = 1;
      begin();
      zoom(size);
      const again = [...picture().querySelectorAll("a.fold")]
        .find((each) => each.getAttribute("aria-label").endsWith(name));
      show(again?.closest(".card"));
      again?.focus({ preventScroll: true });
    } catch {
      location.href = address;
    }
  }

  function begin() {
    tools();
    pan();
    view().addEventListener("pointerover", light);
    view().addEventListener("focusin", light);
    view().addEventListener("click", fold);
    show(document.getElementById("start"));
  }

  if (view()) {
    begin();
    addEventListener("popstate", () => location.reload());
  }
})();
