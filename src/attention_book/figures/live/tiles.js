const [size, read] = all(".af-range input"), told = all(".af-range em"), cells = all(".af-tiles li");
const bars = all(".af-out li"), says = one("output"), line = one(".af-sum");
const { scores, values } = data, n = scores.length;
const said = (x) => {
  const text = Math.abs(x - Math.round(x)) < 1e-9 ? `${Math.round(x)}` : x.toFixed(3).replace(/0+$/, "");
  return text.replace("-", "−");
};
const whole = mix(softmax(scores), values);
const after = (state, part, rows, kept) => {
  const top = Math.max(state.top, ...part), powers = part.map((s) => Math.exp(s - top));
  const factor = state.total === 0 ? 0 : kept ? 1 : Math.exp(state.top - top);
  const fresh = powers.reduce((a, b) => a + b), mixed = mix(powers, rows);
  return { top, factor, fresh, total: factor * state.total + fresh, mixed: state.mixed.map((x, i) => factor * x + mixed[i]) };
};
const draw = () => {
  const tile = +size.value, tiles = Math.ceil(n / tile), kept = one(".r1").checked;
  read.max = tiles;
  const many = +read.value;
  let before, state = { top: -Infinity, total: 0, mixed: whole.map(() => 0) };
  for (let i = 0; i < many; i++) {
    before = state;
    state = after(state, scores.slice(i * tile, (i + 1) * tile), values.slice(i * tile, (i + 1) * tile), kept);
  }
  told[0].textContent = tile;
  told[1].textContent = many;
  cells.forEach((cell, i) => {
    const here = Math.floor(i / tile);
    cell.className = (here < many - 1 ? "gone" : here === many - 1 ? "now" : "later") + ((i + 1) % tile ? "" : " last");
  });
  const output = state.mixed.map((x) => (state.total ? x / state.total : 0));
  bars.forEach((bar, i) => {
    bar.style.setProperty("--share", 100 * output[i]);
    bar.lastChild.textContent = said(output[i]);
  });
  line.textContent = !many ? "Nothing is read yet: the sum is 0."
    : many === 1 ? `Largest score ${said(state.top)}. Sum ${said(state.total)}.`
    : `Largest score ${said(before.top)}, now ${said(state.top)}: ${kept ? "no factor" : `factor e^(${said(before.top)} − ${said(state.top)}) = ${said(state.factor)}`}. Sum ${kept ? "" : `${said(state.factor)} · `}${said(before.total)} + ${said(state.fresh)} = ${said(state.total)}.`;
  const off = Math.max(...output.map((x, i) => Math.abs(x - whole[i])));
  says.textContent = many < tiles ? `${Math.max(n - many * tile, 0)} of ${n} words are still to come.`
    : off < 1e-9 ? "All words are read, and the output is that of softmax."
    : `All words are read, and the output is off by ${said(off)}.`;
};
all("input").forEach((input) => input.addEventListener("input", draw));
draw();
