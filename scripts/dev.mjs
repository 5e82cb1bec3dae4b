// `npm run dev [-- --port N]`: this checkout, running while you change it. The explorer is served by Vite, which shows a change of src/backend/explorer at
// once; behind it is `afn-otel up` with its store in .tmp/dev, and examples/chat, which is asked something each few seconds. Any other
// source is built again with what contains it, and what runs is started again.
import { execFile } from 'node:child_process'
import { existsSync, readFileSync, watch } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { createServer } from 'vite'
import { start, stopAll } from '../examples/demo/children.mjs'

process.chdir(path.dirname(path.dirname(fileURLToPath(import.meta.url))))

/** Between two questions to the chat server. */
const ASK_EVERY_MS = 5_000
/** An editor writes several files at once. */
const SETTLE_MS = 200

const { values } = parseArgs({ options: { port: { type: 'string', default: '5173' } } })
const onError = line => console.error(line)

/** @param {string[]} parts all without one */
const build = parts =>
  promisify(execFile)(process.execPath, ['scripts/build.mjs', ...parts.flatMap(part => ['--only', part])])

/** The parts of `dist` that contain one of these files. A new file is in none; the one that imports it is. */
function partsWith(files) {
  const parts = JSON.parse(readFileSync('dist/.meta/metafiles.json', 'utf8'))
  return Object.keys(parts).filter(
    part => part !== 'explorer' && files.some(file => Object.hasOwn(parts[part].inputs, file)),
  )
}

/** @param port of the API; 0 for a free one */
async function startAll(port) {
  const command = ['up', '--port', port, '--otlp-port', '0', '--grpc-port', 'none', '--data', '.tmp/dev']
  const up = start(process.execPath, ['dist/cli.cjs', ...command], { onError })
  const replay = start(process.execPath, ['examples/chat/replay.cjs'], { onError })
  const [, api] = await up.says(/explorer\s+(http:\S+)/)
  const [, otlp] = await up.says(/OTLP\s+(http:\S+)/)
  const [, provider] = await replay.says(/(http:\S+)/)
  const env = {
    ...process.env,
    PORT: '0',
    OTEL_SERVICE_NAME: 'chat',
    OTEL_EXPORTER_OTLP_ENDPOINT: otlp,
    OPENAI_BASE_URL: `${provider}/v1`,
    OPENAI_API_KEY: 'none',
  }
  const chat = start(process.execPath, ['--require', './dist/index.cjs', 'examples/chat/server.cjs'], { onError, env })
  const [, chatPort] = await chat.says(/"port":(\d+)/)
  return {
    api,
    chat: `http://127.0.0.1:${chatPort}/chat`,
    async stop() {
      // what it has not sent yet goes to `up`
      await chat.stop()
      await Promise.all([replay.stop(), up.stop()])
    },
  }
}

/** @param {string} url */
const ask = url =>
  fetch(`${url}?user=ada@example.com`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: 'My card is 4242 4242 4242 4242. A room near Gion, please!' }),
  }).then(response => response.text(), onError)

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stopAll().finally(() => process.exit()))

if (!existsSync('dist/.meta/metafiles.json')) await build([])
let running = await startAll('0')
const { api } = running

const vite = await createServer({
  root: 'src/backend/explorer',
  configFile: false,
  publicDir: false,
  server: {
    host: '127.0.0.1',
    port: Number(values.port),
    // it takes requests of its own pages alone
    proxy: { '/api': { target: api, changeOrigin: true, headers: { origin: api } } },
  },
})
await vite.listen()
console.log(`explorer  ${vite.resolvedUrls.local[0]}  (of src/backend/explorer, by Vite)`)
console.log(`API       ${api}  (of dist, built again after a change of src)`)

const changed = new Set()
watch('src', { recursive: true }, (_event, file) => {
  if (file && !file.startsWith('backend/explorer/')) changed.add(path.posix.join('src', file))
})

for (let asked = 0; ; await sleep(SETTLE_MS)) {
  if (changed.size > 0) {
    const parts = partsWith([...changed])
    changed.clear()
    if (parts.length === 0) continue
    const built = await build(parts).catch(error => onError(error.stderr || error.message))
    if (!built) continue
    await running.stop()
    running = await startAll(new URL(api).port)
    console.log(`built     ${parts.join(', ')}`)
  } else if (Date.now() - asked >= ASK_EVERY_MS) {
    asked = Date.now()
    await ask(running.chat)
  }
}
