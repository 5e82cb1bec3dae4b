// `npm run bench:hostile [-- ROUNDS]`: what a stranger's request costs an app that we watch, beside the same app without us: 15 KB
// in a header, or in the URL, of a harmless text, of texts that keep detectors busy, and of those that the adversary found
// (`test/adversary/seeds`). CPU of the server's process, with the export of its spans. Rounds are interleaved, the least counts. At the end
// the worst of them, and what it costs beside the harmless one; before, the same of each surface that the adversary knows, by itself.
import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { seedsOf, textOf as textOfShape } from '../adversary/shapes.mjs'
import { printSurfaces } from './hostile/surfaces.mjs'

const rounds = Number(process.argv[2] ?? 5)
const REQUESTS = 200
const WARM = 1000
const LENGTH = 15_000
/** The spans of a round have left the process. */
const EXPORTED_MS = 400
const here = path.dirname(fileURLToPath(import.meta.url))
const root = path.dirname(path.dirname(here))

console.error('building ours ...')
execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })

/** The first is harmless, the second what browsers and links have. @type {[name: string, piece: string][]} */
const PIECES = [
  ['letters', 'abcdef'],
  [
    'user agents',
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 ',
  ],
  ['(0)11', '(0)11 '],
  ['numbers', '12 34 5 '],
  ['four digits', '4111 '],
  ['-password (0)11', '-password (0)11 '],
  ['token = a(', 'token = a('],
  ['password a1B2c3d4', 'password a1B2c3d4 '],
  ['address:', 'address: 1 '],
  ['DE89', 'DE89 '],
  ['mysql -p', 'mysql -p '],
  ['tel 1', 'tel 1 '],
  ['zip: 1', 'zip: 1 '],
  ['Dear', 'Dear Ann, '],
  ['"name":"A B"', '"name":"A B",'],
]
const textOf = piece => ` -password ${piece.repeat(Math.ceil(LENGTH / piece.length)).slice(0, LENGTH)}`.trim()
/** A header has bytes: what a shape has beyond ASCII is in it as UTF-8, as clients send it. @type {[name: string, text: string][]} */
const TEXTS = [
  ...PIECES.map(([name, piece]) => /** @type {[string, string]} */ ([name, textOf(piece)])),
  ...seedsOf('redact').map(
    shape =>
      /** @type {[string, string]} */ ([`found: ${shape.pieces.join('').slice(0, 24)}`, textOfShape(shape, LENGTH)]),
  ),
]
/** In the header, or in the path and the query of the URL. @type {Record<string, (text: string) => { path: string, headers: Record<string, string> }>} */
const PLACES = {
  'User-Agent': text => ({
    path: '/',
    headers: {
      'user-agent': Buffer.from(text)
        .toString('latin1')
        .slice(0, LENGTH)
        .replace(/[^ -~\x80-\xff]/g, ' '),
    },
  }),
  URL: text => ({
    path: `/${encodeURIComponent(text.slice(0, LENGTH / 4).toWellFormed())}?q=${encodeURIComponent(text.slice(0, LENGTH / 4).toWellFormed())}`.slice(
      0,
      LENGTH,
    ),
    headers: {},
  }),
}

const sink = http.createServer((request, response) => request.resume().on('end', () => response.end()))
sink.listen(0, '127.0.0.1')
await once(sink, 'listening')
const endpoint = `http://127.0.0.1:${sink.address().port}`
const agent = new http.Agent({ keepAlive: true, maxSockets: 4 })

async function start(execArgv) {
  const env = {
    PATH: process.env.PATH,
    AFN_LOG_LEVEL: 'none',
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_BSP_SCHEDULE_DELAY: '100',
  }
  const child = fork(path.join(here, 'hostile/app.cjs'), { execArgv, env })
  const [{ port }] = await once(child, 'message')
  return { child, port }
}

const get = (port, options) =>
  new Promise((resolve, reject) => {
    http
      .get({ host: '127.0.0.1', port, agent, ...options }, answer => answer.resume().on('end', resolve))
      .on('error', reject)
  })

async function cpuOf({ child }) {
  child.send('cpu')
  const [{ cpu }] = await once(child, 'message')
  return cpu
}

/** Microseconds of CPU a request. */
async function measure(app, options, requests) {
  const before = await cpuOf(app)
  let left = requests
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      while (left-- > 0) await get(app.port, options)
    }),
  )
  await new Promise(resolve => setTimeout(resolve, EXPORTED_MS))
  return ((await cpuOf(app)) - before) / requests
}

await printSurfaces(root)
const apps = [await start([]), await start(['--require', path.join(root, 'dist/index.cjs')])]
const idle = []
for (const app of apps) {
  await measure(app, PLACES['User-Agent'](TEXTS[0][1]), WARM)
  idle.push(await measure(app, { path: '/' }, WARM))
}
console.log(
  `Node ${process.versions.node}, ${rounds} rounds of ${REQUESTS} requests. A request with no text: ${idle[0].toFixed(0)} µs of CPU without us, ${idle[1].toFixed(0)} µs with us.`,
)
for (const [place, requestOf] of Object.entries(PLACES)) {
  const least = TEXTS.map(() => [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY])
  for (let round = 0; round < rounds; round++) {
    for (const [at, [, text]] of TEXTS.entries()) {
      for (const [which, app] of apps.entries()) {
        // new for each round, since texts in which nothing was found are remembered
        const cost = await measure(app, requestOf(`${round}${text}`), REQUESTS)
        least[at][which] = Math.min(least[at][which], cost)
      }
    }
  }
  const ours = least.map(([bare, watched]) => watched - bare)
  console.log(
    `\n| 15 KB in ${place} | µs a request without us | with us | ours | with us / harmless | ours / harmless |\n|---|---|---|---|---|---|`,
  )
  for (const [at, [name]] of TEXTS.entries()) {
    const [bare, watched] = least[at]
    const cells = [
      bare.toFixed(0),
      watched.toFixed(0),
      ours[at].toFixed(0),
      (watched / least[0][1]).toFixed(2),
      (ours[at] / ours[0]).toFixed(2),
    ]
    console.log(`| ${name} | ${cells.join(' | ')} |`)
  }
  const worst = least.reduce((dearest, [, watched], at) => (watched > least[dearest][1] ? at : dearest), 0)
  console.log(
    `\nthe worst: ${TEXTS[worst][0]}, ${least[worst][1].toFixed(0)} µs a request, ${(least[worst][1] / least[0][1]).toFixed(2)} times the harmless one`,
  )
}
for (const { child } of apps) child.kill()
process.exit()
