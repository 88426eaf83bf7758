// Keeps the page for when there is no network: the service worker of the hosted page.
//
// The page itself comes from the network while there is one, so that nobody is stuck with an old
// version; its parts are named by their content and come from the cache. Nothing else is answered
// here, and nothing that was typed or pasted ever gets here: the page has no way to send it.
//
// `cargo xtask dist` puts the line in front that says what belongs to this version: `build`.

const PREFIX = `sargable ${self.registration.scope} `;
const CACHE = PREFIX + build.version;
const PATIENCE_MS = 3000;

self.addEventListener("install", (event) => {
  event.waitUntil(fill().then(() => self.skipWaiting()));
});

async function fill() {
  const page = await fetch("./", { cache: "no-cache" });
  const html = await page.clone().text();
  // A host that is just being written to may send the page of another version.
  if (!page.ok || !html.includes(build.version)) throw new Error("not the page of this version");
  const cache = await caches.open(CACHE);
  await cache.addAll(build.files);
  await cache.put("./", page);
}

self.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

async function takeOver() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
  for (const client of await self.clients.matchAll()) client.postMessage(build.version);
}

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const path = request.url.split(/[?#]/)[0];
  if (request.method !== "GET" || !path.startsWith(self.registration.scope)) return;
  const name = path.slice(self.registration.scope.length);
  if (request.mode === "navigate" && (name === "" || name === "index.html")) {
    event.respondWith(page(request));
  } else if (build.files.includes(name)) {
    event.respondWith(kept(name).then((response) => response ?? fetch(request)));
  }
});

function kept(name) {
  return caches.match(name, { cacheName: CACHE });
}

async function page(request) {
  const late = new Promise((_, fail) => setTimeout(fail, PATIENCE_MS));
  try {
    return await Promise.race([fetch(request), late]);
  } catch {
    return (await kept("./")) ?? Response.error();
  }
}

self.addEventListener("message", (event) => {
  if (event.data === "check") event.waitUntil(self.registration.update());
  if (event.data === "single") event.waitUntil(single().then((html) => event.ports[0].postMessage(html)));
});

/** The page in one file, made of what is kept; empty if that is not complete. */
async function single() {
  try {
    let html = await (await kept(build.template)).text();
    for (const [mark, file] of Object.entries(build.parts)) {
      const part = await kept(file);
      const text = file.endsWith(".lzma") ? base64(await part.arrayBuffer()) : await part.text();
      html = html.replace(mark, () => text);
    }
    return html;
  } catch {
    return "";
  }
}

function base64(buffer) {
  const bytes = new Uint8Array(buffer);
  const pieces = [];
  // Multiples of three, so that the pieces fit together.
  for (let at = 0; at < bytes.length; at += 24576) {
    pieces.push(btoa(String.fromCharCode(...bytes.subarray(at, at + 24576))));
  }
  return pieces.join("");
}
