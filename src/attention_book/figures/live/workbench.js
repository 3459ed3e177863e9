const names = ["queries", "keys", "values"], says = one("output");
const fields = names.map((name) => all(`.af-${name} tr`).map((row) => [...row.querySelectorAll("input")]));
const cells = (name) => all(`.af-${name} tbody tr`).map((row) => [...row.querySelectorAll("td")]);
const read = () => fields.map((rows) => rows.map((row) => row.map((field) => field.valueAsNumber)));
const write = (name, rows) =>
  cells(name).forEach((row, i) => row.forEach((cell, j) => (cell.textContent = rows[i][j].toFixed(2))));
const attend = (row, seen) => {
  const open = row.filter((_, j) => seen[j]), shares = open.length ? softmax(open) : [];
  return seen.map((may) => (may ? shares.shift() : 0));
};
const compute = () => {
  const [q, k, v] = read(), start = names.map((name) => data[name]);
  const whole = [q, k, v].flat(2).every(Number.isFinite);
  if (!whole) return void (says.textContent = "A number is missing.");
  const scores = q.map((a) => k.map((b) => dot(a, b) / Math.sqrt(a.length)));
  const weights = scores.map((row, i) => attend(row, data.mask[i]));
  write("scores", scores);
  write("weights", weights);
  write("output", weights.map((row) => mix(row, v)));
  const same = JSON.stringify([q, k, v]) === JSON.stringify(start);
  says.textContent = same ? "Equals what the cell computes." : "Your own numbers.";
};
all(".af-bench input").forEach((field) => field.addEventListener("input", compute));
one(".af-reset").addEventListener("click", () => {
  fields.forEach((rows, n) => rows.forEach((row, i) => row.forEach((field, j) => (field.value = data[names[n]][i][j]))));
  compute();
});
one(".af-copy").addEventListener("click", async () => {
  const code = read().map((rows, n) => `${names[n]} = np.array(${JSON.stringify(rows).replaceAll(",", ", ")})`);
  await navigator.clipboard.writeText(code.join("\n"));
  says.textContent = "Copied.";
});
