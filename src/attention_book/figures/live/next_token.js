const [heatAt, kAt, pAt] = all(".af-range input"), says = all("output"), lists = all(".af-moved");
const rows = data.falls.map((falls) => falls.reduce((gaps, fall, i) => [...gaps, (gaps[i - 1] || 0) - fall], []));
const kept = (gaps, heat, k, p) => {
  const shares = softmax(gaps.slice(0, k).map((gap) => gap / 100 / heat));
  let sum = 0, n = 0;
  while (n < shares.length && (p === 1 || sum < p)) sum += shares[n++];
  return shares.slice(0, n).map((share) => share / sum);
};
const name = (input, value) => {
  input.setAttribute("aria-valuetext", value);
  input.nextElementSibling.textContent = value;
};
const draw = () => {
  const heat = +(10 ** heatAt.value).toPrecision(2), p = +pAt.value, count = rows[0].length;
  const k = +kAt.value > data.shown ? count : +kAt.value;
  [[heatAt, heat], [kAt, k.toLocaleString("en")], [pAt, p]].forEach((pair) => name(...pair));
  rows.forEach((gaps, r) => {
    const shares = kept(gaps, heat, k, p), rest = shares.slice(data.shown);
    [...lists[r].children].forEach((bar, i) => {
      const share = i < data.shown ? shares[i] || 0 : rest.reduce((a, b) => a + b, 0);
      bar.style.setProperty("--share", 100 * share);
      bar.lastChild.textContent = i < shares.length ? percent(share) : "cut";
    });
    says[r].textContent = `${shares.length.toLocaleString("en")} of ${count.toLocaleString("en")} tokens may be drawn.`;
  });
};
[heatAt, kAt, pAt].forEach((input) => input.addEventListener("input", draw));
draw();
