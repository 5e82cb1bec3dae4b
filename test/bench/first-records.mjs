// `npm run bench:first-records [-- ROUNDS] [-- --against FOLDER]`: the longest turns of the event loop that the first records of an app take, beside another
// built checkout. One process a round and case, by turns; of each place (longest, second, …) the least over the rounds, since what else the machine does only adds.
import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.join(here, '../..')
const { values, positionals } = parseArgs({ allowPositionals: true, options: { against: { type: 'string' } } })
const rounds = Number(positionals[0] ?? 7)
const builds = { ...(values.against && { against: path.resolve(values.against) }), ours: root }
const cases = {
  'a server that gets no request': ['listen', 'nothing'],
  'a server that gets one at once': ['listen', 'request'],
  'a server that logs at once': ['listen', 'log'],
  'a program that ends a span': ['-', 'span'],
  'a program that logs': ['-', 'log'],
}
const places = 4

function once(build, args) {
  const preload = path.join(build, 'dist/index.cjs')
  const env = {
    PATH: process.env.PATH,
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
    AFN_SPOOL: 'off',
    OTEL_METRICS_EXPORTER: 'none',
  }
  const command = ['--require', preload, path.join(here, 'first-records/app.cjs'), ...args]
  const { stdout, stderr, status } = spawnSync(process.execPath, command, { cwd: root, env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`)
  return JSON.parse(stdout)
}

console.log(
  `Node ${process.versions.node}, ${rounds} rounds. ms of the ${'threadCpuUsage' in process ? 'main thread' : 'process'}, by CPU.`,
)
console.log(`| | build | the ${places} longest turns, ms | in the call itself, ms |\n|---|---|---|---|`)
for (const [name, args] of Object.entries(cases)) {
  const found = Object.fromEntries(Object.keys(builds).map(build => [build, []]))
  for (let round = 0; round < rounds; round++)
    for (const [build, folder] of Object.entries(builds)) found[build].push(once(folder, args))
  for (const [build, runs] of Object.entries(found)) {
    const least = take => Math.min(...runs.map(take)).toFixed(1)
    const turns = Array.from({ length: places }, (_, place) => least(({ turns }) => turns[place]))
    console.log(`| ${name} | ${build} | ${turns.join(', ')} | ${least(({ inside }) => inside)} |`)
  }
}
