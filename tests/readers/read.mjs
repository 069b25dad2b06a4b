// What DuckDB and LanceDB make of a corpus and a query in Parquet files of ours: node read.mjs CORPUS QUERY DATABASE
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { DuckDBInstance } from '@duckdb/node-api'
import * as lancedb from '@lancedb/lancedb'
import { readParquet } from 'parquet-wasm'

// LanceDB knows tables of this instance alone.
const { tableFromIPC } = createRequire(import.meta.url)('apache-arrow')
const [corpus, query, database] = process.argv.slice(2)
const name = path => `'${path.replaceAll("'", "''")}'`
const open = path => tableFromIPC(readParquet(new Uint8Array(readFileSync(path))).intoIPCStream())

async function inDuckDB() {
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  const ask = async sql => (await connection.runAndReadAll(sql)).getRowObjectsJson()
  const dimension = Number((await ask(`SELECT decode(value) AS value FROM parquet_kv_metadata(${name(corpus)}) WHERE decode(key) = 'colbert.dimension'`))[0].value)
  const best = await ask(`
    SELECT d.id, list_sum(list_transform(q.embedding::FLOAT[${dimension}][], lambda x: list_max(list_transform(d.embedding::FLOAT[${dimension}][], lambda y: array_inner_product(x, y))))) AS score
    FROM read_parquet(${name(corpus)}) d, read_parquet(${name(query)}) q ORDER BY score DESC LIMIT 10`)
  const rows = await ask(`SELECT id, text, len(embedding) AS tokens FROM read_parquet(${name(corpus)}) WHERE id IN ('d3', 'd5') ORDER BY id`)
  const types = await ask(`DESCRIBE SELECT * FROM read_parquet(${name(corpus)})`)
  return { dimension, best, rows: rows.map(row => ({ ...row, tokens: Number(row.tokens) })), types: types.map(column => `${column.column_name} ${column.column_type}`) }
}

async function inLanceDB() {
  const table = await (await lancedb.connect(database)).createTable('corpus', open(corpus))
  const vectors = Array.from(open(query).getChild('embedding').get(0), vector => Array.from(vector))
  const best = await table.search(vectors).column('embedding').distanceType('cosine').limit(10).toArray()
  const type = String((await table.schema()).fields.find(field => field.name === 'embedding').type)
  return { count: await table.countRows(), type, best: best.map(row => ({ id: row.id, score: 1 - row._distance })) }
}

console.log(JSON.stringify({ duckdb: await inDuckDB(), lancedb: await inLanceDB() }))
