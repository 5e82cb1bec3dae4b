// Runs a batch of apps in one process, bare, with stock OpenTelemetry or with ours, and gathers what clients saw and what was exported.
import { spawn } from 'node:child_process'
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { installOnce } from '../../support/install.mjs'
import { makeApp, root } from '../../support/packed'
import { type ReceivedMetric, type ReceivedSpan, startReceiver } from '../../support/receiver'
import { named } from './frameworks'
import type { App, Request } from './model'

export const modes = ['bare', 'stock', 'ours'] as const
export type Mode = (typeof modes)[number]

/** What a client saw. */
export interface Answer {
  readonly status?: number
  readonly headers?: readonly string[]
  readonly body?: string
  readonly failure?: string
}

export interface Told {
  /** Of the apps in their order: a port, or why it could not be built. */
  readonly built: readonly (number | string)[]
  readonly uncaught: readonly string[]
  readonly thrown: ReadonlyMap<string, readonly (readonly [type: string | null, message: string | null])[]>
  readonly routes: ReadonlyMap<string, string>
}

export interface Outcome extends Told {
  readonly answers: ReadonlyMap<string, Answer>
  /** Server spans by the request that they are of. */
  readonly servers: ReadonlyMap<string, readonly ReceivedSpan[]>
  /** All spans by trace. */
  readonly traces: ReadonlyMap<string, readonly ReceivedSpan[]>
  readonly metrics: readonly ReceivedMetric[]
  readonly code: number | null
  readonly stderr: string
  readonly stdout: string
  readonly rounds: readonly Round[]
}

/** Of apps that ask a provider, what their process says after each round. */
export interface Round {
  readonly heap: number
  /** From the second round on: turns of the loop, those with more than 10 ms of CPU, and the most of one. */
  readonly turns: number
  readonly long: number
  readonly longest: number
}

const fileOf = (name: string) => path.join(root, 'test/conformance/apps', name)
const letters = (n: number): string =>
  (n < 26 ? '' : letters(Math.floor(n / 26) - 1)) + String.fromCharCode(97 + (n % 26))
/** Without digits, which a redactor might take for something. */
export const idOf = (app: number, request: number) => `probe ${letters(app)} ${letters(request)}`
const hex = (n: number, digits: number) => n.toString(16).padStart(digits, '0')
export const parentOf = (app: number, request: number) => ({
  traceId: `0af7651916cd43dd${hex(app + 1, 8)}${hex(request + 1, 8)}`,
  spanId: `b7ad6b71${hex(request + 1, 8)}`,
})

/** @returns the folder in which the frameworks are, with another one for older versions */
function installed(): { modules: string; older: string } {
  const folder = installOnce(fileOf('package.json'), 'apps')
  const modules = path.join(folder, 'node_modules')
  const older = path.join(folder, 'older')
  for (const alias of ['express-4', 'koa-2']) {
    const target = path.join(older, 'node_modules', alias.slice(0, -2))
    if (existsSync(target)) continue
    const unfinished = `${target}.${process.pid}`
    cpSync(path.join(modules, alias), unfinished, { recursive: true })
    cpSync(unfinished, target, { recursive: true })
    rmSync(unfinished, { recursive: true })
  }
  return { modules, older }
}

export interface Place {
  readonly folder: string
  readonly older: string
  readonly preload: Record<Mode, readonly string[]>
  remove(): void
}

/** An app folder in which all batches run. `AFN_PACKAGE` names another build of ours: a folder that has its `dist`. */
export function makePlace(): Place {
  const { modules, older } = installed()
  const { dependencies } = JSON.parse(readFileSync(fileOf('package.json'), 'utf8')) as { dependencies: object }
  const needed = Object.keys(dependencies).filter(name => !/^@(opentelemetry|fastify\/otel|hono\/otel)|-\d$/.test(name))
  const folder = makeApp({
    files: {
      'host.cjs': readFileSync(fileOf('host.cjs'), 'utf8'),
      'ask.cjs': readFileSync(fileOf('ask.cjs'), 'utf8'),
      'fastify-otel.cjs': `const { FastifyOtelInstrumentation } = require('${modules}/@fastify/otel')\nnew FastifyOtelInstrumentation({ registerOnInitialization: true })`,
    },
    modules: Object.fromEntries(needed.map(name => [name, path.join(modules, name)])),
  })
  const ours = process.env.AFN_PACKAGE
    ? path.join(path.resolve(process.env.AFN_PACKAGE), 'dist/index.cjs')
    : '@afn/otel'
  const register = path.join(modules, '@opentelemetry/auto-instrumentations-node/build/src/register.js')
  return {
    folder,
    older,
    preload: {
      bare: [],
      stock: ['--require', register, '--require', './fastify-otel.cjs'],
      ours: ['--require', ours],
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

export function sourceOf(apps: readonly App[]): string {
  const functions = apps.map(app => `async (kit, http, Readable, require) => {\n${named(app.framework).source(app)}\n}`)
  return `module.exports = [\n${functions.join(',\n')}\n]\n`
}

let batches = 0

export interface More {
  readonly env?: Record<string, string>
  /** How often all requests are sent. Default once, and nothing is measured. */
  readonly rounds?: number
}

export async function runBatch(
  apps: readonly App[],
  mode: Mode,
  { folder, older, preload }: Place,
  { env, rounds }: More = {},
): Promise<Outcome> {
  const file = `batch-${process.pid}-${++batches}.cjs`
  writeFileSync(path.join(folder, file), sourceOf(apps))
  const receiver = mode === 'bare' ? undefined : await startReceiver()
  const child = spawn(
    process.execPath,
    [...(rounds ? ['--expose-gc'] : []), ...preload[mode], 'host.cjs', `./${file}`],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        NODE_ENV: 'production',
        OLDER: older,
        ...(receiver && {
          OTEL_SERVICE_NAME: 'apps',
          OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
          OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
          OTEL_METRICS_EXPORTER: 'otlp',
          OTEL_LOGS_EXPORTER: 'none',
          OTEL_METRIC_EXPORT_INTERVAL: '600000',
          OTEL_BSP_SCHEDULE_DELAY: '200',
          OTEL_BSP_MAX_QUEUE_SIZE: '200000',
        }),
        ...env,
      },
    },
  )
  let stderr = ''
  let stdout = ''
  child.stderr!.setEncoding('utf8').on('data', text => {
    stderr += text
  })
  child.stdout!.setEncoding('utf8').on('data', text => {
    stdout += text
  })
  const ended = new Promise<number | null>(resolve => child.on('close', resolve))
  // it cannot be written to: it has ended, which says more
  child.on('error', () => {})
  const hanging: Hanging = new Map()
  const [whenBuilt, whenTold] = [deferred<(number | string)[]>(), deferred<Message['told']>()]
  child.on('message', (message: Message) => {
    // an answer that has come by now is read first
    if (message.hangs) setImmediate(id => hanging.get(id)?.(), message.hangs)
    if (message.ports) whenBuilt.resolve(message.ports)
    if (message.told) whenTold.resolve(message.told)
    if (message.round) measured.shift()?.(message.round)
    if (message.quiet) waiting.shift()?.()
  })
  const waiting: (() => void)[] = []
  const quiet = async () => {
    child.send({ quiet: true })
    await new Promise<void>(resolve => waiting.push(resolve))
    // what was closed meanwhile is seen first
    await new Promise(setImmediate)
  }
  const measured: ((round: Round) => void)[] = []
  const measure = () => {
    child.send({ round: true })
    return new Promise<Round>(resolve => measured.push(resolve))
  }
  const limit = setTimeout(() => child.kill('SIGKILL'), 900_000)
  const lost = ended.then(code => {
    throw new Error(`${mode}: the apps' process ended with ${code} before its time\n${stderr}`)
  })
  try {
    const built = await Promise.race([whenBuilt.promise, lost])
    const answers = new Map<string, Answer>()
    const found: Round[] = []
    for (let round = 0; round < (rounds ?? 1); round++) {
      const once = await Promise.race([askAll(apps, built, hanging, id => child.send({ waits: id }), quiet), lost])
      for (const [id, answer] of once) answers.set(round === 0 ? id : `${id} again ${round}`, answer)
      if (rounds) found.push(await Promise.race([measure(), lost]))
    }
    lost.catch(() => {})
    child.send({ end: true })
    const told = await Promise.race([whenTold.promise, lost])
    const code = await ended
    const spans = receiver?.spans() ?? []
    return {
      built,
      uncaught: told!.uncaught,
      thrown: grouped(
        told!.thrown,
        ([id]) => id,
        ([, error]) => error,
      ),
      routes: new Map(told!.routes),
      answers,
      servers: grouped(
        spans.filter(({ kind }) => kind === 2),
        span => String(span.attributes['user_agent.original'] ?? 'nobody'),
        span => span,
      ),
      traces: grouped(
        spans,
        ({ traceId }) => traceId,
        span => span,
      ),
      metrics: receiver?.metrics() ?? [],
      code,
      stderr,
      stdout,
      rounds: found,
    }
  } finally {
    clearTimeout(limit)
    child.kill('SIGKILL')
    // stock's own attributes are not in our registry
    await receiver?.close().catch(() => {})
    rmSync(path.join(folder, file), { force: true })
  }
}

interface Message {
  readonly ports?: (number | string)[]
  readonly hangs?: string
  readonly quiet?: true
  readonly round?: Round
  readonly told?: {
    readonly uncaught: string[]
    readonly thrown: [id: string, error: [string | null, string | null]][]
    readonly routes: [id: string, route: string][]
  }
}

/** Some apps at once; of one app one turn after the other. */
async function askAll(
  apps: readonly App[],
  ports: readonly (number | string)[],
  hanging: Hanging,
  wait: (id: string) => void,
  quiet: () => Promise<void>,
): Promise<Map<string, Answer>> {
  const answers = new Map<string, Answer>()
  const turns = apps.entries()
  const work = async () => {
    for (const [at, app] of turns) {
      const port = ports[at]
      if (typeof port !== 'number') continue
      const agent = new http.Agent({ keepAlive: true })
      for (const [, requests] of grouped(
        [...app.requests.entries()],
        ([, { turn }]) => turn,
        one => one,
      )) {
        // a connection may be closed after its answer, as the next request is on its way: whether that arrives is chance
        if (requests.some(([, { keepAlive }]) => keepAlive)) await quiet()
        await Promise.all(
          requests.map(async ([n, request]) => {
            answers.set(idOf(at, n), await ask(request, at, n, port, request.keepAlive ? agent : false, hanging, wait))
          }),
        )
      }
      agent.destroy()
    }
  }
  await Promise.all(Array.from({ length: 8 }, work))
  return answers
}

/** After that the process is asked to say when it has had time enough. */
const patienceMs = 200

type Hanging = Map<string, () => void>

function ask(
  { method, path: target, hasParent, body }: Request,
  app: number,
  n: number,
  port: number,
  agent: http.Agent | false,
  hanging: Hanging,
  wait: (id: string) => void,
): Promise<Answer> {
  const id = idOf(app, n)
  const { traceId, spanId } = parentOf(app, n)
  return new Promise(resolve => {
    const headers = {
      host: 'shop.test:8080',
      'user-agent': id,
      ...(hasParent && { traceparent: `00-${traceId}-${spanId}-01` }),
      ...(body && { 'content-type': 'application/json', 'content-length': '9' }),
    }
    const request = http.request({ host: '127.0.0.1', port, method, path: target, headers, agent, setHost: false })
    const chunks: Buffer[] = []
    let answer: http.IncomingMessage | undefined
    const asks = setTimeout(() => wait(id), patienceMs)
    const done = (failure?: string) => {
      clearTimeout(asks)
      hanging.delete(id)
      resolve({
        ...(answer && {
          status: answer.statusCode!,
          headers: sent(answer.rawHeaders),
          body: Buffer.concat(chunks).toString('latin1'),
        }),
        ...(failure && { failure }),
      })
    }
    hanging.set(id, () => request.destroy(Object.assign(new Error(), { code: 'LEFT' })))
    request.on('error', (error: NodeJS.ErrnoException) => done(error.code))
    request.on('response', response => {
      answer = response
      response.on('data', chunk => chunks.push(chunk))
      response.on('error', (error: NodeJS.ErrnoException) => done(error.code))
      response.on('end', () => done())
    })
    request.end(body ? '{"a":"b"}' : undefined)
  })
}

/** Without the time. */
function sent(raw: readonly string[]): string[] {
  return raw.flatMap((text, i) => (i % 2 ? [] : /^date$/i.test(text) ? [] : [`${text}: ${raw[i + 1]}`]))
}

export function grouped<T, K, V>(list: readonly T[], key: (one: T) => K, value: (one: T) => V): Map<K, V[]> {
  const map = new Map<K, V[]>()
  for (const one of list) {
    const at = key(one)
    const before = map.get(at)
    if (before) before.push(value(one))
    else map.set(at, [value(one)])
  }
  return map
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>(take => {
    resolve = take
  })
  return { promise, resolve }
}
