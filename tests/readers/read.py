# What pyarrow makes of a Parquet file of ours: python read.py FILE
import json
import sys

import pyarrow.parquet

table = pyarrow.parquet.read_table(sys.argv[1])
embedding = table.column('embedding')
print(json.dumps({
    'type': str(embedding.type),
    'rows': table.num_rows,
    'ids': table.column('id').to_pylist(),
    'first': [float(number) for number in embedding[0].as_py()[0]],
    'kind': table.schema.metadata[b'colbert.kind'].decode(),
}))
