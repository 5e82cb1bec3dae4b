// `afn-otel jobs FILE`: starts commands of afn-otel by a table of schedules.
import { createServer, type Server } from 'node:http'
import { parseArgs } from 'node:util'
import { refusalOf } from '../backend/access-policy'
import { type Listening, listen } from '../backend/listen'
import { JOBS_PORT } from '../pipeline/deployment/jobs'
import { helpOption, print } from './help'
import { readTable, type Table } from './jobs/table'
import { Worker } from './jobs/worker'
import { type Options, optionLines } from './options'
import { successHelp } from './push-gauges'
import { portOf, signalled } from './serving'

export const options = {
  run: {
    type: 'string',
    argument: 'NAME',
    help: 'runs this job once, now; exits with 0 if it succeeds',
  },
  host: { type: 'string', default: '127.0.0.1', help: 'address of /healthz, which shows the state of each job' },
  port: { type: 'string', default: String(JOBS_PORT), help: 'port of /healthz; 0 picks a free port' },
} as const satisfies Options

const help = `Usage: afn-otel jobs FILE [--run NAME]

Runs the jobs in FILE, each an afn-otel command in its own process, until stopped: at startup, then at the interval of the job,
and when the job or the file that it reads changes. A failed job is retried after one minute, two, four …
"afn-otel generate" writes the file for its folder, commands/jobs.json:

{"jobs": [{"name": "reconcile", "seconds": 600, "command": ["reconcile", "--since", "1h"]}]}

${successHelp.replace('it reports each successful run as a metric', 'it reports each run as metrics').replace(' (AFN_JOB_INTERVAL for a cron job)', ', and AfnJobFailing after three failed runs')}.

${optionLines(options)}

Exit codes: 0 stopped by a signal; 1 failed to start, or the job failed; 2 usage error or invalid FILE.`

const TICK_MS = 1_000
/** Each is a process of some 100 MB. */
const AT_ONCE = 4

/** @returns the exit code, as `help` says */
export async function jobs(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: { ...options, ...helpOption }, allowPositionals: true })
  if (values.help) return print(help)
  const [file, more] = positionals
  if (file === undefined || more !== undefined) throw new Error('jobs needs one file, such as commands/jobs.json')
  const port = portOf('--port', values.port)
  const table = readTable(file)
  if (values.run !== undefined) return once(table, values.run)
  const ended = signalled()
  const schedule = new Schedule(file, table)
  let listening: Listening
  try {
    listening = await listen(serverOf(schedule, values.host), port, values.host)
  } catch (error) {
    console.error(`afn-otel jobs: ${(error as Error).message}; choose another address with --host and --port`)
    return 1
  }
  console.log(`jobs      ${table.jobs.map(({ name }) => name).join(', ')}  (${listening.url}/healthz)`)
  const timer = setInterval(() => schedule.tick(), TICK_MS)
  await ended
  clearInterval(timer)
  await schedule.stop()
  await listening.close()
  return 0
}

async function once({ jobs }: Table, name: string): Promise<number> {
  const job = jobs.find(one => one.name === name)
  if (!job) throw new Error(`unknown job "${name}"; jobs: ${jobs.map(one => one.name).join(', ')}`)
  const worker = new Worker(job)
  await worker.run()
  return worker.state().failures === 0 ? 0 : 1
}

class Schedule {
  readonly #file: string
  #table: Table
  #workers = new Map<string, Worker>()
  #problem = ''

  constructor(file: string, table: Table) {
    this.#file = file
    this.#table = table
    this.#take(table)
  }

  tick(): void {
    this.#readAgain()
    const now = Date.now()
    for (const worker of this.#workers.values()) {
      const atWork = [...this.#workers.values()].filter(({ isRunning }) => isRunning).length
      if (atWork < AT_ONCE && worker.isDue(now)) void worker.run()
    }
  }

  state(): object {
    const jobs = [...this.#workers.values()].map(worker => worker.state())
    return { status: 'pass', table: this.#table.hash, jobs }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#workers.values()].map(worker => worker.stop()))
  }

  /** A table with a mistake is told once, and the one before goes on. */
  #readAgain(): void {
    try {
      const table = readTable(this.#file)
      this.#problem = ''
      if (table.hash !== this.#table.hash) this.#take(table)
    } catch (error) {
      const { message } = error as Error
      if (message !== this.#problem) console.error(`afn-otel jobs: ${message}; the previous version stays in use`)
      this.#problem = message
    }
  }

  /** What is more often comes first. */
  #take(table: Table): void {
    this.#table = table
    const before = this.#workers
    this.#workers = new Map(
      table.jobs
        .toSorted((a, b) => a.seconds - b.seconds)
        .map(job => [job.name, before.get(job.name) ?? new Worker(job)]),
    )
    for (const job of table.jobs) this.#workers.get(job.name)!.take(job)
    for (const [name, worker] of before) if (!this.#workers.has(name)) void worker.stop()
  }
}

const serverOf = (schedule: Schedule, host: string): Server =>
  createServer((request, response) => {
    const { url = '/', method, headers, socket } = request
    const origin = { headers: { host: headers.host }, path: url, localAddress: socket.localAddress }
    const status = refusalOf(origin, { host }) ? 403 : method === 'GET' && url === '/healthz' ? 200 : 404
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    response.end(status === 200 ? `${JSON.stringify(schedule.state())}\n` : '{}\n')
  })
