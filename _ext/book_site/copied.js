// Says aloud what a copy button shows.
document.addEventListener("DOMContentLoaded", () => {
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  said.className = "visually-hidden";
  document.body.append(said);
  document.addEventListener("click", ({target}) => {
    const button = target.closest(".copybtn");
    said.textContent = "";
    if (button) setTimeout(() => { said.textContent = button.dataset.tooltip; }, 100);
  });
});
