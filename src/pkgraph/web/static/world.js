// A slider for the year of the map: it leads to where the form beside it leads.
"use strict";

const number = document.getElementById("year");
if (number) {
  const slider = document.createElement("input");
  slider.type = "range";
  slider.min = number.min;
  slider.max = number.max;
  slider.value = number.value;
  slider.setAttribute("aria-label", "Year, with a slider");
  slider.addEventListener("input", () => {
    number.value = slider.value;
  });
  slider.addEventListener("change", () => {
    number.form.requestSubmit();
  });
  number.addEventListener("input", () => {
    slider.value = number.value;
  });
  number.form.querySelector(".row").after(slider);
}

// Where the map is wider than the screen, its middle is seen first, not the Pacific.
const drawing = document.querySelector(".drawing");
if (drawing) {
  drawing.scrollLeft = (drawing.scrollWidth - drawing.clientWidth) * 0.58;
}
