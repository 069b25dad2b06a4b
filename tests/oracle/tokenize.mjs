// Answers what the Rust original makes of texts. Standard input: a line {"file": path} chooses a tokenizer.json, a line {"text": …}
// asks; standard output: a line {"ids": […], "offsets": [start, end, …]} for each text, offsets in code points.
// {"json": text} is the text of a tokenizer.json; {"ids": […], "skip": bool} asks for {"text": …}, without special tokens or with them.
// {"texts": […], "rounds": n} times instead: {"seconds": […], "processor": […], "tokens": n}, wall and processor time. One batch a round, so that the way through node costs
// the original nothing; RAYON_NUM_THREADS=1 keeps it on one thread.
import { createInterface } from 'node:readline';
import { Tokenizer } from 'tokenizers';

let tokenizer;
for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const request = JSON.parse(line);
  let answer;
  try {
    if (request.file !== undefined) {
      tokenizer = Tokenizer.fromFile(request.file);
      tokenizer.disableTruncation();
      tokenizer.disablePadding();
      answer = { ok: true };
    } else if (request.json !== undefined) {
      tokenizer = Tokenizer.fromString(request.json);
      answer = { ok: true };
    } else if (request.ids !== undefined) {
      answer = { text: await tokenizer.decode(request.ids, request.skip) };
    } else if (request.texts !== undefined) {
      const seconds = [];
      const processor = [];
      let tokens = 0;
      for (let round = 0; round < request.rounds; round++) {
        const used = process.cpuUsage();
        const start = process.hrtime.bigint();
        const encodings = await tokenizer.encodeBatch(request.texts);
        seconds.push(Number(process.hrtime.bigint() - start) / 1e9);
        const { user, system } = process.cpuUsage(used);
        processor.push((user + system) / 1e6);
        tokens = encodings.reduce((sum, e) => sum + e.getLength(), 0);
      }
      answer = { seconds, processor, tokens };
    } else {
      const encoding = await tokenizer.encode(request.text);
      answer = { ids: encoding.getIds(), offsets: encoding.getOffsets().flat() };
    }
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(JSON.stringify(answer) + '\n');
}
