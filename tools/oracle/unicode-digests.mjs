// Asks the original (npm: tokenizers 0.23.2) about every code point and prints a digest of each property and mapping,
// as tests/data/text/unicode-digests.json holds them. A property's digest is the SHA-256 of one byte (0 or 1) for each
// code point, surrogates 0; a mapping's of the lines "<from> <to> <to>\n" in lower-case hex, for what changes.
import { createHash } from 'node:crypto';
import tokenizers from 'tokenizers';

const codePoints = [];
for (let cp = 0; cp < 0x110000; cp++) if (cp < 0xd800 || cp > 0xdfff) codePoints.push(cp);

const file = (normalizer, pre_tokenizer) => tokenizers.Tokenizer.fromString(JSON.stringify({
  version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer, pre_tokenizer,
  post_processor: null, decoder: null, model: { type: 'WordLevel', vocab: { x: 0 }, unk_token: 'x' },
}));
const normalize = (settings) => { const n = file(settings, null).getNormalizer(); return (s) => n.normalizeString(s); };
const split = (settings) => { const p = file(null, settings).getPreTokenizer(); return (s) => p.preTokenizeString(s).map((x) => x[0]); };
const sha = (data) => createHash('sha256').update(data).digest('hex');

const property = (test) => {
  const bytes = new Uint8Array(0x110000);
  for (const cp of codePoints) bytes[cp] = test(String.fromCodePoint(cp)) ? 1 : 0;
  return sha(bytes);
};
const mapping = (apply) => {
  let lines = '';
  for (const cp of codePoints) {
    const from = String.fromCodePoint(cp), to = apply(from);
    if (to !== from) lines += [cp, ...[...to].map((c) => c.codePointAt(0))].map((c) => c.toString(16)).join(' ') + '\n';
  }
  return sha(lines);
};
const splitsOff = (settings) => { const s = split(settings); return (c) => !s('a' + c + 'a').includes('a' + c + 'a'); };
const matches = (regex) => { const n = normalize({ type: 'Replace', pattern: { Regex: regex }, content: '' }); return (c) => n(c) === ''; };
const bert = { type: 'BertNormalizer', clean_text: false, handle_chinese_chars: false, strip_accents: false, lowercase: false };

const out = { made_with: 'tokenizers 0.23.2 (npm)', properties: {}, mappings: {} };
const p = out.properties, m = out.mappings;
p.bert_punctuation = property(splitsOff({ type: 'Punctuation', behavior: 'Isolated' }));
p.numeric = property(splitsOff({ type: 'Digits', individual_digits: true }));
p.whitespace = property(splitsOff({ type: 'WhitespaceSplit' }));
p.word = property((s => (c) => s('a' + c + 'a').includes('a' + c + 'a'))(split({ type: 'Whitespace' })));
p.combining_mark = property((n => (c) => n(c) === '')(normalize({ type: 'StripAccents' })));
p.oniguruma_word = property(matches('\\w'));
p.oniguruma_posix_word = property(matches('[[:word:]]'));
for (const category of ['Lu', 'Ll', 'Lt', 'Lm', 'Lo', 'Mn', 'Mc', 'Me', 'Nd', 'Nl', 'No', 'Zs', 'Zl', 'Zp', 'Cc', 'Cf', 'Co', 'Cn',
  'Pc', 'Pd', 'Ps', 'Pe', 'Pi', 'Pf', 'Po', 'Sm', 'Sc', 'Sk', 'So'])
  p['category_' + category] = property(matches(`\\p{${category}}`));
m.clean_text = mapping(normalize({ ...bert, clean_text: true }));
m.strip_accents = mapping(normalize({ ...bert, strip_accents: true }));
m.lowercase = mapping(normalize({ type: 'Lowercase' }));
for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD']) m[form.toLowerCase()] = mapping(normalize({ type: form }));

// Sequences, for the order of marks and for compositions over several code points: the tests draw the same ones.
const ranges = [[0x41, 0x7a], [0xc0, 0x17f], [0x300, 0x36f], [0x300, 0x36f], [0x591, 0x5c7], [0x900, 0x9ff], [0xf70, 0xf84], [0x1100, 0x11ff],
  [0x1e00, 0x1eff], [0x3040, 0x30ff], [0xac00, 0xad00], [0x1d15e, 0x1d1c0], [0x11099, 0x110ba]];
let state = 1;
const draw = (n) => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return Math.floor(state / 65536) % n; };
const sequences = [];
for (let i = 0; i < 20000; i++) {
  let s = '';
  for (let k = draw(50) === 0 ? 60 : draw(12) + 1; k > 0; k--) { const [a, b] = ranges[draw(ranges.length)]; s += String.fromCodePoint(a + draw(b - a + 1)); }
  sequences.push(s);
}
out.sequences = {};
for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD']) { const n = normalize({ type: form }); out.sequences[form.toLowerCase()] = sha(sequences.map((s) => n(s) + '\n').join('')); }
const scripts = split({ type: 'UnicodeScripts' });
out.scripts = sha(Array.from({ length: 200000 }, () => String.fromCodePoint(codePoints[draw(2) ? draw(0x3000) : (draw(4096) * 300 + draw(300)) % codePoints.length])
  + (draw(3) ? '' : ' ')).reduce((lists, c, i) => { (lists[i >> 7] ??= []).push(c); return lists; }, []).map((l) => scripts(l.join('')).join('\n') + '\n').join(''));
console.log(JSON.stringify(out, null, 2));
