const groups = all("fieldset").map((group) => [...group.querySelectorAll("input")]);
const bars = all(".af-strips i"), lanes = all(".af-lane"), says = one("output");
const show = () => {
  const places = groups.map((radios) => radios.findIndex((radio) => radio.checked));
  const state = places.reduce((at, place, n) => at * groups[n].length + place, 0);
  data.states[state].forEach((height, i) => bars[i].style.setProperty("--v", height));
  says.textContent = data.says[state];
  lanes.forEach((lane, i) =>
    lane.querySelectorAll("b").forEach((bar, n) => {
      const [share, text] = data.lanes[places[0]][i][n];
      bar.style.setProperty("--share", share);
      bar.nextElementSibling.textContent = text;
    }),
  );
};
all("input").forEach((radio) => radio.addEventListener("input", show));
show();
