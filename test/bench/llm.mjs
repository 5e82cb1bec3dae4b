// `npm run bench:llm [-- ROUNDS]`: what instrumenting an openai client costs, for ours and three peers. One process of each runs in
// turn, so that a machine whose speed drifts affects all of them alike. Prints medians over the rounds.
// `npm run bench:llm -- ROUNDS --against FOLDER` compares ours with another built checkout of ours, without the peers.
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { installPeers } from './install.mjs'

const { positionals, values } = parseArgs({ allowPositionals: true, options: { against: { type: 'string' } } })
const rounds = Number(positionals[0] ?? 3)
const against = values.against && path.resolve(values.against, 'dist')
const here = path.join(path.dirname(fileURLToPath(import.meta.url)), 'llm')
const folder = installPeers(path.join(here, 'package.json'), 'bench-llm')
// a package of its own: beside the peers in its package.json ours would stand down
const app = path.join(folder, 'app')
for (const part of ['app.cjs', 'tools']) cpSync(path.join(here, part), path.join(app, part), { recursive: true })
writeFileSync(path.join(app, 'package.json'), '{"name":"llm-bench","private":true}')

const all = [
  { name: 'bare', content: 'off', args: [] },
  { name: '@afn/otel', content: 'off', args: ['--require', '@afn/otel'] },
  { name: '@afn/otel', content: 'full', args: ['--require', '@afn/otel'] },
  { name: '@afn/otel', content: 'redacted', args: ['--require', '@afn/otel'] },
  // the same calls in traces that are not sampled: they are counted, and nothing else
  ...['off', 'redacted'].map(content => ({
    name: '@afn/otel, always_off',
    content,
    sampler: 'always_off',
    args: ['--require', '@afn/otel'],
  })),
  ...[
    ['openlit', 'openlit'],
    ['@traceloop/instrumentation-openai', 'traceloop'],
    ['@opentelemetry/instrumentation-openai', 'contrib'],
  ].flatMap(([name, tool]) =>
    ['off', 'full'].map(content => ({ name, content, args: ['--require', `./tools/${tool}.cjs`] })),
  ),
]

const candidates = against
  ? [...all.slice(0, 2), { name: against, content: 'off', args: ['--require', path.join(against, 'index.cjs')] }]
  : all

const provider = spawn(process.execPath, [path.join(here, 'provider.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] })
const [address] = await once(provider.stdout, 'data')
const url = String(address).trim()

async function measure({ name, content, args, sampler }) {
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    PROVIDER: url,
    CONTENT: content,
    OURS: name === against ? path.join(against, 'api.cjs') : args[1] === '@afn/otel' ? '@afn/otel/api' : '',
    AFN_CAPTURE_CONTENT: content,
    AFN_LOG_LEVEL: 'none',
    // else what one process leaves at its end is exported by the next, whatever that records
    AFN_SPOOL: 'false',
    ...(sampler && { OTEL_TRACES_SAMPLER: sampler }),
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
  }
  const text = execFileSync(process.execPath, ['--expose-gc', ...args, 'app.cjs'], { cwd: app, env, encoding: 'utf8' })
  const exported = Number(await (await fetch(`${url}/exported`)).text())
  const isExported = args.length > 0 && sampler === undefined
  if (exported > 0 !== isExported) throw new Error(`${name}, content ${content}: ${exported} bytes of spans came`)
  return JSON.parse(text.split('\n').find(line => line.startsWith('{"call"')))
}

const results = candidates.map(() => [])
for (let round = 0; round < rounds; round++) {
  for (const [index, candidate] of candidates.entries()) results[index].push(await measure(candidate))
}
provider.kill()

const median = (index, figure) => results[index].map(result => result[figure]).sort((a, b) => a - b)[rounds >> 1]
const least = (index, figure) => Math.min(...results[index].map(result => result[figure]))
const client = JSON.parse(readFileSync(path.join(folder, 'node_modules/openai/package.json'), 'utf8')).version
const micro = (index, figure) => median(index, figure) - median(0, figure)
const figures = index => ({
  call: micro(index, 'call'),
  sent: micro(index, 'sent'),
  megabyte: micro(index, 'megabyte'),
  blockOfStream: median(index, 'blockOfStream'),
  blockOfDocument: median(index, 'blockOfDocument'),
  heap: micro(index, 'heap') / 1000,
})

console.log(
  `openai ${client}, Node ${process.versions.node}, ${rounds} rounds interleaved. Time is the processor's; bare:` +
    ` ${median(0, 'call').toFixed(0)} µs a call, ${median(0, 'megabyte').toFixed(0)} µs a MB, heap ${(median(0, 'heap') / 1000).toFixed(0)} kB.`,
)
console.log(
  '| | content | + µs a call | + µs with its export | + µs a MB streamed | longest block: stream, ms | 4 MB answer, ms | + kB heap a MB |\n|---|---|---|---|---|---|---|---|',
)
for (const [index, { name, content }] of candidates.entries()) {
  const { call, sent, megabyte, blockOfStream, blockOfDocument, heap } = figures(index)
  const cells = [
    call.toFixed(0),
    sent.toFixed(0),
    megabyte.toFixed(0),
    (blockOfStream / 1000).toFixed(1),
    (blockOfDocument / 1000).toFixed(1),
    heap.toFixed(0),
  ]
  console.log(`| ${name} | ${content} | ${cells.join(' | ')} |`)
}
const ratio = median(1, 'beside') / median(1, 'call')
console.log(`@afn/otel, content off: a call beside 16,000 open spans / beside none: ${ratio.toFixed(2)}`)
if (against) {
  for (const [of, figureOf] of Object.entries({ medians: median, minima: least })) {
    const added = index => figureOf(index, 'call') - figureOf(0, 'call')
    console.log(`a call on top of bare, ours / ${against}, by ${of}: ${(added(1) / added(2)).toFixed(2)}`)
  }
}
for (const content of against ? [] : ['off', 'full']) {
  const ours = figures(candidates.findIndex(({ name, content: of }) => name === '@afn/otel' && of === content))
  const peers = candidates.flatMap(({ name, content: of }, index) =>
    of === content && index > 0 && !name.startsWith('@afn/otel') ? [figures(index)] : [],
  )
  const ratios = Object.keys(ours).map(
    figure => `${figure} ${(ours[figure] / Math.min(...peers.map(peer => peer[figure]))).toFixed(2)}`,
  )
  console.log(`ours / lowest of the peers, content ${content}: ${ratios.join(', ')}`)
}
