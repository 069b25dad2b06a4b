// Draws expressions and texts, asks the original (npm: tokenizers 0.23.2) for the matches, and prints JSON lines:
// [expression, text, [start, end, ...]] with offsets in code points; empty matches are not seen this way and left out.
// tests/data/text/regex-cases.jsonl.gz is: node regex-cases.mjs 3000 | gzip -9n
import tokenizers from 'tokenizers';

let state = Number(process.argv[3] ?? 7);
const draw = (n) => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return Math.floor(state / 65536) % n; };
const pick = (list) => list[draw(list.length)];

const known = [
  "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  "\\p{N}{1,3}", "[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+", "[\\r\\n]", "\\s?\\p{L}+", "\\s?\\p{P}+", "[\\p{L}\\p{M}]+|[\\p{N}]", "\\d{1,3}(?=(?:\\d{3})*\\b)",
  "<\\|startoftext\\|>|<\\|endoftext\\|>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+", "(?<=[a-z])(?=[A-Z0-9])", "(?<=[a-z])[A-Z0-9]",
  "\\w+|[^\\w\\s]+", " {2,}", "\\s{2,}|[\\n\\r\\t]", "^\\s*\\w", "[^\\p{L}\\p{N}\\s]", "[ ]|(?<=\\w)'(?=s)", "\\b\\w", "\\B\\w", "[[:punct:]]|[[:space:]]+", "(?=\\p{Lu})\\w+",
  "^a", "a$", "\\Aa", "a\\z", "a\\Z", "\\R", "\\N+", "\\O{1,3}", "[]a]+", "[a]]", "[a-c-e]+", "a{,2}", "a{2,1}", "a{x", "a{1,2}+b", "(?<=a|bc)d", "(?<=a+)b", "(?<!a{1,3})b",
  "[[:^alpha:]]+", "[^[:alpha:]]+", "\\x41", "\\x{1d538}", "\\u4e2d", "[\\b]", "(?<n>a)b", "(?i)a|B", "a(?i)b|C", "(?i:a(?-i)b)|c", "(?m:.)+", ".+", "[a-z&&[^aeiou]]+", "[^a-z&&[^s]]+",
  "(?>a+|b)c", "(?>ab|a)bc", "a++b", "a*+a", "a?+a", "(?i:k)+", "(?i:s)+", "(?i:[a-k])+", "(?i:[^a-k])+", "(?i:\\p{Lu})", "(?i:[\\p{Lu}])", "(?i:\u03a3)+", "\\p{^L}+", "\\P{^L}+",
  "\\p{Han}+|\\p{Cyrillic}+|\\p{Latin}+", "\\p{punct}+", "\\p{alnum}+", "\\p{Uppercase_Letter}", "\\p{white space}", "\\h+", "\\H+", "(?#comment)a", "(a|b*)*c", "(a*)+b", "a{2}?b", "a{1,3}?b",
];
const characters = [...'aaabbcABsStTdDmMrReEvVlLkKzZ0123 ___---..,,\'\'\'!?/<|>  \n\n\r\t\u00a0\u3000\u0085éÉßжЖ中文かな한\u0301\u0308\u093e٣²½Ⅷ\u017f\u212aσΣς€+=\u200d\ufeff😀👍🏽𝔸𝟘𐐀𐐨'];
const sets = ['\\s', '\\S', '\\w', '\\W', '\\d', '\\p{L}', '\\p{N}', '\\p{Lu}', '\\p{P}', '\\P{L}', '\\p{M}', '\\p{So}', '.', '[a-z]', '[^a-z]', '[\\s\\p{L}]', '[^\\s\\p{L}\\p{N}]', '[\\r\\n]',
  '[A-Z0-9_]', '[[:alpha:]&&[^a-c]]', '[\\w\'-]', '[^\\W_]', '[éß中]', '[\u{1f000}-\u{1ffff}]'];
const plain = ['a', 'b', 'c', 'A', 's', 't', '1', ' ', '\\n', '\'', '-', 'é', '中', '😀', '\u0301', '_', '\\.'];
const quantifiers = ['', '', '', '', '*', '+', '?', '*?', '+?', '??', '*+', '++', '?+', '{2}', '{1,3}', '{2,}', '{,2}', '{1,2}?'];
const nullable = /^(\*|\?|\{,)/;
function atom(level) {
  const k = draw(level > 0 ? 14 : 8);
  if (k < 4) return pick(plain);
  if (k < 8) return pick(sets);
  const inner = choice(level - 1);
  switch (k) {
    case 8: return `(${inner})`;
    case 9: return `(?:${inner})`;
    case 10: return `(?=${inner})`;
    case 11: return `(?!${inner})`;
    case 12: return `(?>${inner})`;
    default: return draw(3) ? `(?<${pick(['=', '!'])}${pick(sets)}${draw(2) ? pick(plain) : ''})` : `(?i:${pick(plain)}${pick(sets)})`;
  }
}
const sequence = (level) => Array.from({ length: draw(3) + 1 }, () => { const a = atom(level); return a + (/^\((\?[=!<]|\?i)/.test(a) ? '' : pick(quantifiers)); }).join('');
function choice(level) { return Array.from({ length: draw(4) ? 1 : draw(3) + 1 }, () => sequence(level)).join('|'); }
const text = () => { let s = ''; for (let n = draw(30) + 1; n > 0; n--) { const c = pick(characters); s += c.repeat(draw(6) ? 1 : draw(4) + 1); } return s; };

const total = Number(process.argv[2] ?? 1000);
for (let i = 0; i < total; i++) {
  const expression = i < known.length * 8 ? known[i % known.length] : choice(2);
  let splitter;
  try {
    splitter = tokenizers.Tokenizer.fromString(JSON.stringify({
      version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer: null,
      pre_tokenizer: { type: 'Split', pattern: { Regex: expression }, behavior: 'Removed', invert: true },
      post_processor: null, decoder: null, model: { type: 'WordLevel', vocab: { x: 0 }, unk_token: 'x' },
    })).getPreTokenizer();
  } catch (e) { console.error(expression, e.message); continue; }
  for (let k = 0; k < 3; k++) {
    const t = text();
    console.log(JSON.stringify([expression, t, splitter.preTokenizeString(t).flatMap((p) => p[1])]));
  }
}
