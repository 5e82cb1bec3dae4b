// Puts what was received into a real `afn-otel up`, and asks it. Called by main.ts.
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { callerSpans } from './caller'
import { output } from './children.mjs'
import type { Talked } from './conversations'
import { freePort } from './ports'
import type { Received } from './receive'
import type { Stage } from './stage'

export interface Explored {
  readonly said: string
  /** For the person who started the demo. */
  readonly answers: readonly Answer[]
  /** What still runs, with --keep. */
  readonly kept: { readonly url: string; readonly pid: number } | undefined
}

export interface Answer {
  readonly title: string
  readonly command: string
  readonly lines: readonly string[]
}

/** Of collector/queries, and what has to stand in the answer, since it is never skipped. */
const questions = [
  { name: 'cost-by-model', finds: ['claude-haiku-4-5'] },
  { name: 'failed-calls', finds: ['gpt-5-mini'] },
  { name: 'slow-chats', finds: ['claude-haiku-4-5'] },
] as const

export async function explore(stage: Stage, received: Received, talked: readonly Talked[]): Promise<Explored> {
  const up = await startUp(stage)
  try {
    return await asked(stage, up, received, talked)
  } catch (error) {
    if (stage.keep) process.kill(up.pid)
    throw error
  }
}

interface RunningUp {
  readonly url: string
  readonly otlp: string
  readonly pid: number
}

async function asked(
  stage: Stage,
  { url, otlp, pid }: RunningUp,
  received: Received,
  talked: readonly Talked[],
): Promise<Explored> {
  const traces: object[] = [callerSpans(talked), ...received.traces]
  await Promise.all(traces.map(request => post(`${otlp}/v1/traces`, request)))
  for (const request of received.metrics) await post(`${otlp}/v1/metrics`, request)
  await Promise.all(received.logs.map(request => post(`${otlp}/v1/logs`, request)))
  const answers: Answer[] = []
  for (const { name, finds } of questions) {
    const args = ['query', name, '--tempo', url]
    const text = await output(process.execPath, [cliOf(stage), ...args], { env: environment() })
    const missing = finds.find(word => !text.includes(word))
    if (missing) throw new Error(`afn-otel ${args.join(' ')} does not tell of ${missing}: ${text}`)
    answers.push({ title: name, command: `npx afn-otel query ${name}`, lines: text.trim().split('\n') })
  }
  const found = await tiersIn(url, talked)
  const said = `${found} traces in afn-otel up, each in its tier; ${answers.length} questions of the catalogue answered`
  return { said, answers, kept: stage.keep ? { url, pid } : undefined }
}

async function startUp(stage: Stage): Promise<RunningUp> {
  // Whoever keeps it finds it where the commands look.
  const [port, otlpPort] = await Promise.all((stage.keep ? stage.ports : [0, 0]).map(freePort))
  const args = [
    cliOf(stage),
    'up',
    '--memory',
    '--port',
    String(port),
    '--otlp-port',
    String(otlpPort),
    '--grpc-port',
    'none',
  ]
  const [url, otlp] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${otlpPort}`]
  // The demo's own folder goes when the demo ends.
  const child = stage.start(process.execPath, args, { cwd: tmpdir(), env: environment(), outlives: stage.keep })
  const why = await Promise.race([child.ended, ready(url)])
  if (why !== undefined) throw new Error(why)
  return { url, otlp, pid: child.pid ?? 0 }
}

const cliOf = ({ app }: Stage): string => path.join(app, 'node_modules/@afn/otel/dist/cli.cjs')

/** Settings of the user's own are for his own `up`. */
function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AFN_')))
}

async function ready(url: string): Promise<undefined> {
  while (!(await fetch(`${url}/ready`).catch(() => undefined))?.ok) await sleep(50)
  return undefined
}

async function post(url: string, request: object): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(request) })
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
}

/** @returns how many of the conversations it has, each in the tier that it has to be in */
async function tiersIn(url: string, talked: readonly Talked[]): Promise<number> {
  const replayed = talked.filter(({ traceId, live }) => traceId && !live)
  for (const { traceId, conversation } of replayed) {
    const response = await fetch(`${url}/api/afn/traces/${traceId}`)
    const { tier, error } = (await response.json()) as { tier?: string; error?: string }
    if (tier !== conversation.decision.tier)
      throw new Error(`${conversation.name} is ${tier ?? error} in afn-otel up, not ${conversation.decision.tier}`)
  }
  return talked.filter(({ traceId }) => traceId).length
}
