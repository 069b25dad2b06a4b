"""expected.json, by an implementation that shares nothing with the product: python3 expected.py CHECKPOINT

BERT's forward pass in double precision over the checkpoint of the embedded model, a plain WordPiece for ASCII texts, MaxSim and nDCG by
their definitions. Needs NumPy.
"""
import json
import math
import struct
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
CHECKPOINT = Path(sys.argv[1])
PUNCTUATION = set("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


def tensors(file):
    data = file.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    header.pop("__metadata__", None)
    found = {}
    for name, info in header.items():
        begin, end = info["data_offsets"]
        kind = {"F32": np.float32, "F16": np.float16}[info["dtype"]]
        found[name] = np.frombuffer(data[8 + length + begin:8 + length + end], kind).reshape(info["shape"]).astype(np.float64)
    return found


config = json.loads((CHECKPOINT / "config.json").read_text())
settings = json.loads((CHECKPOINT / "config_sentence_transformers.json").read_text())
weights = tensors(CHECKPOINT / "model.safetensors")
projection = tensors(CHECKPOINT / "1_Dense" / "model.safetensors")["linear.weight"]
vocabulary = json.loads((CHECKPOINT / "tokenizer.json").read_text())["model"]["vocab"]
skipped = {vocabulary[word] for word in settings["skiplist_words"]}
assert not (settings["query_prefix"] or settings["document_prefix"] or settings["do_query_expansion"])


def words(text):
    assert text.isascii()
    word = ""
    for c in text.lower() + " ":
        if c.isspace() or c in PUNCTUATION:
            if word:
                yield word
            word = ""
            if c in PUNCTUATION:
                yield c
        else:
            word += c


def pieces(word):
    found, start = [], 0
    while start < len(word):
        for end in range(len(word), start, -1):
            piece = ("##" if start else "") + word[start:end]
            if piece in vocabulary:
                break
        else:
            return [vocabulary["[UNK]"]]
        found.append(vocabulary[piece])
        start = end
    return found


def tokenize(text, most):
    inner = [i for word in words(text) for i in pieces(word)]
    return [vocabulary["[CLS]"], *inner[:most - 2], vocabulary["[SEP]"]]


erf = np.vectorize(math.erf)


def norm(x, name):
    x = x - x.mean(-1, keepdims=True)
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + config["layer_norm_eps"]) * weights[name + ".weight"] + weights[name + ".bias"]


def linear(x, name):
    return x @ weights[name + ".weight"].T + weights[name + ".bias"]


def encode(ids):
    x = weights["embeddings.word_embeddings.weight"][ids] + weights["embeddings.position_embeddings.weight"][:len(ids)]
    x = norm(x + weights["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
    heads = config["num_attention_heads"]
    for layer in range(config["num_hidden_layers"]):
        name = f"encoder.layer.{layer}."
        q, k, v = (linear(x, name + "attention.self." + part).reshape(len(ids), heads, -1).transpose(1, 0, 2) for part in ("query", "key", "value"))
        scores = q @ k.transpose(0, 2, 1) / math.sqrt(q.shape[-1])
        scores = np.exp(scores - scores.max(-1, keepdims=True))
        mixed = (scores / scores.sum(-1, keepdims=True)) @ v
        x = norm(x + linear(mixed.transpose(1, 0, 2).reshape(len(ids), -1), name + "attention.output.dense"), name + "attention.output.LayerNorm")
        wide = linear(x, name + "intermediate.dense")
        x = norm(x + linear(wide * 0.5 * (1 + erf(wide / math.sqrt(2))), name + "output.dense"), name + "output.LayerNorm")
    rows = x @ projection.T
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def read(name):
    return [json.loads(line) for line in (HERE / name).read_text().splitlines()]


def main():
    documents = []
    for record in read("corpus.jsonl"):
        ids = tokenize(record["title"] + " " + record["text"], settings["document_length"])
        documents.append((record["_id"], encode(ids)[[i not in skipped for i in ids]]))
    grades = {}
    for line in (HERE / "qrels.tsv").read_text().splitlines()[1:]:
        query, document, grade = line.split("\t")
        grades.setdefault(query, {})[document] = int(grade)

    rankings, ndcgs = {}, []
    for record in read("queries.jsonl"):
        query = encode(tokenize(record["text"], settings["query_length"]))
        scored = [(float(sum(max(q @ d for d in rows) for q in query)), name) for name, rows in documents]
        best = sorted(scored, key=lambda hit: -hit[0])[:10]
        rankings[record["_id"]] = [[name, round(score, 5)] for score, name in best]
        judged = grades[record["_id"]]
        gain = sum(judged.get(name, 0) / math.log2(place + 2) for place, (_, name) in enumerate(best))
        ideal = sum(grade / math.log2(place + 2) for place, grade in enumerate(sorted(judged.values(), reverse=True)[:10]))
        ndcgs.append(gain / ideal)
        print(record["_id"], round(ndcgs[-1], 4), [f"{name}:{judged.get(name, 0)}" for _, name in best[:5]])

    lines = ",\n".join(f"    {json.dumps(name)}: {json.dumps(hits)}" for name, hits in rankings.items())
    text = f'{{\n  "metrics": {{ "ndcg@10": {round(sum(ndcgs) / len(ndcgs), 4)} }},\n  "queries": {{\n{lines}\n  }}\n}}\n'
    (HERE / "expected.json").write_text(text)
    print("nDCG@10", round(sum(ndcgs) / len(ndcgs), 4))


main()
