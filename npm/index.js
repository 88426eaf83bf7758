// For browsers and bundlers.
import start, { analyze } from "./sargable.js";

export { analyze };

export default async function init(source) {
  await start(source === undefined ? undefined : { module_or_path: source });
}
