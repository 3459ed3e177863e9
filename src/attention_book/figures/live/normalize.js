const fields = all(".af-normal input"), learned = all(".af-learned input"), says = one("output");
const rows = all(".af-normal tr").map((row) => [...row.querySelectorAll("b")]);
const number = (x) => +x.toFixed(3);
const compute = () => {
  const x = fields.map((field) => field.valueAsNumber), [weight, bias] = learned.map((field) => field.valueAsNumber);
  if (![...x, weight, bias].every(Number.isFinite)) return void (says.textContent = "A number is missing.");
  const mean = (numbers) => numbers.reduce((a, b) => a + b) / numbers.length;
  const middle = mean(x), centered = x.map((a) => a - middle);
  const deviation = Math.sqrt(mean(centered.map((a) => a * a)) + 1e-5), normal = centered.map((a) => a / deviation);
  [x, centered, normal, normal.map((a) => a * weight + bias)].forEach((row, i) =>
    row.forEach((a, j) => {
      rows[i][j].style.setProperty("--v", Math.max(-100, Math.min(100, (100 * a) / data.full)));
      if (i) rows[i][j].previousElementSibling.textContent = a.toFixed(3);
    }),
  );
  says.textContent = `mean ${number(middle)}, deviation ${deviation.toFixed(3)}`;
};
[...fields, ...learned].forEach((field) => field.addEventListener("input", compute));
one("button").addEventListener("click", () => {
  fields.forEach((field, i) => (field.value = data.x[i]));
  learned.forEach((field, i) => (field.value = [data.weight, data.bias][i]));
  compute();
});
compute();
