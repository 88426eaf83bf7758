"use strict";
// Joins the program that `cargo xtask dist` split: bytes that mean the same lie together there, which
// packs a tenth smaller. xtask/src/split.rs says more; its walk over the program is this one.

/** The program that `split` was made from. */
globalThis.join = (split) => {
  const OTHER = 0, DATA = 1, LOCALS = 2, INSTRUCTION = 3, SMALL = 4, BLOCK = 5, BRANCH = 6;
  const FUNCTION = 7, LOCAL = 8, GLOBAL = 9, I32 = 10, I64 = 11, OFFSET = 12, FLOAT = 13, SET = 14;
  const TEE = 15, STREAMS = 16;
  const DATA_SECTION = 11, CODE_SECTION = 10, SIZE = 5;

  // Where the number is that follows an instruction.
  const follows = new Uint8Array(256);
  for (const [stream, first, last = first] of [
    [BLOCK, 0x02, 0x04], [BRANCH, 0x0c, 0x0d], [FUNCTION, 0x10], [LOCAL, 0x20], [SET, 0x21], [TEE, 0x22],
    [GLOBAL, 0x23, 0x24], [SMALL, 0x25, 0x26], [OFFSET, 0x28, 0x3e], [SMALL, 0x3f, 0x40], [I32, 0x41],
    [I64, 0x42], [SMALL, 0xd0], [SMALL, 0xd2],
  ]) follows.fill(stream, first, last + 1);

  const head = new DataView(split.buffer, split.byteOffset);
  const out = new Uint8Array(head.getUint32(0, true));
  let done = 0;
  // Where each stream goes on.
  const at = new Uint32Array(STREAMS);
  for (let stream = 0, start = 4 + 4 * STREAMS; stream < STREAMS; stream++) {
    at[stream] = start;
    start += head.getUint32(4 + 4 * stream, true);
  }

  function byte(stream) {
    if (done >= out.length) throw new Error("the program is damaged");
    return (out[done++] = split[at[stream]++]);
  }

  function bytes(count, stream) {
    for (; count > 0; count--) byte(stream);
  }

  function number(stream) {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const next = byte(stream);
      value |= (next & 127) << shift;
      if (next < 128) return value >>> 0;
    }
  }

  function numbers(count, stream) {
    for (; count > 0; count--) number(stream);
  }

  /** Puts the size of what `inside` writes in front of it. */
  function sized(inside) {
    const start = (done += SIZE);
    inside();
    for (let i = 0, size = done - start; i < SIZE; i++, size >>>= 7) {
      out[start - SIZE + i] = (size & 127) | (i < SIZE - 1 ? 128 : 0);
    }
  }

  function body() {
    for (let left = number(LOCALS); left > 0; left--) {
      number(LOCALS);
      byte(LOCALS);
    }
    for (let depth = 1; depth > 0;) {
      const instruction = byte(INSTRUCTION), stream = follows[instruction];
      if (stream === OFFSET) out[done++] = 0;
      if (stream > 0) number(stream);
      if (stream === BLOCK) depth++;
      else if (instruction === 0x0b) depth--;
      else if (instruction === 0x0e) numbers(number(SMALL) + 1, BRANCH);
      else if (instruction === 0x11) numbers(2, SMALL);
      else if (instruction === 0x1c) numbers(number(SMALL), SMALL);
      else if (instruction === 0x43) bytes(4, FLOAT);
      else if (instruction === 0x44) bytes(8, FLOAT);
      else if (instruction === 0xfc) {
        const more = number(SMALL);
        if (more > 7) numbers([8, 10, 12, 14].includes(more) ? 2 : 1, SMALL);
      }
    }
  }

  bytes(8, OTHER);
  while (done < out.length) {
    const section = byte(OTHER);
    if (section === CODE_SECTION) {
      sized(() => {
        for (let left = number(OTHER); left > 0; left--) sized(body);
      });
    } else {
      bytes(number(OTHER), section === DATA_SECTION ? DATA : OTHER);
    }
  }
  return out;
};
