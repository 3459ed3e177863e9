const input = one(".af-range input"), says = all("output"), lists = all(".af-moved");
const close = (share, i, marks) => Math.round(100 * share) === Math.round(100 * marks[i]);
const tell = (shares, words, marks) => {
  const most = shares.indexOf(Math.max(...shares));
  const met = !marks ? "" : shares.every((share, i) => close(share, i, marks)) ? " All marks are met." : " Not all marks are met.";
  return `the largest share is ${percent(shares[most])}, that of ${words[most]}.${met}`;
};
const draw = () => {
  const heat = +(10 ** input.value).toPrecision(2);
  input.setAttribute("aria-valuetext", heat);
  data.scores.forEach((scores, r) => {
    const shares = softmax(scores.map((s) => s / heat)), bars = [...lists[r].children];
    bars.forEach((bar, i) => {
      bar.style.setProperty("--share", 100 * shares[i]);
      bar.lastChild.textContent = percent(shares[i]);
    });
    says[r].textContent = `Divided by ${heat}, ${tell(shares, data.words[r], data.marks?.[r])}`;
  });
};
input.addEventListener("input", draw);
draw();
