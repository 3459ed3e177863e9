const [query, key] = all("input"), says = one("output"), faces = one("ol"), plot = one(".af-plot");
const shown = all("li b"), signed = (x) => String(x).replace("-", "−");
const two = (x) => signed((Math.round(x * 1e6) / 1e6).toFixed(2));
const tip = (which, i, place) => {
  const angle = data.angles[which][i] + place * data.speeds[i], size = data.sizes[which][i];
  return [size * Math.cos(angle), size * Math.sin(angle)];
};
const draw = () => {
  const [m, n] = [+query.value, +key.value];
  const parts = data.speeds.map((_, i) => dot(tip(0, i, m), tip(1, i, n)));
  const score = parts.reduce((a, b) => a + b);
  faces.style.setProperty("--m", m);
  faces.style.setProperty("--n", n);
  plot.style.setProperty("--k", m - n);
  plot.style.setProperty("--f", score);
  shown.forEach((b, i) => (b.textContent = two(parts[i])));
  says.textContent = `query at ${m}, key at ${n}, distance ${signed(m - n)}: score ${two(score)}`;
};
const move = (step) => {
  const places = [query, key].map((field) => +field.value + step);
  if (places.some((place) => place < 0 || place > data.last)) return;
  [query.value, key.value] = places;
  draw();
};
[query, key].forEach((field) => field.addEventListener("input", draw));
all("button").forEach((button, i) => button.addEventListener("click", () => move(2 * i - 1)));
draw();
