/* Offer what fits while it is typed, where there are more things than the page has. */

const WAIT_MS = 150;
const LEAST = 2;

for (const input of document.querySelectorAll("input[data-options]")) {
  let timer = 0;
  let last = "";
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const text = input.value.trim();
      if (text.length < LEAST || text === last) return;
      last = text;
      const query = new URLSearchParams({ text });
      const answer = await fetch(`${input.dataset.options}?${query}`);
      if (!answer.ok || text !== input.value.trim()) return;
      const found = await answer.json();
      const options = found.map(([value, label]) => {
        const option = document.createElement("option");
        option.value = value;
        option.textContent = label;
        return option;
      });
      input.list.replaceChildren(...options);
    }, WAIT_MS);
  });
}
