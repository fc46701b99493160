// Counters and bars that change under the reader's eyes. Without this file a page stays as it was loaded, or loads itself again.
(() => {
  "use strict";
  const from = document.body.dataset.liveFrom;
  if (!from || !window.EventSource) {
    return;
  }

  const number = new Intl.NumberFormat(document.documentElement.lang === "ja" ? "ja-JP" : "en-GB");
  let source = null;

  const show = (state) => {
    for (const place of document.querySelectorAll("[data-live]")) {
      const value = state[place.dataset.live];
      if (value === undefined) {
        continue;
      }

      if (place instanceof HTMLProgressElement) {
        place.value = value;
      } else {
        place.textContent = number.format(value);
        place.classList.toggle("waits", place.classList.contains("count") && place.dataset.live === "held" && value > 0);
      }
    }

    // What is over, or goes on otherwise, is told by the page itself, in the reader's language.
    if (state.state !== undefined && state.state !== (document.body.dataset.liveState ?? "running")) {
      source.close();
      window.location.reload();
    }
  };

  // Nobody looks at a page in the background: it leaves the connection to those in front.
  const look = () => {
    if (document.hidden) {
      source?.close();
      source = null;
    } else if (source === null) {
      source = new EventSource(from);
      source.onmessage = (event) => show(JSON.parse(event.data));
    }
  };

  document.addEventListener("visibilitychange", look);
  look();
})();
