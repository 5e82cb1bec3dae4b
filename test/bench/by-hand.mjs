// `npm run bench:by-hand`: what is written by hand, compared with the library for it: events of a stream, a few members of a large
// JSON document, loading of our own files, a function in the place of a library's. Decisions 38 to 41 have the reasons. The
// least of some rounds, in turns, in CPU time where it is one thread.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { bundleSource } from '../support/bundle-source.mjs'
import { installOnce } from '../support/install.mjs'

const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.dirname(path.dirname(here))
const require = createRequire(import.meta.url)
const folder = installOnce(path.join(here, 'by-hand/package.json'), 'bench-by-hand')
const peer = createRequire(path.join(folder, 'index.js'))
const out = path.join(root, 'test/node_modules/.cache/afn-bench/by-hand.cjs')
await bundleSource(
  `export { SseReader } from './src/app/llm/wire/sse'
  export { JsonReader } from './src/app/llm/wire/json-reader'
  export { wrap } from './src/app/instrument/wrap'
  export { createLoad } from './src/app/preload/module-loader'`,
  out,
)
const { JsonReader, SseReader, wrap } = require(out)
const { createParser } = await import(pathToFileURL(peer.resolve('eventsource-parser')).href)
const { JSONParser } = peer('@streamparser/json')

const ROUNDS = 7

/** @returns CPU milliseconds of each function, the least of the rounds @param {Record<string, () => unknown>} functions */
async function least(functions) {
  const times = Object.fromEntries(Object.keys(functions).map(name => [name, Number.POSITIVE_INFINITY]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(functions)) {
      const from = process.cpuUsage()
      await run()
      const { user, system } = process.cpuUsage(from)
      times[name] = Math.min(times[name], (user + system) / 1000)
    }
  }
  return times
}

function print(title, rows) {
  console.log(`\n| ${title} | |\n|---|---|`)
  for (const [name, value] of Object.entries(rows)) console.log(`| ${name} | ${value} |`)
}

const chunksOf = (bytes, size) => {
  const chunks = []
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size))
  return chunks
}

/** 20,000 events as OpenAI streams them, in chunks of 1 KiB. */
async function events() {
  const COUNT = 20_000
  const event = i =>
    `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', choices: [{ index: 0, delta: { content: ` word${i} é` } }] })}\n\n`
  const chunks = chunksOf(Buffer.from(Array.from({ length: COUNT }, (_, i) => event(i)).join('')), 1024)
  const check = count => {
    if (count !== COUNT) throw new Error(`${count} events of ${COUNT}`)
  }
  const ours = onEvent => {
    let count = 0
    const reader = new SseReader((data, from, to) => {
      count++
      onEvent(data, from, to)
    })
    for (const chunk of chunks) reader.push(chunk)
    reader.end()
    check(count)
  }
  const theirs = onEvent => {
    let count = 0
    const decoder = new TextDecoder()
    const parser = createParser({
      onEvent: ({ data }) => {
        count++
        onEvent(data)
      },
    })
    for (const chunk of chunks) parser.feed(decoder.decode(chunk, { stream: true }))
    check(count)
  }
  const times = await least({
    'ours, edges only': () => ours(() => {}),
    'eventsource-parser, edges only': () => theirs(() => {}),
    'ours, each event parsed': () => ours((data, from, to) => JSON.parse(data.toString('utf8', from, to))),
    'eventsource-parser, each event parsed': () => theirs(data => JSON.parse(data)),
  })
  print(
    `${COUNT} events, µs each`,
    Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, ((ms * 1000) / COUNT).toFixed(2)])),
  )
}

/** The model and the roles of a request of 10 MB, which comes in chunks of 64 KiB. */
async function members(title, document) {
  const bytes = Buffer.from(JSON.stringify(document))
  const chunks = chunksOf(bytes, 65_536)
  const expected = JSON.stringify([document.model, document.messages.map(({ role }) => role)])
  const check = (model, roles) => {
    if (JSON.stringify([model, roles]) !== expected) throw new Error('other members')
  }
  const runs = {
    ours: () => {
      const reader = new JsonReader({ model: true, messages: { '*': { role: true } } }, 65_536)
      for (const chunk of chunks) reader.push(chunk)
      const { model, messages } = reader.value()
      check(
        model,
        messages.map(({ role }) => role),
      )
    },
    'JSON.parse of all': () => {
      const { model, messages } = JSON.parse(Buffer.concat(chunks).toString())
      check(
        model,
        messages.map(({ role }) => role),
      )
    },
    '@streamparser/json': () => {
      const roles = []
      let model
      const parser = new JSONParser({ paths: ['$.model', '$.messages.*.role'], keepStack: false })
      parser.onValue = ({ value, key }) => {
        if (key === 'model') model = value
        else roles.push(value)
      }
      for (const chunk of chunks) parser.write(chunk)
      check(model, roles)
    },
    'stream-json': async () => {
      const { default: parser } = await import(pathToFileURL(peer.resolve('stream-json/parser.js')).href)
      const roles = []
      let model
      let depth = 0
      const keys = []
      const pipeline = (parser.asStream ?? parser)({ streamValues: false, packStrings: true, packKeys: true })
      await new Promise((resolve, reject) => {
        pipeline.on('data', ({ name, value }) => {
          if (name === 'startObject' || name === 'startArray') depth++
          else if (name === 'endObject' || name === 'endArray') depth--
          else if (name === 'keyValue') keys[depth] = value
          else if (name === 'stringValue') {
            if (depth === 1 && keys[1] === 'model') model = value
            else if (depth === 3 && keys[1] === 'messages' && keys[3] === 'role') roles.push(value)
          }
        })
        pipeline.on('end', resolve)
        pipeline.on('error', reject)
        for (const chunk of chunks) pipeline.write(chunk)
        pipeline.end()
      })
      check(model, roles)
    },
  }
  const times = await least(runs)
  // what blocks the thread: a chunk, or the whole document; of stream-json it was not measured
  const blocks = { ours: chunks.length, 'JSON.parse of all': 1, '@streamparser/json': chunks.length }
  const row = ([name, ms]) => {
    const block = blocks[name] ? `, ${(ms / blocks[name]).toFixed(2)} ms at a time` : ''
    return [name, `${ms.toFixed(1)} ms${block}`]
  }
  print(`${title} of ${(bytes.length / 1e6).toFixed(1)} MB, CPU`, Object.fromEntries(Object.entries(times).map(row)))
}

/** Loading of our chunks in a process of its own. */
function loading() {
  if (!existsSync(path.join(root, 'dist/chunks/otlp.cjs')))
    execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root })
  const chunks = ['api', 'otlp', 'redact', 'prices'].map(name => path.join(root, `dist/chunks/${name}.cjs`))
  const program = load => `${load}
    const from = process.cpuUsage()
    for (const file of ${JSON.stringify(chunks)}) load(file)
    const { user, system } = process.cpuUsage(from)
    console.log((user + system) / 1000)`
  const programs = {
    'src/app/preload/module-loader.ts': program(`const load = require(${JSON.stringify(out)}).createLoad(require)`),
    require: program('const load = require'),
  }
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor > 0))
    programs['require, with the compile cache of Node'] = program(
      `require('node:module').enableCompileCache(${JSON.stringify(path.join(folder, 'compile-cache'))}); const load = require`,
    )
  const times = Object.fromEntries(Object.keys(programs).map(name => [name, Number.POSITIVE_INFINITY]))
  for (let round = 0; round < 10; round++)
    for (const [name, text] of Object.entries(programs))
      times[name] = Math.min(times[name], Number(execFileSync(process.execPath, ['-e', text], { encoding: 'utf8' })))
  print(
    'api, otlp, redact and prices loaded, CPU ms',
    Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, ms.toFixed(1)])),
  )
}

/** A function that an instrumentation has put in the place of a library's. */
async function wrapping() {
  const CALLS = 2_000_000
  const shimmer = peer('shimmer')
  shimmer({ logger: () => {} })
  const observer = original =>
    function patched(...args) {
      return original.apply(this, args)
    }
  const holder = () => ({ add: (a, b) => a + b })
  const plain = holder()
  const theirs = holder()
  shimmer.wrap(theirs, 'add', observer)
  const ours = holder()
  wrap(ours, 'add', observer)
  const run = ({ add }) => {
    let sum = 0
    for (let i = 0; i < CALLS; i++) sum = add(sum, 1)
    if (sum !== CALLS) throw new Error('other sums')
  }
  const times = await least({ 'no wrapper': () => run(plain), shimmer: () => run(theirs), ours: () => run(ours) })
  print(
    'one call, ns',
    Object.fromEntries(Object.entries(times).map(([name, ms]) => [name, ((ms * 1e6) / CALLS).toFixed(0)])),
  )

  const throws = where => original =>
    function patched(...args) {
      if (where === 'before') throw new Error('of the instrumentation')
      const result = original.apply(this, args)
      if (where === 'after') throw new Error('of the instrumentation')
      return result
    }
  const what = (wrapOne, where) => {
    const target = holder()
    wrapOne(target, 'add', throws(where))
    try {
      return `the app gets ${target.add(1, 2)}`
    } catch (error) {
      return `the app gets the error ${error.message}`
    }
  }
  print('an instrumentation that throws', {
    'shimmer, before the call': what(shimmer.wrap, 'before'),
    'shimmer, after the call': what(shimmer.wrap, 'after'),
    'ours, before the call': what(wrap, 'before'),
    'ours, after the call': what(wrap, 'after'),
  })
}

await events()
await members('a request with an image', {
  model: 'gpt-5',
  messages: [
    { role: 'system', content: 'look' },
    {
      role: 'user',
      content: [{ type: 'image_url', image_url: { url: `data:image/png;base64,${'iVBORw0KGgo'.repeat(900_000)}` } }],
    },
  ],
})
await members('a request with many messages', {
  model: 'gpt-5',
  messages: Array.from({ length: 20_000 }, (_, i) => ({
    role: i % 2 ? 'user' : 'assistant',
    content: `${i} "quoted" text é `.repeat(20),
  })),
})
loading()
await wrapping()
