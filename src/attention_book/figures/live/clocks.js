const [m, n] = all("input"), says = one("output"), faces = one("ol"), plot = one(".af-plot");
const parts = all("li b"), signed = (x) => String(x).replace("-", "−");
const tip = (place, speed) => [Math.sin(place * speed), Math.cos(place * speed)];
const draw = () => {
  const [p, q] = [+m.value, +n.value];
  const each = data.speeds.map((speed) => dot(tip(p, speed), tip(q, speed)));
  const total = each.reduce((a, b) => a + b);
  faces.style.setProperty("--m", p);
  faces.style.setProperty("--n", q);
  plot.style.setProperty("--k", q - p);
  plot.style.setProperty("--f", total);
  parts.forEach((part, i) => (part.textContent = signed(each[i].toFixed(2))));
  says.textContent = `m = ${p}, n = ${q}, distance ${signed(q - p)}: dot product ${signed(total.toFixed(2))}`;
};
const move = (step) => {
  const places = [m, n].map((field) => +field.value + step);
  if (places.some((place) => place < 0 || place > data.last)) return;
  [m.value, n.value] = places;
  draw();
};
[m, n].forEach((field) => field.addEventListener("input", draw));
all("button").forEach((button, i) => button.addEventListener("click", () => move(2 * i - 1)));
draw();
