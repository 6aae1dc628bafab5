// Puts what is true now in place of what the page shows, where that changes; without it the page loads itself again. And the reader's own clock beside UTC.
"use strict";
(() => {
  const main = document.querySelector("main");
  const shown = () => main.firstElementChild?.dataset ?? {};
  // what has the focus, in words that find it again: a keyboard must not lose its place
  function place(element) {
    if (!element || !main.contains(element)) return null;
    if (element.id) return `#${CSS.escape(element.id)}`;
    if (element.matches("summary")) return `#${CSS.escape(element.parentElement.id)} > summary`;
    return element.matches("a[href]") ? `a[href="${CSS.escape(element.getAttribute("href"))}"]` : null;
  }

  // the reader's own clock beside UTC
  function local() {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    for (const time of document.querySelectorAll("time[datetime]")) {
      const at = new Date(time.dateTime), beside = time.nextElementSibling;
      if (!beside?.classList.contains("local")) continue;
      const two = number => String(number).padStart(2, "0");
      const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
      const other = time.dateTime.startsWith(day) ? "" : day + " ";
      beside.textContent = at.getTimezoneOffset() === 0 ? "" : ` (${other}${two(at.getHours())}:${two(at.getMinutes())} ${zone})`;
    }
  }

  const opened = () => [...main.querySelectorAll("details[open]")].map(details => details.id);

  async function refresh() {
    try {
      if (!document.hidden) {
        const answer = await fetch(shown().from, { headers: { "X-Requested-With": "XMLHttpRequest" } });
        if (answer.status === 401) return location.reload();
        if (answer.ok) {
          const open = opened(), focus = place(document.activeElement);
          main.innerHTML = await answer.text();
          for (const id of open) document.getElementById(id)?.setAttribute("open", "");
          if (focus) main.querySelector(focus)?.focus({ preventScroll: true });
          local();
        }
      }
    } catch {
      // the host is away for a moment: what is shown stays, the next try may get through
    }
    again();
  }

  function again() {
    if (shown().refresh) setTimeout(refresh, 1000 * Number(shown().refresh));
  }
  local();
  again();
})();
