
/** Reviews an input: the object that `sargable review --format json` prints. Throws only if the input is
 *  not of its form; what cannot be read in it is a diagnostic in the report. */
export function analyze(input: Input): Report;

/** Loads the program: call it once before `analyze`. It is fetched from beside this file, or taken from
 *  `source`. In Node it is there already, and this does nothing. */
export default function init(
  source?: string | URL | Response | Promise<Response> | ArrayBuffer | Uint8Array | WebAssembly.Module,
): Promise<void>;
