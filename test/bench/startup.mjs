// `npm run bench:startup`: what each preload adds to the start of an express + pino app. The runs are interleaved, one of each
// preload in turn, so that a machine whose speed drifts affects all of them alike. Prints minima and medians over the rounds.
import { spawnSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { installPeers } from './install.mjs'
import { npmOptions, peers, quiet } from './peers.mjs'

const rounds = Number(process.argv[2] ?? 15)
const here = path.dirname(fileURLToPath(import.meta.url))
const folder = installPeers(path.join(here, 'package.json'), 'bench', npmOptions)
// a folder of its own: beside the peers in its package.json ours would stand down
const app = path.join(folder, 'startup-app')
cpSync(path.join(here, 'startup'), app, { recursive: true })

const candidates = {
  bare: [],
  '@afn/otel': ['--require', '@afn/otel'],
  ...peers,
}
// exporters stay on and find nobody: a start has sent nothing yet
const env = {
  PATH: process.env.PATH,
  OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
  ...quiet,
}

function once(args) {
  const begun = process.hrtime.bigint()
  const { stdout, stderr, status } = spawnSync(process.execPath, [...args, 'app.cjs'], {
    cwd: app,
    env,
    encoding: 'utf8',
  })
  const ms = Number(process.hrtime.bigint() - begun) / 1e6
  const line = stdout.split('\n').find(text => text.startsWith('{"rss"'))
  if (status !== 0 || !line) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`)
  return { ms, ...JSON.parse(line) }
}

const results = Object.fromEntries(Object.keys(candidates).map(name => [name, []]))
for (const args of Object.values(candidates)) once(args)
for (let round = 0; round < rounds; round++) {
  for (const [name, args] of Object.entries(candidates)) results[name].push(once(args))
}

const sorted = (name, figure) => results[name].map(result => result[figure]).sort((a, b) => a - b)
const min = (name, figure) => sorted(name, figure)[0]
const median = (name, figure) => sorted(name, figure)[Math.floor(rounds / 2)]
const added = (name, figure, of) => of(name, figure) - of('bare', figure)
const mb = bytes => (bytes / 1048576).toFixed(1)

console.log(
  `Node ${process.versions.node}, ${rounds} rounds interleaved; added to the bare app (${min('bare', 'ms').toFixed(0)} ms min, ${mb(min('bare', 'rss'))} MB)`,
)
console.log('| preload | ms, min | ms, median | RSS MB, min | modules |\n|---|---|---|---|---|')
for (const name of Object.keys(candidates).slice(1)) {
  const figures = [
    added(name, 'ms', min).toFixed(1),
    added(name, 'ms', median).toFixed(1),
    mb(added(name, 'rss', min)),
    added(name, 'modules', min),
  ]
  console.log(`| ${name} | ${figures.join(' | ')} |`)
}
const [ours, stock] = ['@afn/otel', 'stock'].map(name => added(name, 'ms', min))
console.log(
  `ours / stock: ${(ours / stock).toFixed(3)} of the time, ${(added('@afn/otel', 'rss', min) / added('stock', 'rss', min)).toFixed(3)} of the memory`,
)
