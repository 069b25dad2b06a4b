// Answers of the original (npm: tokenizers 0.23.2) for the decoders of tests/data/decoders/decoders.json over the ids of texts and over
// ids drawn here: tests/data/decoders/cases.json.gz is: node decoder-cases.mjs ../../tests/data | gzip -9n
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import tokenizers from 'tokenizers';

const data = process.argv[2];
let state = 11;
const draw = (n) => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return Math.floor(state / 65536) % n; };

const answers = [];
for (const { folder, decoder } of JSON.parse(readFileSync(`${data}/decoders/decoders.json`, 'utf8'))) {
  const file = JSON.parse(readFileSync(`${data}/tokenizers/${folder}/tokenizer.json`, 'utf8'));
  file.decoder = decoder;
  const tokenizer = tokenizers.Tokenizer.fromString(JSON.stringify(file));
  const size = tokenizer.getVocabSize(true);
  const texts = gunzipSync(readFileSync(`${data}/tokenizers/${folder}/cases.jsonl.gz`)).toString('utf8').trim().split('\n').map((line) => JSON.parse(line).i);
  const lists = [[]];
  for (let i = 0; i < 14; i++) lists.push(texts[draw(texts.length)].slice(0, 60));
  for (let i = 0; i < 14; i++) {
    // Runs of one id, the first ids, which are special, and ids that nothing has.
    const ids = [];
    while (ids.length < 24) {
      const id = draw(6) === 0 ? draw(8) : draw(40) === 0 ? size + draw(5) : draw(size);
      for (let n = draw(4) === 0 ? draw(3) + 1 : 1; n > 0; n--) ids.push(id);
    }
    lists.push(ids);
  }
  const cases = [];
  for (const ids of lists) cases.push([ids, await tokenizer.decode(ids, true), await tokenizer.decode(ids, false)]);
  answers.push(cases);
}
process.stdout.write(JSON.stringify(answers));
