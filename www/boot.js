"use strict";
// Starts the page: loads the program once, closes the network, then starts the program.
//
// The order is the point. A Content-Security-Policy only ever gets stricter, and a worker made from
// a Blob inherits the policy its maker has at that moment. So everything is loaded first, then
// `connect-src 'none'` is added, and only then is there a worker and a place to paste text into.
// A worker loaded from a URL would keep its access to the network.
//
// The same file serves dist/ (parts are files) and the single sargable.html (parts are embedded).
// unpack.js, join.js and offline.js come before it.

(() => {
  const LOCK = "default-src 'none'; script-src 'wasm-unsafe-eval'; worker-src blob:; img-src data:; style-src 'none'; connect-src 'none'; form-action 'none'";

  /** Replaces the page by a message: what happened, and what to do. */
  function fail(what, help, detail) {
    const box = document.createElement("section");
    box.setAttribute("role", "alert");
    box.dataset.test = "fatal";
    const add = (tag, text) => {
      const element = document.createElement(tag);
      element.textContent = text;
      box.append(element);
    };
    add("h1", what);
    add("p", help);
    if (detail) add("pre", detail);
    document.getElementById("app").replaceChildren(box);
  }

  /** The bytes of the program: embedded in the single file, otherwise fetched. */
  async function loadProgram() {
    const embedded = document.getElementById("wasm");
    if (embedded) {
      const packed = Uint8Array.from(atob(embedded.textContent.trim()), (c) => c.charCodeAt(0));
      return join(unpack(packed));
    }
    const address = document.getElementById("glue").dataset.wasm;
    const bytes = await (await get(address)).arrayBuffer();
    return address.endsWith(".lzma") ? join(unpack(new Uint8Array(bytes))) : bytes;
  }

  /** The text of the script that binds the program to the browser; the worker needs it, too. */
  async function loadGlue() {
    const glue = document.getElementById("glue");
    return glue.src ? (await get(glue.src)).text() : glue.textContent;
  }

  async function get(address) {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${address}: ${response.status} ${response.statusText}`);
    return response;
  }

  function closeNetwork() {
    const policy = document.createElement("meta");
    policy.httpEquiv = "Content-Security-Policy";
    policy.content = LOCK;
    document.head.append(policy);
  }

  /** A function that starts a worker with the same program; it is ready for messages at once. */
  function spawner(glue, program) {
    const start = "onmessage = (event) => { onmessage = null; wasm_bindgen.initSync({ module: event.data }); };";
    const address = URL.createObjectURL(new Blob([glue, "\n", start], { type: "text/javascript" }));
    return () => {
      const worker = new Worker(address);
      worker.postMessage(program);
      return worker;
    };
  }

  async function boot() {
    const needed = ["WebAssembly", "Worker"];
    const missing = needed.filter((name) => !(name in globalThis));
    if (missing.length > 0) {
      fail("This browser cannot run Sargable",
        "It needs WebAssembly and workers: Chrome 97, Firefox 102 or Safari 16, or newer. Some browsers switch WebAssembly off in their strictest mode.",
        `Missing: ${missing.join(", ")}`);
      return;
    }
    if (location.protocol === "file:" && !document.getElementById("wasm")) {
      fail("This page cannot run from a file",
        "Browsers do not let a page opened from disk load its parts. Open sargable.html, which holds everything in one file, or serve this folder over HTTP.");
      return;
    }
    try {
      const [glue, bytes] = await Promise.all([loadGlue(), loadProgram()]);
      const program = await WebAssembly.compile(bytes);
      offline.keep();
      closeNetwork();
      globalThis.sargable = { spawn: spawner(glue, program), fail, download: offline.download };
      await wasm_bindgen({ module_or_path: program });
    } catch (error) {
      fail("Sargable could not be loaded",
        "Reload the page. If that does not help, a part of it may be missing on the server, or the connection was cut while it was loading.",
        String(error));
    }
  }

  boot();
})();
