/*
 * Take a file that is dropped on the form, and say which of the two, text or file, is checked: the
 * text area is set aside while a file is chosen, so that the text in it is not lost.
 */

for (const form of document.querySelectorAll("form[data-check]")) {
  const text = form.elements.namedItem("text");
  const input = form.elements.namedItem("file");
  const zone = form.querySelector(".drop");
  const told = form.querySelector("[data-chosen]");

  const clear = document.createElement("button");
  clear.type = "button";
  clear.className = "second";
  clear.textContent = "Leave the file out";
  clear.addEventListener("click", () => {
    input.value = "";
    tell();
    input.focus();
  });
  const tell = () => {
    const [file] = input.files;
    text.disabled = Boolean(file);
    told.textContent = file ? `${file.name} is checked${text.value.trim() ? ", not the text above" : ""}. ` : "";
    if (file) told.append(clear);
  };
  input.addEventListener("change", tell);
  window.addEventListener("pageshow", tell); // a browser that comes back may have kept the choice

  let depth = 0;
  const over = (step) => {
    depth = Math.max(0, depth + step);
    zone.classList.toggle("over", depth > 0);
  };
  form.addEventListener("dragenter", () => over(1));
  form.addEventListener("dragleave", () => over(-1));
  form.addEventListener("dragover", (event) => event.preventDefault());
  form.addEventListener("drop", (event) => {
    const { files } = event.dataTransfer;
    depth = 0;
    over(0);
    if (!files.length) return; // a text that is dropped goes into the text area as ever
    event.preventDefault();
    if (files.length > 1) {
      told.textContent = "One file is checked at a time; drop one.";
      return;
    }
    input.files = files;
    tell();
  });
}
