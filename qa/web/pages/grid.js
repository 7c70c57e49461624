// Runs at the end of the page of grids. While a grid is filled, what has changed is put into the page. A cell that is
// open, or has the focus, stays as it is until it is closed and left.

const REFRESH_MS = 2_000;
const MOST_FAILURES = 5; // the server may be starting anew

const news = document.getElementById("news");
let latest = null; // the page as it is now
let told = 0;
let failures = 0;

const isBusy = (part) =>
  part.contains(document.activeElement) ||
  part.querySelector("details[open]") !== null ||
  [...part.querySelectorAll("input")].some(({ value, defaultValue }) => value !== defaultValue);

const replace = (part) => {
  const fresh = latest.getElementById(part.id);
  if (fresh && !isBusy(part) && fresh.innerHTML !== part.innerHTML) part.innerHTML = fresh.innerHTML;
};

const isFilling = (page) => page.querySelector("[data-filling]") !== null;

// A screen reader hears of each quarter and of the end, and not of every cell.
const tell = () => {
  const { value, max } = latest.querySelector("#bar progress");
  const quarter = isFilling(latest) ? Math.floor((4 * value) / max) : 5;
  if (quarter !== told) news.textContent = latest.getElementById("progress").parentElement.textContent;
  told = quarter;
};

const show = () => {
  document.querySelectorAll("#progress, #state, #bar, #control, td[id]").forEach(replace);
  tell();
};

const refresh = async () => {
  if (document.hidden) return true;
  const answer = await fetch(location.href, { redirect: "error" }).catch(() => null);
  if (!answer?.ok) return ++failures < MOST_FAILURES;
  failures = 0;
  latest = new DOMParser().parseFromString(await answer.text(), "text/html");
  show();
  return isFilling(latest);
};

const follow = async () => {
  if (await refresh()) setTimeout(follow, REFRESH_MS);
  else if (failures) news.textContent = "The grid cannot be refreshed; reload the page.";
};

if (isFilling(document)) setTimeout(follow, REFRESH_MS);
for (const event of ["toggle", "focusout"]) {
  document.addEventListener(event, ({ target }) => {
    const cell = target.closest?.("td[id]");
    if (cell && latest) setTimeout(() => replace(cell)); // once the focus is elsewhere
  }, true);
}
