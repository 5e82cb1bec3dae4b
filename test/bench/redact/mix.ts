// The texts of the speed measurement, made by a seeded generator: of many kinds, from ten characters to 256 KiB, of each way in which
// a program comes by a string. Personal data and secrets stand in most as rarely as in real traffic, and in one kind in every line.
// Bundled and called by redact.mjs.
import { corpus } from '../../redact/corpus/generate.mjs'
import { body, personal, pick, type Random, secrets, seeded } from '../../unit/redact-corpus'
import { KINDS, textOf } from './kinds.mjs'
import { CODE, ENGLISH, JAPANESE, LATIN, OTHER_SCRIPTS } from './prose'

type Maker = (random: Random, size: number) => string

const int = (random: Random, least: number, most: number) => least + Math.floor(random() * (most - least + 1))
const hex = (random: Random, count: number) =>
  Array.from({ length: count }, () => pick(random, [...'0123456789abcdef'])).join('')
const uuid = (random: Random) => [8, 4, 4, 4, 12].map(count => hex(random, count)).join('-')
const two = (value: number) => String(value).padStart(2, '0')
const time = (random: Random) =>
  `2026-${two(int(random, 1, 12))}-${two(int(random, 1, 28))}T${two(int(random, 0, 23))}:${two(int(random, 0, 59))}:${two(int(random, 0, 59))}.${int(random, 100, 999)}Z`
const model = (random: Random) =>
  pick(random, [
    'gpt-4o-2024-08-06',
    'claude-sonnet-4-5-20250929',
    'gemini-2.5-flash',
    'llama3.1:8b',
    'text-embedding-3-small',
  ])
const route = (random: Random) =>
  pick(random, ['/v1/chat/completions', '/api/orders/{id}', '/users/42/settings', '/assets/app.3f2a9c.js', '/search'])
const url = (random: Random) =>
  `https://${pick(random, HOSTS)}${route(random)}?page=${int(random, 1, 40)}&q=${pick(random, WORDS)}#top`
const HOSTS = ['api.example.com', 'cdn.example.net:8443', 'shop.example.co.jp', 'localhost:3000']
const WORDS = 'alpha router invoice garden orange window latency cluster vector summary planet notebook'.split(' ')

/** Lines until the size is reached, at most the last of them too many. */
function fill(size: number, line: () => string, joint = '\n'): string {
  const lines: string[] = []
  for (let length = 0; length < size; length += lines.at(-1)!.length + 1) lines.push(line())
  return lines.join(joint)
}

/** A value that has to go, in a sentence. */
const planted = (random: Random) =>
  `Contact: ${pick(random, Object.values({ ...personal, ...secrets }))(random)} as agreed.`
const english: Maker = (random, size) =>
  fill(
    size,
    () => (random() < 0.02 ? planted(random) : pick(random, ENGLISH)),
    pick(random, [' ', ' ', '\n\n', '\n- ']),
  )
const japanese: Maker = (random, size) =>
  fill(size / 3, () => (random() < 0.02 ? planted(random) : pick(random, JAPANESE)), '')

const chat: Maker = (random, size) => {
  const messages: unknown[] = [{ role: 'system', content: english(random, 200) }]
  const prose = random() < 0.3 ? japanese : english
  for (let length = 0; length < size; length += 400) {
    messages.push({ role: 'user', content: prose(random, int(random, 60, 250)) })
    messages.push(
      random() < 0.25
        ? { role: 'assistant', tool_calls: [{ id: `call_${body(random, 24)}`, type: 'function', function: { name: 'search_orders', arguments: JSON.stringify({ query: pick(random, WORDS), limit: 10 }) } }] } // biome-ignore format: one message
        : { role: 'assistant', content: prose(random, int(random, 60, 250)) },
    )
  }
  return JSON.stringify(messages)
}

const request: Maker = (random, size) =>
  JSON.stringify({ model: model(random), temperature: 0.7, max_tokens: 1024, stream: true, input: chat(random, size) })

const rows: Maker = (random, size) => {
  const row = () => ({
    id: uuid(random), created_at: time(random), title: pick(random, ENGLISH).slice(0, 60), score: random(), price: int(random, 100, 99999) / 100,
    url: url(random), tags: [pick(random, WORDS), pick(random, WORDS)], in_stock: random() < 0.5, quantity: int(random, 0, 500), next: null,
  }) // biome-ignore format: a table
  return `{"results":[${fill(size, () => JSON.stringify(row()), ',')}],"usage":{"prompt_tokens":${int(random, 100, 9999)},"completion_tokens":512}}`
}

const log: Maker = (random, size) =>
  fill(size, () => {
    const level = pick(random, ['INFO', 'INFO', 'DEBUG', 'WARN', 'ERROR'])
    const rest = pick(random, [
      `GET ${route(random)} 200 ${int(random, 1, 900)}ms 10.0.${int(random, 0, 255)}.${int(random, 1, 254)} trace_id=${hex(random, 32)}`,
      `cache miss key=session:${hex(random, 16)} ttl=${int(random, 1, 3600)}`,
      `worker[${int(random, 1, 32)}]: job ${uuid(random)} finished in ${random().toFixed(3)}s (attempt ${int(random, 1, 3)}/3)`,
      `    at Layer.handle (/app/node_modules/express/lib/router/layer.js:${int(random, 1, 300)}:${int(random, 1, 40)})`,
    ])
    return random() < 0.02 ? `${time(random)} WARN ${planted(random)}` : `${time(random)} ${level} ${rest}`
  })

const code: Maker = (random, size) => fill(size, () => pick(random, CODE))
const html: Maker = (random, size) =>
  fill(size, () =>
    pick(random, [
      `<p class="lead">${pick(random, ENGLISH)}</p>`,
      `<li><a href="${url(random)}" data-id="${hex(random, 12)}" aria-label="more">${pick(random, WORDS)}</a></li>`,
      `<img src="/img/${pick(random, WORDS)}@2x.png" width="${int(random, 10, 999)}" height="200" alt="">`,
      `<div style="margin:0 auto;color:#${hex(random, 6)}" id="c${int(random, 1, 99)}"><span>${pick(random, WORDS)}</span></div>`,
    ]),
  )
const csv: Maker = (random, size) =>
  `id,date,product,quantity,unit_price,total,note\n${fill(size, () => `${int(random, 1000, 99999)},2026-0${int(random, 1, 9)}-1${int(random, 0, 9)},"${pick(random, WORDS)} ${pick(random, WORDS)}",${int(random, 1, 20)},${int(random, 100, 9999) / 100},${int(random, 1000, 99999) / 100},${random() < 0.2 ? pick(random, ENGLISH).slice(0, 40) : ''}`)}`
const table: Maker = (random, size) =>
  `## ${pick(random, WORDS)}\n\n| name | value | change |\n|---|---:|---:|\n${fill(size, () => `| **${pick(random, WORDS)}** | ${int(random, 1, 99999)} | +${random().toFixed(2)}% |`)}`
const vector: Maker = (random, size) =>
  `{"object":"embedding","index":0,"embedding":[${fill(size, () => String(random() * 2 - 1), ',')}]}`

const attribute = (random: Random): string =>
  pick(random, [
    () => url(random),
    () => route(random),
    () => model(random),
    () => uuid(random),
    () => hex(random, 32),
    () => `chatcmpl-${body(random, 29)}`,
    () =>
      `SELECT o.id, o.total FROM orders o JOIN users u ON u.id = o.user_id WHERE o.status = $1 AND o.created_at > $2 LIMIT ${int(random, 1, 100)}`,
    () => `INSERT INTO events (id, kind, payload) VALUES (?, ?, ?) -- ${pick(random, WORDS)}`,
    () =>
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36',
    () => pick(random, ENGLISH).slice(0, int(random, 10, 100)),
    () => `${pick(random, ['GET', 'POST'])} ${route(random)}`,
    () => `Error: connect ECONNREFUSED 127.0.0.1:${int(random, 1024, 65535)}`,
    () =>
      pick(random, [
        'production',
        'eu-west-1',
        'application/json; charset=utf-8',
        'node:20.20.0',
        'checkout-service-7d9f8b6c5-x2x9p',
      ]),
  ])()

/** Of an attribute of each call of one conversation: all messages up to there. */
function conversation(random: Random, size: number): string[] {
  const messages: string[] = []
  const calls: string[] = []
  for (let length = 0; length < size; length += messages.at(-1)!.length) {
    messages.push(chat(random, 1200).slice(1, -1))
    calls.push(`[${messages.join(',')}]`)
  }
  return calls
}

/** The hexadecimal codes behind `\\u`, as Python writes JSON. */
const escaped = (text: string) =>
  text.replace(/[^ -~\n]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
const fullWidth = (text: string) => text.replace(/[!-~]/g, char => String.fromCharCode(char.charCodeAt(0) + 0xfee0))
const coloured = (text: string) => text.replace(/\b(?:INFO|WARN|DEBUG|ERROR)\b/g, '\u001b[3$&m$&\u001b[0m')
const lines =
  (from: readonly string[], joint: string): Maker =>
  (random, size) =>
    fill(size, () => pick(random, from), joint)
const settings: Maker = (random, size) =>
  fill(size, () =>
    pick(random, [
      () => `${pick(random, WORDS)}_${pick(random, WORDS)}: ${int(random, 1, 9999)}`,
      () => `export ${pick(random, WORDS).toUpperCase()}_URL=${url(random)}`,
      () =>
        `  - name: ${pick(random, WORDS)}\n    image: registry.example.com/${pick(random, WORDS)}:1.${int(random, 0, 99)}.0`,
      () => `${pick(random, WORDS)}.${pick(random, WORDS)} = "${pick(random, WORDS)}"  # default`,
    ])(),
  )
const statement: Maker = (random, size) =>
  fill(size, () =>
    pick(random, [
      `SELECT o.id, o.total FROM orders o JOIN users u ON u.id = o.user_id WHERE o.status = $1 AND o.created_at > $2 LIMIT ${int(random, 1, 100)};`,
      `INSERT INTO events (id, kind, payload) VALUES (${int(random, 1, 1e6)}, '${pick(random, WORDS)}', '{"n": ${int(random, 1, 99)}}');`,
      `UPDATE items SET quantity = quantity - ${int(random, 1, 9)}, updated_at = '${time(random)}' WHERE sku = '${hex(random, 8)}';`,
    ]),
  )
const diff: Maker = (random, size) => fill(size, () => pick(random, CODE).replace(/^/gm, pick(random, ['+', '-', ' '])))
const hits = corpus({ seed: 3, scale: 0.2 }).flatMap(({ text, labels }) => (labels.length > 0 ? [text] : []))
/** One of these kinds of `kinds.mjs` in each text. */
const oneOf = (names: RegExp): Maker => {
  const kinds = Object.entries(KINDS).flatMap(([name, line]) => (names.test(name) ? [line] : []))
  return (random, size) => textOf(pick(random, kinds), size, random)
}

/** What the speed of each is printed of. */
const MAKERS: Readonly<Record<string, Maker>> = {
  'prose, English': english,
  'prose, Latin-1': lines(LATIN, ' '),
  'prose, other scripts': lines(OTHER_SCRIPTS, ' '),
  Japanese: japanese,
  chats: chat,
  requests: request,
  'rows of JSON': rows,
  logs: log,
  'logs with colours': (random, size) => coloured(log(random, size)),
  code,
  diffs: diff,
  settings,
  statements: statement,
  URLs: (random, size) => fill(size, () => url(random)),
  HTML: html,
  'rows of CSV': csv,
  'tables of Markdown': table,
  'tables of numbers': oneOf(/^(?:numbers|matrix|rows|groups|ranges|dates|pixels|path)/),
  embeddings: vector,
  'dumps, hashes, base64': oneOf(/^(?:hex|hashes|UUIDs|base64)/),
  'escapes of JSON': (random, size) => escaped(chat(random, size / 2)),
  'percent-encoded': (random, size) => encodeURIComponent(chat(random, size / 2)),
  'full width': (random, size) => fullWidth(english(random, size / 3)),
  'full of hits': (random, size) => fill(size, () => pick(random, hits)),
}

/** A way in which a program comes by a string, each another kind of string in V8. */
const SHAPES: readonly ((text: string) => string)[] = [
  // read from a socket or a file
  text => Buffer.from(text).toString(),
  // of a document in JSON
  text => JSON.parse(JSON.stringify([text]))[0],
  // put together
  text => text.slice(0, text.length >> 1) + text.slice(text.length >> 1),
  // cut out of another one, whose other characters are all Latin or not
  text => `<<${text}>>`.slice(2, -2),
  text => `《${text}》`.slice(1, -1),
]

/** Texts of one kind and one range of lengths that are read one after the other. */
export interface Piece {
  readonly kind: string
  /** the most characters that a text of it has, about */
  readonly length: number
  readonly texts: readonly { readonly text: string; readonly shape: (text: string) => string }[]
}

/** Of a piece: small enough for some round to read it undisturbed. */
const CHARACTERS = 12 * 1024
const LENGTHS = [100, 1024, 4096, 16 * 1024, 64 * 1024, 256 * 1024]
/** A text of each of these lengths is long beside a piece, so that only every fourth kind has one. */
const LONG = 16 * 1024
const VALUES = 400

/** Pieces in no order. @param longest characters of a text at most */
export function mix(seed = 2026, longest = 256 * 1024): Piece[] {
  const random = seeded(seed)
  const pieces: Piece[] = []
  let shape = 0
  const add = (kind: string, length: number, texts: readonly string[]) =>
    pieces.push({ kind, length, texts: texts.map(text => ({ text, shape: SHAPES[shape++ % SHAPES.length]! })) })
  for (const [index, [kind, make]] of Object.entries(MAKERS).entries()) {
    for (const [rank, length] of LENGTHS.entries()) {
      if (length > longest || (length > LONG && index % 4 !== rank % 4)) continue
      const texts: string[] = []
      for (let left = CHARACTERS; left > 0; left -= texts.at(-1)!.length) {
        const size = Math.floor(length / 8 ** random())
        texts.push(make(random, size).slice(0, size))
      }
      add(kind, length, texts)
    }
  }
  add(
    'values of attributes',
    100,
    Array.from({ length: VALUES }, () => attribute(random)),
  )
  add('a conversation, call by call', Math.min(longest, LONG), conversation(random, Math.min(longest, 40 * 1024)))
  return pieces
    .map(piece => [random(), piece] as const)
    .sort(([a], [b]) => a - b)
    .map(([, piece]) => piece)
}
