// Puts the pipelines as they are now in place of those on the page; without it the page loads itself again.
"use strict";
(() => {
  const main = document.querySelector("main");
  const seconds = () => Number(main.firstElementChild?.dataset.refresh ?? 15);
  const opened = () => [...main.querySelectorAll("details[open]")].map(details => details.id);

  async function refresh() {
    try {
      if (!document.hidden) {
        const answer = await fetch("/pipelines", { headers: { "X-Requested-With": "XMLHttpRequest" } });
        if (answer.status === 401) return location.reload();
        if (answer.ok) {
          const open = opened();
          main.innerHTML = await answer.text();
          for (const id of open) document.getElementById(id)?.setAttribute("open", "");
        }
      }
    } catch {
      // the host is away for a moment: what is shown stays, the next try may get through
    }
    setTimeout(refresh, 1000 * seconds());
  }
  setTimeout(refresh, 1000 * seconds());
})();
