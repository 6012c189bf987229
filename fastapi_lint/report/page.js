"use strict";
(() => {
  const search = document.getElementById("search");
  const shown = document.getElementById("shown");
  const boxes = [...document.querySelectorAll("input[data-severity]")];
  const items = [...document.querySelectorAll("[data-text]")];
  const groups = [...document.querySelectorAll("[data-group]")];
  const update = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const off = new Set(boxes.filter((box) => !box.checked).map((box) => box.dataset.severity));
    let visible = 0;
    for (const item of items) {
      const text = item.dataset.text.toLowerCase();
      const matches = words.every((word) => text.includes(word));
      item.hidden = !matches || off.has(item.dataset.severity);
      visible += item.hidden ? 0 : 1;
    }
    for (const group of groups) {
      group.hidden = !group.querySelector("[data-text]:not([hidden])");
    }
    const changed = words.length || off.size;
    shown.textContent = changed ? `${visible} of ${items.length} shown` : "";
  };
  search.addEventListener("input", update);
  boxes.forEach((box) => box.addEventListener("change", update));
  update();
})();
