/*
 * Sort a table by a click on the head of a column. Where the server sorts as well, the head is a
 * link, which is followed where not all rows are on the page.
 */

const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

const sort = (table, place) => {
  const heads = [...table.tHead.rows[0].cells];
  const reverse = heads[place].getAttribute("aria-sort") === "ascending";
  for (const head of heads) head.removeAttribute("aria-sort");
  heads[place].setAttribute("aria-sort", reverse ? "descending" : "ascending");
  const body = table.tBodies[0];
  const text = (row) => row.cells[place].textContent.trim();
  const rows = [...body.rows].sort((one, other) => {
    const [a, b] = [text(one), text(other)];
    if (!a || !b) return Number(!a) - Number(!b); // what is empty is last either way
    return (reverse ? -1 : 1) * order.compare(a, b);
  });
  body.append(...rows);
};

for (const table of document.querySelectorAll("table[data-sortable]")) {
  [...table.tHead.rows[0].cells].forEach((head, place) => {
    let handle = head.querySelector("a");
    if (!handle) {
      handle = document.createElement("button");
      handle.type = "button";
      handle.append(...head.childNodes);
      head.append(handle);
    }
    handle.classList.add("sort");
    handle.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      sort(table, place);
      const address = handle.getAttribute("href");
      if (!address) return;
      history.replaceState(null, "", address); // what is shared is as it is seen
      const flipped = new URL(handle.href);
      const column = flipped.searchParams.get("sort").replace(/^-/, "");
      const ascending = head.getAttribute("aria-sort") === "ascending";
      flipped.searchParams.set("sort", ascending ? `-${column}` : column);
      for (const each of table.tHead.querySelectorAll("a.sort")) {
        const other = new URL(each.href);
        other.searchParams.set("sort", other.searchParams.get("sort").replace(/^-/, ""));
        each.href = other.href;
      }
      handle.href = flipped.href;
    });
  });
}
