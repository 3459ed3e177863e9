const at = ([x, y]) => [x * data.scale, -y * data.scale];
const svg = one(".af-plane"), arrow = one(".af-q"), tip = one(".af-tip"), point = one(".af-mix");
const inputs = all("input"), bars = all(".af-bars li"), says = one("output");
const draw = () => {
  const q = inputs.map((input) => +input.value);
  const scores = data.keys.map((k) => dot(q, k) / Math.sqrt(2)), shares = softmax(scores);
  const [x, y] = at(q), [mx, my] = at(mix(shares, data.values));
  arrow.setAttribute("d", `M0 0L${x} ${y}`);
  tip.setAttribute("transform", `translate(${x} ${y})`);
  point.setAttribute("transform", `translate(${mx} ${my})`);
  bars.forEach((bar, i) => {
    bar.style.setProperty("--share", 100 * shares[i]);
    bar.lastChild.textContent = percent(shares[i]);
  });
  const most = shares.indexOf(Math.max(...shares));
  says.textContent = `q = (${q.map((n) => n.toFixed(1)).join(", ")}): most from ${data.words[most]}, ${percent(shares[most])}`;
};
const follow = (event) => {
  const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
  inputs[0].value = place.x / data.scale;
  inputs[1].value = -place.y / data.scale;
  draw();
};
svg.addEventListener("pointerdown", (event) => {
  svg.setPointerCapture(event.pointerId);
  follow(event);
});
svg.addEventListener("pointermove", (event) => svg.hasPointerCapture(event.pointerId) && follow(event));
tip.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
inputs.forEach((input) => input.addEventListener("input", draw));
draw();
