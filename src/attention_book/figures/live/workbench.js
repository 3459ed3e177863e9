const names = ["queries", "keys", "values"], says = one("output");
const fields = names.map((name) => all(`.af-${name} tr`).map((row) => [...row.querySelectorAll("input")]));
const cells = (name) => all(`.af-${name} tbody tr`).map((row) => [...row.querySelectorAll("td")]);
const read = () => fields.map((rows) => rows.map((row) => row.map((field) => field.valueAsNumber)));
const start = Object.fromEntries(["scores", "weights", "output"].map((name) => [name, cells(name).map((row) => row.map((cell) => cell.textContent))]));
const write = (name, rows) =>
  cells(name).forEach((row, i) => row.forEach((cell, j) => {
    cell.textContent = rows[i][j].toFixed(2).replace(/^-0.00$/, "0.00");
    cell.classList.toggle("af-other", cell.textContent !== start[name][i][j]);
  }));
const attend = (row, seen) => {
  const open = row.filter((_, j) => seen[j]), shares = open.length ? softmax(open) : [];
  return seen.map((may) => (may ? shares.shift() : 0));
};
const compute = () => {
  const [q, k, v] = read();
  const whole = [q, k, v].flat(2).every(Number.isFinite);
  if (!whole) return void (says.textContent = "A number is missing.");
  const scores = q.map((a) => k.map((b) => dot(a, b) / Math.sqrt(a.length)));
  const weights = scores.map((row, i) => attend(row, data.mask[i]));
  write("scores", scores);
  write("weights", weights);
  write("output", weights.map((row) => mix(row, v)));
  const same = JSON.stringify([q, k, v]) === JSON.stringify(names.map((name) => data[name]));
  says.textContent = same ? "Equals what the cell computes." : "Your own numbers; what they change is marked.";
};
figure.dataset.live = "";
all(".af-bench input").forEach((field) => {
  field.readOnly = false;
  field.addEventListener("input", compute);
});
one(".af-reset").addEventListener("click", () => {
  fields.forEach((rows, n) => rows.forEach((row, i) => row.forEach((field, j) => (field.value = data[names[n]][i][j]))));
  compute();
});
one(".af-copy").addEventListener("click", async () => {
  const code = read().map((rows, n) => `${names[n]} = np.array(${JSON.stringify(rows).replaceAll(",", ", ")})`);
  try {
    await navigator.clipboard.writeText(["import numpy as np", ...code].join("\n"));
    says.textContent = "Copied.";
  } catch {
    says.textContent = code.join("; ");
  }
});
