// An app under load behind a Collector that is away for a while: what of its spans arrived, and how often.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** `stopped`: by SIGSTOP, so that it answers when it goes on; `hanging`: it takes requests and never answers them. */
export const outages = ['refused', 'hanging', 'stopped', '503', '429', 'reset'] as const

export interface Away {
  readonly outage: (typeof outages)[number]
  readonly ms: number
  /** Folder of `outage-app.cjs` and `outage-sink.mjs`. */
  readonly support: string
  readonly preload: string
  readonly cwd: string
  readonly env: Record<string, string>
}

export interface Arrived {
  /** Spans by rank, the lowest first. */
  readonly made: readonly number[]
  readonly lost: readonly number[]
  /** Spans that arrived more than once. */
  readonly doubled: number
  /** The largest memory over that of the start. */
  readonly grownBytes: number
  /** `status().exported`, where the app has one. */
  readonly exported: { readonly spans: number; readonly failed: number; readonly dropped: number } | undefined
  /** Requests with spans, ms after the epoch. */
  readonly requests: Sink['requests']
  readonly stderr: string
}

interface Sink {
  readonly port: number
  readonly taken: readonly [string, number][]
  readonly requests: readonly { readonly at: number; readonly mode: string }[]
}

/** Longer than any pause, and the time that a request waits for an answer. */
const afterMs = 17_000
const sleep = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

async function answerOf<T>(child: ChildProcess, message?: object): Promise<T> {
  if (message) child.send(message)
  return (await once(child, 'message'))[0] as T
}

export async function whileAway({ outage, ms, support, preload, cwd, env }: Away): Promise<Arrived> {
  const sink = fork(`${support}/outage-sink.mjs`, { execArgv: [] })
  const { port } = await answerOf<Sink>(sink)
  const app = fork(`${support}/outage-app.cjs`, {
    cwd,
    execArgv: ['--require', preload],
    env: {
      PATH: process.env.PATH,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      OTEL_METRICS_EXPORTER: 'none',
      OTEL_LOGS_EXPORTER: 'none',
      OTEL_BSP_SCHEDULE_DELAY: '500',
      ...env,
    },
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  })
  let stderr = ''
  app.stderr?.on('data', chunk => {
    stderr += chunk
  })
  try {
    // loaded, and under way
    while ((await answerOf<Sink>(sink, {})).requests.length === 0) await sleep(200)
    const become = (mode: string) => answerOf<Sink>(sink, { mode })
    if (outage === 'stopped') sink.kill('SIGSTOP')
    else await become(outage)
    await sleep(ms)
    if (outage === 'stopped') sink.kill('SIGCONT')
    else await become('up')
    await sleep(afterMs)
    const said = answerOf<Pick<Arrived, 'grownBytes' | 'exported'> & { made: string[][] }>(app, {})
    const { made, grownBytes, exported } = await said
    const expected = made.flat().length - (exported?.dropped ?? 0)
    let came = await answerOf<Sink>(sink, {})
    // what was kept on the disk is sent after the rest; and what comes twice may come after that
    for (let left = 40; left > 0 && came.taken.length < expected; left--) {
      await sleep(500)
      came = await answerOf<Sink>(sink, {})
    }
    await sleep(1_000)
    const { taken, requests } = await answerOf<Sink>(sink, {})
    const times = new Map(taken)
    return {
      made: made.map(({ length }) => length),
      lost: made.map(ids => ids.filter(id => !times.has(id)).length),
      doubled: taken.filter(([, count]) => count > 1).length,
      grownBytes,
      exported,
      requests,
      stderr,
    }
  } finally {
    sink.kill('SIGKILL')
    app.kill('SIGKILL')
  }
}
