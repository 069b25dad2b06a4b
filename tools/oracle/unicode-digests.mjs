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
console.log(JSON.stringify(out, null, 2));
