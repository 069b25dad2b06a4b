// @huggingface/transformers as a held peer: node peer.mjs FOLDER fp32|q8 TEXTS.json. It answers each line with the seconds of a pass.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { env, pipeline } from '@huggingface/transformers';

const [folder, dtype, file] = process.argv.slice(2);
env.allowRemoteModels = false;
env.allowLocalModels = true;
env.localModelPath = '/';
const texts = JSON.parse(readFileSync(file, 'utf8'));
const extractor = await pipeline('feature-extraction', folder, { dtype, device: 'cpu' });

// The pipeline's own two steps; it asks for an output of another name than ours.
async function encode(some) {
    const inputs = extractor.tokenizer(some, { padding: true, truncation: true });
    return { inputs, rows: (await extractor.model(inputs)).output };
}

async function pass(batch, check) {
    const lengths = [];
    const began = performance.now();
    for (let i = 0; i < texts.length; i += batch) {
        const { inputs, rows } = await encode(texts.slice(i, i + batch));
        if (check) lengths.push(...checked(inputs, rows));
    }

    return { seconds: (performance.now() - began) / 1000, lengths };
}

function checked(inputs, rows) {
    const [count, length, dimension] = rows.dims;
    const lengths = [];
    for (let text = 0; text < count; text++) {
        let kept = 0;
        for (let row = 0; row < length; row++) {
            if (inputs.attention_mask.data[text * length + row] === 0n) continue;
            kept++;
            let sum = 0;
            for (let i = 0; i < dimension; i++) sum += rows.data[(text * length + row) * dimension + i] ** 2;
            if (!(Math.abs(Math.sqrt(sum) - 1) < 1e-3)) throw new Error(`a row of length ${Math.sqrt(sum)}, not 1`);
        }

        lengths.push(kept);
    }

    return lengths;
}

const { lengths } = await pass(1, true);
let best = { seconds: Infinity };
for (const batch of [1, 2, 8, 32]) {
    const { seconds } = await pass(batch, false);
    if (seconds < best.seconds) best = { seconds, batch };
}

const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);
say({ lengths, note: `batch ${best.batch}, the fastest of 1, 2, 8 and 32` });
for await (const _ of createInterface({ input: process.stdin })) say({ seconds: (await pass(best.batch, false)).seconds });
process.exit(0);
