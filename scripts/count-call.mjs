// `npm run count:call`: how many of our files and functions one LLM call runs through, by V8's own call counts. The call is
// one of `fetch` with a JSON answer and without content, in a process that has made others, from the request to the export
// of its span. Functions that end up in another one when the build is minified are counted as a part of that one.
// `-- --json` prints the names too, for tests; `-- --list` prints them by file.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { Session } from 'node:inspector/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'

const script = fileURLToPath(import.meta.url)
const root = path.dirname(path.dirname(script))
const dist = path.join(root, 'dist')

/** What the encoding of spans takes is no way that somebody has to follow. */
const isWriter = file => /^src\/otlp\/(writer|protobuf|to-protobuf)\.ts$/.test(file)

/** In the child: calls of one kind, the last of which are counted. Prints the counts of each as JSON. */
async function measured(url) {
  const call = async () => {
    const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Rain?' }] })
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body })
    await response.json()
    const exported = new Promise(resolve => process.once('message', resolve))
    await exported
  }
  for (let n = 0; n < 5; n++) await call()
  await sleep(1_500) // the price table is loaded after a second
  for (let n = 0; n < 5; n++) await call()
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  const rounds = []
  for (let n = 0; n < 3; n++) {
    await session.post('Profiler.takePreciseCoverage')
    await call()
    const { result } = await session.post('Profiler.takePreciseCoverage')
    rounds.push(result.filter(({ url }) => url.includes(dist)))
  }
  process.send(rounds)
}

/** Runs the child beside a provider and a Collector, which are one server. */
async function run() {
  const folder = mkdtempSync(path.join(tmpdir(), 'count-call-'))
  writeFileSync(path.join(folder, 'package.json'), '{"name":"count-call","private":true}')
  const usage = { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 }
  const choices = [{ index: 0, message: { role: 'assistant', content: 'In Spain.' }, finish_reason: 'stop' }]
  const answer = JSON.stringify({ id: 'chatcmpl-1', model: 'gpt-4o-mini-2024-07-18', choices, usage })
  let child
  const server = createServer(async (request, response) => {
    for await (const _ of request) {
      // read it all
    }
    response.setHeader('content-type', request.url.includes('chat') ? 'application/json' : 'application/x-protobuf')
    response.end(request.url.includes('chat') ? answer : '')
    if (request.url === '/v1/traces') response.once('close', () => setTimeout(() => child.send('exported'), 50))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${server.address().port}`
  child = fork(script, ['--child', url], {
    cwd: folder,
    execArgv: ['--require', path.join(dist, 'index.cjs')],
    env: {
      PATH: process.env.PATH,
      AFN_LOG_LEVEL: 'none',
      AFN_CAPTURE_CONTENT: 'off',
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_BSP_SCHEDULE_DELAY: '50',
      OTEL_METRIC_EXPORT_INTERVAL: '600000',
    },
  })
  try {
    const [rounds] = await once(child, 'message')
    return rounds
  } finally {
    child.kill('SIGKILL')
    server.close()
    server.closeAllConnections()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Names of functions by file of ours, those that every round has called: timers fall into one of them at most. */
function functionsOf(rounds) {
  const called = rounds.map(scripts => {
    const found = new Map()
    for (const { url, functions } of scripts) {
      const file = url.replace(/^file:\/\//, '')
      const code = readFileSync(file, 'utf8')
      const map = new TraceMap(readFileSync(path.join(dist, '.meta', `${path.basename(file)}.map`), 'utf8'))
      for (const { functionName, ranges } of functions) {
        const [{ count, startOffset, endOffset }] = ranges
        if (count === 0 || (startOffset === 0 && endOffset >= code.length - 1)) continue
        const before = code.slice(0, startOffset).split('\n')
        const { source, line } = originalPositionFor(map, { line: before.length, column: before.at(-1).length })
        if (source) found.set(`${file}:${startOffset}`, { source: relative(source), line, name: functionName, count })
      }
    }
    return found
  })
  const [first, ...others] = called
  const files = new Map()
  for (const [key, { source, line, name, count }] of first) {
    if (!/^(src|semconv)\//.test(source) || !others.every(round => round.has(key))) continue
    files.set(source, [...(files.get(source) ?? []), { line, name, count }])
  }
  return files
}

/** From the root, wherever the map lies. */
const relative = source => source.replace(/^(\.\.\/)+/, '')

if (process.argv[2] === '--child') await measured(process.argv[3])
else {
  const files = functionsOf(await run())
  const ours = [...files].filter(([file]) => !isWriter(file))
  const count = list => list.reduce((sum, [, functions]) => sum + functions.length, 0)
  const result = {
    files: ours.length,
    functions: count(ours),
    writer: count([...files].filter(([file]) => isWriter(file))),
  }
  if (process.argv.includes('--json')) console.log(JSON.stringify({ ...result, names: Object.fromEntries(ours) }))
  else {
    console.log(`One LLM call runs through ${result.files} files and ${result.functions} functions of ours.`)
    console.log(`The protobuf writer, which is not in these, has ${result.writer} more functions.`)
    if (process.argv.includes('--list'))
      for (const [file, functions] of [...files].sort()) {
        console.log(
          `${file}: ${functions.map(({ name, line, count }) => `${name || '(anonymous)'}:${line}×${count}`).join(' ')}`,
        )
      }
  }
}
