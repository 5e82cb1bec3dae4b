// The texts of the speed measurement, made by a seeded generator: blocks of 1 to 4 KiB as they stand in prompts, chat
// histories and tool outputs, and the short strings of span attributes. Personal data and secrets stand in them as rarely
// as in real traffic: about one in two blocks. Bundled and called by redact.mjs.
import { body, personal, pick, type Random, secrets, seeded } from '../../unit/redact-corpus'
import { CODE, ENGLISH, JAPANESE } from './prose'

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

/** How often each kind of block comes. */
const BLOCKS: readonly (readonly [number, Maker])[] = [
  [20, chat], [10, request], [14, english], [8, japanese], [14, rows], [10, log], [10, code], [5, html], [4, csv], [4, table], [1, vector],
] // biome-ignore format: a table

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

export interface Mix {
  /** 1 to 4 KiB each */
  readonly blocks: readonly string[]
  /** of about 4 KiB */
  readonly large: readonly string[]
  /** the values of span attributes */
  readonly short: readonly string[]
}

export function mix(seed = 2026): Mix {
  const random = seeded(seed)
  const makers = BLOCKS.flatMap(([times, make]) => Array.from({ length: times }, () => make))
  return {
    blocks: makers.flatMap(make => [0, 1].map(() => make(random, int(random, 1024, 3700)))),
    large: makers.map(make => make(random, 4096)),
    short: Array.from({ length: 1200 }, () => attribute(random)),
  }
}
