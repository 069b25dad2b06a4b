// Answers of the original (npm: tokenizers 0.23.2) for a charsmap and a Unigram vocabulary drawn here:
// tests/data/text/sentencepiece-cases.json.gz is: node sentencepiece-cases.mjs | gzip -9n
import tokenizers from 'tokenizers';
import { charsmap } from './charsmap.mjs';

let state = 3;
const draw = (n) => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return Math.floor(state / 65536) % n; };
const pick = (list) => list[draw(list.length)];
const load = (normalizer, model) => tokenizers.Tokenizer.fromString(JSON.stringify({
  version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer, pre_tokenizer: null, post_processor: null, decoder: null, model,
}));

// Cluster by cluster: what is mapped shows whether the original saw a cluster as a whole.
const pairs = [['x', 'y'], ['\u00e9', 'e\u0301'], ['e\u0301', '\u00e9'], ['\ufb01', 'fi'], ['\u2122', 'TM'], ['\u001e', ''], ['\u200d', ''], ['\u0e33', '\u0e4d\u0e32'], ['\r\n', '\n'],
  ['\u0915', 'k'], ['\u0f40', 'q'], ['\uac00', 'ga'], ['\u1100', 'g'], ['\u1161', 'a'], ['\u{1f600}', ':)'], ['\u{1f1e9}', 'D'], ['\u0600', '#'], ['\u3000', ' '], ['\uff21\uff22', 'AB'], ['\uff21', 'A']];
const precompiled_charsmap = charsmap(pairs);
const normalizer = load({ type: 'Precompiled', precompiled_charsmap }, { type: 'WordLevel', vocab: { x: 0 }, unk_token: 'x' }).getNormalizer();
const parts = [...'xxaezA \r\n\u001e\u0000\u0301\u0308\u0300\u00e9\ufb01\u2122\u200d\u200c\u0e33\u0e01\u0e4d\u0915\u094d\u093e\u093c\u0937\u0f40\u0fb5\uac00\ud7a3\u1100\u1161\u11a8\u0600\u0601\u3000\uff21\uff22\u{1f600}\u{1f44d}\u{1f3fd}\u{1f1e9}\u{1f1ea}\u2764\ufe0f\u1b44\u1b13\ufffd\u{1d165}'];
const normalized = [];
for (let i = 0; i < 4000; i++) {
  let text = '';
  for (let n = draw(10) + 1; n > 0; n--) text += pick(parts);
  normalized.push([text, normalizer.normalizeString(text)]);
}

const alphabet = [...'aaabbcd\u00e9\u4e2d\u{1f600}'];
const word = (n) => Array.from({ length: n }, () => pick(alphabet)).join('');
const vocab = [['<unk>', 0]];
const seen = new Set();
while (vocab.length < 400) {
  const piece = word(draw(6) + 1);
  if (piece === 'd' || seen.has(piece)) continue;
  seen.add(piece);
  vocab.push([piece, -(draw(12) + 1) * [...piece].length / (draw(2) + 1)]);
}
vocab.push(['\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d\u4e2d', -1.5]);
const unigram = load(null, { type: 'Unigram', unk_id: 0, vocab, byte_fallback: false });
const texts = Array.from({ length: 3000 }, () => Array.from({ length: draw(30) + 1 }, () => draw(12) ? pick(alphabet) : pick(['z', '\u00df', 'd', '<unk>', '\u{1f601}'])).join(''));
const encodings = await unigram.encodeBatch(texts, { addSpecialTokens: false });
const encoded = texts.map((t, i) => [t, encodings[i].getIds(), encodings[i].getOffsets().flat()]);
console.log(JSON.stringify({ made_with: 'tokenizers 0.23.2 (npm)', precompiled_charsmap, normalized, vocab, encoded }));
