/* Show of a list only what has all the words that are typed; without this the server does. */

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

for (const form of document.querySelectorAll("form[data-filter]")) {
  const input = form.elements.namedItem("q");
  const items = [...document.querySelectorAll(form.dataset.filter)];
  const status = document.querySelector("[role=status][data-total]");
  input.addEventListener("input", () => {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of items) {
      const fits = words.every((word) => item.dataset.words.includes(word));
      item.hidden = !fits;
      shown += Number(fits);
    }
    for (const section of document.querySelectorAll("main section")) {
      section.hidden = !section.querySelector("[data-words]:not([hidden])");
    }
    const total = Number(status.dataset.total);
    status.textContent = shown === total
      ? `${total} queries`
      : shown ? `${shown} of ${total} queries have these words.` : "No query has these words.";
  });
}
