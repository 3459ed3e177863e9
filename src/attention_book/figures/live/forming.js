const input = one("input"), says = one("output");
const panels = data.cells.map((_, p) => all(`.p${p} i:not(.no)`));
const draw = () => {
  const s = +input.value;
  input.setAttribute("aria-valuetext", data.steps[s]);
  says.textContent = data.says[s];
  panels.forEach((cells, p) => cells.forEach((cell, c) => cell.style.setProperty("--share", data.cells[p][s][c])));
};
input.addEventListener("input", draw);
draw();
