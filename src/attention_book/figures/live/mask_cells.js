const cells = all(".af-cell input");
all(".af-presets button").forEach((button) =>
  button.addEventListener("click", () =>
    cells.forEach((cell, i) => (cell.checked = data[button.textContent][i])),
  ),
);
