// `npm run count:call`: how many of our files and functions one LLM call runs through, by V8's own call counts. The call is
// one of `fetch` with a JSON answer and without content, in a process that has made others, from the request to the export
// of its span. A function that the minified build has put into another one counts as a part of that one.
// `-- --list` prints the functions of each file, `-- --json` everything, for tests.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'

const here = path.dirname(fileURLToPath(import.meta.url))
const dist = path.join(path.dirname(here), 'dist')

/** The encoding of spans is no way that somebody has to follow. */
const isWriter = file => file.startsWith('src/shared/otlp/')
/** Looks five times a second whether the app listens: where a call takes longer than that, it falls into each. */
const isTimer = file => file === 'src/app/sdk/warm-up.ts' || file === 'src/app/sdk/health.ts'

/** Runs the app next to a provider and a Collector, which are one server. Returns the call counts of three calls. */
async function measure() {
  const folder = mkdtempSync(path.join(tmpdir(), 'count-call-'))
  const [exported, counts] = ['exported', 'counts.json'].map(name => path.join(folder, name))
  writeFileSync(path.join(folder, 'package.json'), '{"name":"count-call","private":true}')
  const usage = { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 }
  const choices = [{ index: 0, message: { role: 'assistant', content: 'In Spain.' }, finish_reason: 'stop' }]
  const answer = JSON.stringify({ id: 'chatcmpl-1', model: 'gpt-4o-mini-2024-07-18', choices, usage })
  const server = createServer((request, response) => {
    const isCall = request.url.includes('chat')
    request.resume().on('end', () => {
      response.setHeader('content-type', isCall ? 'application/json' : 'application/x-protobuf')
      response.end(isCall ? answer : '', () => {
        if (request.url === '/v1/traces') appendFileSync(exported, '.')
      })
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${server.address().port}`
  const args = ['--require', path.join(dist, 'index.cjs'), path.join(here, 'count-call-app.cjs'), url, exported, counts]
  const app = spawn(process.execPath, args, {
    cwd: folder,
    stdio: 'inherit',
    env: {
      PATH: process.env.PATH,
      AFN_CAPTURE_CONTENT: 'off',
      OTEL_EXPORTER_OTLP_ENDPOINT: url,
      OTEL_BSP_SCHEDULE_DELAY: '50',
      OTEL_METRIC_EXPORT_INTERVAL: '600000',
    },
  })
  try {
    const [code] = await once(app, 'close')
    if (code !== 0) throw new Error(`the app ended with ${code}`)
    return JSON.parse(readFileSync(counts, 'utf8'))
  } finally {
    server.close()
    server.closeAllConnections()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The functions of one call by where they begin, each with its file. */
function functionsOf(scripts) {
  const found = new Map()
  for (const { url, functions } of scripts) {
    const file = url.replace(/^file:\/\//, '')
    const code = readFileSync(file, 'utf8')
    const map = new TraceMap(readFileSync(path.join(dist, '.meta', `${path.basename(file)}.map`), 'utf8'))
    for (const { functionName, ranges } of functions) {
      const [{ count, startOffset, endOffset }] = ranges
      const isWholeFile = startOffset === 0 && endOffset >= code.length - 1
      // the initial values of a class's fields are a part of its constructor
      if (count === 0 || isWholeFile || functionName === '<instance_members_initializer>') continue
      const before = code.slice(0, startOffset).split('\n')
      const { source, line } = originalPositionFor(map, { line: before.length, column: before.at(-1).length })
      const from = source?.replace(/^(\.\.\/)+/, '') // the root, wherever the map lies
      if (/^(src|semconv)\//.test(from)) found.set(`${file}:${startOffset}`, { from, line, name: functionName, count })
    }
  }
  return found
}

const [first, ...others] = (await measure()).map(functionsOf)
const files = {}
// what only some of the calls ran through is a timer
for (const [key, { from, ...called }] of first) {
  if (others.every(round => round.has(key))) files[from] = [...(files[from] ?? []), called]
}
const ours = Object.keys(files).filter(file => !isWriter(file) && !isTimer(file))
const functions = ours.reduce((sum, file) => sum + files[file].length, 0)

if (process.argv.includes('--json')) console.log(JSON.stringify({ files: ours.length, functions, called: files }))
else {
  console.log(
    `One LLM call runs through ${ours.length} files and ${functions} functions, besides those of src/shared/otlp.`,
  )
  if (process.argv.includes('--list'))
    for (const file of Object.keys(files).sort()) {
      const called = files[file].map(({ name, line, count }) => `${name || '(anonymous)'}:${line}×${count}`)
      console.log(`${file}: ${called.join(' ')}`)
    }
}
