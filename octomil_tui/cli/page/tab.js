// What the page says while the dashboard is not on it, and how it comes back by itself.
"use strict";

(() => {
  const LEFT = 4001;
  const FULL = 4002;
  const ENDED = 4003;
  const SILENCE = 10_000; // milliseconds; the dashboard's clock ticks every second
  const AGAIN = 5_000;
  const AGAIN_WHEN_IT_WAS_REFUSED = 20_000;

  const cover = document.getElementById("cover");
  const terminal = document.getElementById("terminal");
  terminal.dataset.sessionWebsocketUrl = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws`;

  let heardAt = null;
  let isOver = false;

  function say(sentence) {
    cover.textContent = sentence;
    cover.hidden = false;
  }

  // Loads the page anew as soon as its server answers.
  function comeBack(after) {
    setTimeout(async () => {
      try {
        const answer = await fetch("/", { cache: "no-store" });
        if (answer.ok) {
          location.reload();
          return;
        }
      } catch {
        // It does not answer yet.
      }
      comeBack(AGAIN);
    }, after);
  }

  function over(event) {
    if (isOver) {
      return;
    }
    isOver = true;
    switch (event.code) {
      case LEFT:
        say("You left the dashboard. Load the page again to come back.");
        break;
      case FULL:
        say(`${event.reason} tabs show the dashboard already, and each of them asks the service by itself. ` +
            "Close one; this page tries again every 20 seconds.");
        comeBack(AGAIN_WHEN_IT_WAS_REFUSED);
        break;
      case ENDED:
        say("The dashboard ended by itself; the terminal of serve says why. This page tries again in 20 seconds.");
        comeBack(AGAIN_WHEN_IT_WAS_REFUSED);
        break;
      default:
        say("NOT CONNECTED to octomil-console serve. Nothing here is live; this page tries again every 5 seconds.");
        comeBack(AGAIN);
    }
  }

  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...what) {
      super(...what);
      this.addEventListener("close", over);
      this.addEventListener("message", (event) => {
        if (typeof event.data !== "string" && !isOver) {
          if (heardAt === null) {
            // Keys that the last line offers work without a click before them.
            document.querySelector(".xterm-helper-textarea")?.focus();
          }
          heardAt = Date.now();
          cover.hidden = true;
        }
      });
    }
  };

  setInterval(() => {
    if (!isOver && heardAt !== null && Date.now() - heardAt > SILENCE) {
      say("NOT LIVE: nothing has come from the dashboard for " +
          `${Math.round((Date.now() - heardAt) / 1000)} seconds.`);
    }
  }, 1_000);

  // The cells are measured once: with another font than the one that is drawn with, columns would not fit.
  const start = window.onload;
  window.onload = null;
  window.addEventListener("load", async (event) => {
    await Promise.allSettled([document.fonts.load("16px 'Roboto Mono'"), document.fonts.load("bold 16px 'Roboto Mono'")]);
    start.call(window, event);
  });
})();
