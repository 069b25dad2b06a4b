// Builds a precompiled charsmap (sentencepiece's format) from a list of [from, to], as base64.
export function charsmap(pairs) {
  const enc = new TextEncoder();
  const root = { children: new Map() };
  let blob = '';
  for (const [from, to] of pairs) {
    let node = root;
    for (const byte of enc.encode(from)) { if (!node.children.has(byte)) node.children.set(byte, { children: new Map() }); node = node.children.get(byte); }
    node.value = enc.encode(blob).length;
    blob += to + '\0';
  }
  const units = [], used = new Set([0]), taken = new Set();
  let from = 1;
  const queue = [[root, 0, 0]];
  while (queue.length) {
    const [node, at, label] = queue.shift();
    const labels = [...node.children.keys()];
    if (node.value !== undefined) labels.push(0);
    let base = from;
    while (taken.has(base) || labels.some((l) => used.has(base ^ l))) base++;
    if (labels.length > 64) from = base + 1;
    taken.add(base);
    for (const l of labels) used.add(base ^ l);
    const offset = at ^ base;
    units[at] = ((offset < 1 << 21 ? offset << 10 : ((offset >> 8) << 10) | 1 << 9) | (node.value !== undefined ? 1 << 8 : 0) | label) >>> 0;
    if (offset >= 1 << 21 && offset & 255) throw new Error('offset');
    if (node.value !== undefined) units[base] = (node.value | 1 << 31) >>> 0;
    for (const [byte, child] of node.children) queue.push([child, base ^ byte, byte]);
  }
  const size = Math.ceil(units.length / 256) * 256;
  const tail = Buffer.from(blob);
  const out = Buffer.alloc(4 + size * 4 + tail.length);
  out.writeUInt32LE(size * 4, 0);
  for (let i = 0; i < size; i++) out.writeUInt32LE(units[i] ?? 0, 4 + i * 4);
  tail.copy(out, 4 + size * 4);
  return out.toString('base64');
}
