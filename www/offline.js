"use strict";
// The page without a network: the service worker that keeps it, and the page as one file.

globalThis.offline = (() => {
  const glue = document.getElementById("glue");
  let itself = "";

  /** Has the page kept: called once all of it is there, before anything is drawn into it. */
  function keep() {
    if (document.getElementById("wasm")) {
      itself = `<!doctype html>\n${document.documentElement.outerHTML}\n`;
    }
    // Only a published page names a service worker.
    const workers = navigator.serviceWorker;
    if (!workers || !glue.dataset.worker) return;
    workers.addEventListener("message", (event) => {
      if (event.data !== glue.dataset.version) announce();
    });
    // Without it the page works, only not offline.
    workers.register(glue.dataset.worker, { updateViaCache: "none" }).catch(() => {});
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") workers.controller?.postMessage("check");
    });
  }

  /** Says that there is a new version. */
  function announce() {
    if (document.getElementById("new-version")) return;
    const box = document.createElement("aside");
    box.id = "new-version";
    box.setAttribute("role", "status");
    box.dataset.test = "new-version";
    const text = document.createElement("span");
    text.textContent = "There is a new version of Sargable. Reload when you are done here: what you pasted stays only if you let it be kept.";
    const button = (label, act) => {
      const element = document.createElement("button");
      element.type = "button";
      element.textContent = label;
      element.addEventListener("click", act);
      return element;
    };
    const reload = button("Reload", () => location.reload());
    reload.dataset.test = "reload";
    box.append(text, reload, button("Later", () => box.remove()));
    document.body.append(box);
  }

  /** The page in one file; empty if it cannot be had here. */
  function single() {
    if (itself) return Promise.resolve(itself);
    const worker = navigator.serviceWorker?.controller;
    if (!worker) return Promise.resolve("");
    return new Promise((done) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = (event) => done(event.data);
      worker.postMessage("single", [port2]);
    });
  }

  /** Gives the page in one file to the user. */
  async function download() {
    const html = await single();
    const link = document.createElement("a");
    link.download = "sargable.html";
    // Not kept here: it lies beside the page.
    link.href = html ? URL.createObjectURL(new Blob([html], { type: "text/html" })) : "./sargable.html";
    link.click();
    if (html) URL.revokeObjectURL(link.href);
  }

  return { keep, download };
})();
