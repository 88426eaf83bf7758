// For Node: the program lies beside this file and is there once this is imported.
import { readFile } from "node:fs/promises";
import { initSync, analyze } from "./sargable.js";

initSync({ module: await readFile(new URL("./sargable_bg.wasm", import.meta.url)) });

export { analyze };

export default async function init() {}
