const one = (selector) => figure.querySelector(selector);
const all = (selector) => [...figure.querySelectorAll(selector)];
const dot = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);
const softmax = (scores) => {
  const top = Math.max(...scores), powers = scores.map((s) => Math.exp(s - top));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((p) => p / sum);
};
const mix = (shares, rows) => rows[0].map((_, j) => dot(shares, rows.map((row) => row[j])));
const percent = (share) => (share < 0.005 ? "<1" : Math.round(100 * share)) + " %";
figure.dataset.live = "";
