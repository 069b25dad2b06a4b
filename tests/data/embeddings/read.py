"""Reads a file of embeddings as docs/embedding-files.md says: path and type. Prints what read it, then a line for each text: id, length of the text, numbers."""
import glob
import json
import os
import struct
import sys

import numpy

path, kind = sys.argv[1:3]
try:
    from safetensors.numpy import load_file
    reader = 'safetensors and numpy'
except ImportError:
    reader = 'numpy; the safetensors package is not installed, its header is read by json'

    def load_file(path):
        data = open(path, 'rb').read()
        size = struct.unpack('<Q', data[:8])[0]
        types = {'F32': '<f4', 'F16': '<f2', 'I8': 'i1', 'U8': 'u1', 'I64': '<i8'}
        return {name: numpy.frombuffer(data[8 + size:][slice(*t['data_offsets'])], types[t['dtype']]).reshape(t['shape'])
                for name, t in json.loads(data[8:8 + size]).items() if name != '__metadata__'}


def rows(values, scale, dimension):
    if kind == 'int8':
        return values.astype('f4') * scale[:, None]
    if kind == 'binary':
        bits = numpy.unpackbits(values, axis=-1)[:, :dimension]
        return numpy.where(bits, 1, -1).astype('f4') * numpy.float32(dimension ** -0.5)
    return values.astype('f4')


if path.endswith('.jsonl'):
    texts = [json.loads(line) for line in open(path, encoding='utf-8')]
    types = {'float32': 'f4', 'float16': 'f2', 'int8': 'i1', 'binary': 'u1'}
    width = (texts[0]['dimension'] + 7) // 8 if kind == 'binary' else texts[0]['dimension']
    matrices = [rows(numpy.array(t['embedding'], types[kind]).reshape(-1, width), numpy.array(t.get('scale', []), 'f4'), t['dimension']) for t in texts]
else:
    if os.path.isdir(path):
        arrays = {os.path.basename(name)[:-4]: numpy.load(name) for name in glob.glob(path + '/*.npy')}
        texts = [json.loads(line) for line in open(path + '/doc_texts.jsonl', encoding='utf-8')]
    else:
        arrays = numpy.load(path) if path.endswith('.npz') else load_file(path)
        texts = [json.loads(line) for line in bytes(arrays['texts']).decode().split('\n') if line]
    if 'offsets' in arrays:
        spans = list(zip(arrays['offsets'], arrays['offsets'][1:]))
        scales = arrays.get('scales')
        matrices = [rows(arrays['embeddings'][a:b], None if scales is None else scales[a:b], t['dimension']) for (a, b), t in zip(spans, texts)]
    else:
        matrices = [rows(arrays[t['name']], arrays[t['name'] + '.scale'] if kind == 'int8' else None, t['dimension']) for t in texts]

print(reader)
for text, matrix in zip(texts, matrices):
    length = len(text['text'].encode('utf-16-le')) // 2
    print(text['id'], length, *('%.9g' % v for v in matrix.ravel()))
