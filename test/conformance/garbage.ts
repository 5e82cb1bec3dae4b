// A provider that answers with garbage, by plain sockets: what of an answer is wrong follows from the number in the path alone.

import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { Random } from '../support/random'

/** Bytes, a pause in ms, or how the connection ends. */
type Part = Buffer | number | 'end' | 'reset'

export async function startGarbage(): Promise<{ url: string; asked: () => number; close: () => Promise<void> }> {
  let asked = 0
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, socket => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
    let head = ''
    socket.on('data', chunk => {
      head += chunk.toString('latin1')
      const [, seed] = /^\w+ \/(\d+)\//.exec(head) ?? []
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
      const at = head.indexOf('\r\n\r\n')
      if (seed === undefined || at < 0 || head.length < at + 4 + length) return
      head = ''
      asked++
      give(socket, garbage(new Random(Number(seed)), Number(seed) % 16 === 0)).catch(() => socket.destroy())
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: () => asked,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

async function give(socket: Socket, parts: readonly Part[]): Promise<void> {
  for (const part of parts) {
    if (socket.destroyed) return
    if (typeof part === 'number') await sleep(part)
    else if (part === 'end') socket.end()
    else if (part === 'reset') socket.resetAndDestroy()
    else if (!socket.write(part))
      await new Promise<void>(resolve => socket.once('drain', resolve).once('close', resolve))
  }
}

const usage = (random: Random) =>
  random.pick([
    { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
    { input_tokens: 9, output_tokens: 3 },
    { prompt_tokens: '11', completion_tokens: null, total_tokens: {} },
    { prompt_tokens: -1, completion_tokens: 1e308, total_tokens: 0.5 },
    { prompt_tokens: 9007199254740991, completion_tokens: true },
    { prompt_tokens_details: 'none', completion_tokens_details: [1, 2] },
    { input_tokens: 3, cache_creation: { ephemeral_5m_input_tokens: 'x' }, server_tool_use: 7 },
    [],
    'a lot',
    null,
    12,
  ])

/** What a model says, more or less. */
function said(random: Random): unknown {
  const call = {
    index: random.pick([0, 1e9, -1, '0', null]),
    id: 'c',
    type: 'function',
    function: { name: random.pick(['f', 7, null]), arguments: random.pick(['{"a":', '{}', 5]) },
  }
  const delta = random.pick<unknown>([
    { role: 'assistant', content: 'Grüße' },
    { content: ['a', { type: 'text' }] },
    { content: 42 },
    { tool_calls: [call] },
    { tool_calls: 'none' },
    { reasoning_content: {} },
    null,
    'word',
  ])
  const choice = {
    index: random.pick([0, 0, 3, 1e6, -4, 'x']),
    delta,
    message: delta,
    finish_reason: random.pick(['stop', null, 5, 'new']),
  }
  return random.pick<unknown>([
    { id: 'c1', object: 'chat.completion.chunk', model: 'gpt-5-mini', choices: [choice], usage: usage(random) },
    {
      id: 5,
      model: { name: 'x' },
      choices: random.pick<unknown>([[], {}, null, [null], [[choice]]]),
      usage: usage(random),
    },
    {
      type: 'message_start',
      message: {
        id: 'm',
        model: 'claude-opus-5',
        usage: usage(random),
        content: random.pick<unknown>([[], 'x', null]),
      },
    },
    {
      type: 'content_block_delta',
      index: random.pick([0, 99999999, -1]),
      delta: { type: 'text_delta', text: random.pick(['a', 4, null]) },
    },
    { type: 'message_delta', delta: null, usage: usage(random) },
    {
      type: 'response.completed',
      response: { id: 'r', model: 'gpt-5', output: random.pick<unknown>([[{}], 'x', null]), usage: usage(random) },
    },
    { type: 'response.output_text.delta', delta: {} },
    {
      candidates: [{ content: { parts: random.pick<unknown>([[{ text: 4 }], 'x']) } }],
      usageMetadata: usage(random),
      modelVersion: 3,
    },
    { message: delta, done: true, prompt_eval_count: random.pick<unknown>(['x', 5]), eval_count: usage(random) },
    { error: random.pick<unknown>([{ message: 'overloaded', type: 'server_error', code: 529 }, 'broken', [1]]) },
    ['a', 'list'],
    'a word',
    7,
    null,
  ])
}

/** JSON that no serializer of ours writes. */
function json(random: Random): string {
  const text = JSON.stringify(said(random))
  return random.pick([
    () => text,
    () => text,
    () => text.slice(0, random.below(text.length)),
    () => `${text}${text}`,
    () => `\ufeff${text}`,
    () => text.replaceAll('"', "'"),
    () => text.replace('{', '{"__proto__":{"choices":[]},"constructor":1,'),
    () => text.replace(/\d/, '1e999'),
    () => text.replace(/"[^"]*"/, '"\\ud800\\u0000"'),
    () => text.replace('{', '{"usage":{"prompt_tokens":1},'),
    () => `${'['.repeat(5000)}${text}${']'.repeat(5000)}`,
    () => `{"id":"${'x'.repeat(300_000)}","choices":[]}`,
    () => `{"choices":[${'{},'.repeat(20_000)}{}]}`,
    () => '',
    () => '<html><body>502 Bad Gateway</body></html>',
  ] as const satisfies (() => string)[])()
}

function events(random: Random): string {
  const end = random.pick(['\n\n', '\n\n', '\r\n\r\n', '\r\r', '\n'])
  const event = () =>
    random.pick([
      () => `data: ${json(random)}${end}`,
      () => `data: ${json(random)}${end}`,
      () => `data:${json(random)}${end}`,
      () => `event: ${random.pick(['message_start', 'error', 'ping', ''])}\ndata: ${json(random)}${end}`,
      () => `: keep-alive${end}`,
      () => `data: [DONE]${end}`,
      () => `data\n${end}`,
      () => `id: 1\nretry: soon\n${end}`,
      () => `${':\n'.repeat(3000)}${end}`,
      () => `data: ${'y'.repeat(random.pick([10, 70_000, 1_500_000]))}${end}`,
      () => `\ufeffdata: {}${end}`,
    ] as const satisfies (() => string)[])()
  return Array.from({ length: random.below(9) }, event).join('')
}

const types = ['text/event-stream', 'text/event-stream; charset=utf-8', 'application/json', 'application/json', 'application/x-ndjson', 'application/vnd.amazon.eventstream', 'text/html', 'x', ''] // biome-ignore format: one line

/** @param resets whether it may reset the connection: then nobody can say how much of it a client sees */
function garbage(random: Random, resets: boolean): Part[] {
  const type = random.pick(types)
  const text =
    type.startsWith('text/event') || random.chance(0.1)
      ? events(random)
      : type.includes('ndjson')
        ? Array.from({ length: 4 }, () => json(random)).join('\n')
        : json(random)
  let body: Buffer = Buffer.from(text)
  if (random.chance(0.15))
    for (let n = 0; n < 5 && body.length > 0; n++)
      body[random.below(body.length)] = random.pick([0xff, 0xc0, 0x00, 0x80, 0xed])
  const headers: string[] = type === '' ? [] : [`content-type: ${type}`]
  const coding = random.chance(0.2)
    ? random.pick(['gzip', 'br', 'deflate', 'zstd', 'none', 'gzip, gzip', 'x'] as const)
    : undefined
  if (coding) {
    headers.push(`content-encoding: ${coding}`)
    // half of them true, a part of those cut
    if (random.chance(0.5)) body = coding === 'br' ? brotliCompressSync(body) : gzipSync(body)
    if (random.chance(0.3)) body = body.subarray(0, random.below(body.length + 1))
  }
  headers.push(...random.pick<string[]>([[], [], [], ['set-cookie: a=b', 'set-cookie: c=d'], ['x-request-id: \u00ff'], ['retry-after: soon', 'x-ratelimit-remaining: -1'], ['openai-processing-ms: x'], [`x-long: ${'z'.repeat(9000)}`], [`x-endless: ${'z'.repeat(40_000)}`], Array.from({ length: 900 }, (_, n) => `x-${n}: y`), ['broken header'], ['location: /elsewhere'], ['keep-alive: timeout=1']])) // biome-ignore format: a list
  const status = random.chance(0.7)
    ? 200
    : random.pick([201, 204, 206, 304, 400, 401, 404, 429, 500, 503, 529, 999, 299, 407])
  const before = random.chance(0.1) ? random.pick(['HTTP/1.1 100 Continue\r\n\r\n', 'HTTP/1.1 103 Early Hints\r\nlink: </x>; rel=preload\r\n\r\n', 'HTTP/1.1 102 Processing\r\n\r\n'.repeat(20), 'HTTP/1.1 150 What\r\n\r\n']) : '' // biome-ignore format: a list
  const line = random.chance(0.95) ? `HTTP/1.1 ${status} ${random.pick(['OK', '', 'Fine \u00e9'])}` : random.pick(['HTTP/1.0 200 OK', 'HTTP/9.9 200 OK', 'ICY 200 OK', 'HTTP/1.1 20 OK', '\r\n\r\nHTTP/1.1 200 OK']) // biome-ignore format: a list
  const lying = (more: number) => `content-length: ${Math.max(0, body.length + more)}`
  const framing = random.next()
  const head = (extra: readonly string[]) =>
    Buffer.from(`${before}${[line, ...headers, ...extra, 'connection: close'].join('\r\n')}\r\n\r\n`, 'latin1')
  const cut = random.chance(0.2) ? body.subarray(0, random.below(body.length + 1)) : body
  const last: Part[] = cut.length < body.length || random.chance(0.1) ? [30, resets ? 'reset' : 'end'] : [5, 'end']
  if (random.chance(0.02)) return [resets ? 'reset' : 'end']
  if (framing < 0.4) return [head([lying(0)]), ...pieces(cut, random), ...last]
  if (framing < 0.5) return [head([lying(random.pick([-5, 7, 100_000]))]), ...pieces(cut, random), 30, 'end']
  if (framing < 0.55) return [head([lying(0), lying(1)]), ...pieces(cut, random), 30, 'end']
  if (framing < 0.65) return [head([]), ...pieces(cut, random), 5, 'end']
  const chunked = pieces(cut, random).map(part => (Buffer.isBuffer(part) ? chunk(part, random) : part))
  const close = random.pick([
    '0\r\n\r\n',
    '0\r\n\r\n',
    '0\r\nx-usage: 5\r\nx-usage: 6\r\n\r\n',
    '0\r\nbroken\r\n\r\n',
    '',
    'zz\r\n',
  ])
  const extra = framing < 0.7 ? ['transfer-encoding: chunked', lying(0)] : ['transfer-encoding: chunked']
  return [head(extra), ...chunked, ...(cut.length < body.length ? [] : [Buffer.from(close)]), ...last]
}

function pieces(bytes: Buffer, random: Random): Part[] {
  const size = random.pick([
    bytes.length || 1,
    Math.ceil(bytes.length / 3) || 1,
    Math.max(1, Math.ceil(bytes.length / 40)),
  ])
  const parts: Part[] = []
  for (let from = 0; from < bytes.length; from += size) {
    parts.push(bytes.subarray(from, from + size))
    if (random.chance(0.1)) parts.push(2)
  }
  return parts
}

function chunk(bytes: Buffer, random: Random): Buffer {
  if (bytes.length === 0) return bytes
  const size = random.chance(0.03) ? random.pick(['-1', 'fffffffffffffffff', 'x']) : bytes.length.toString(16)
  const extension = random.chance(0.05) ? ';name=value' : ''
  return Buffer.concat([Buffer.from(`${size}${extension}\r\n`), bytes, Buffer.from('\r\n')])
}
