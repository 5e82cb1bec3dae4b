// Asks the packed package for the health of what an environment names, in a process of its own: `NODE_EXTRA_CA_CERTS` and the like are
// read when a process starts.
import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import type { Check } from '../../src/app/health/check'
import { RecentCalls } from '../../src/app/health/checks/recent-calls'
import { discover } from '../../src/app/health/discover-node'
import { Health } from '../../src/app/health/health'
import { resolve } from '../../src/shared/config/resolve'
import { makeApp } from '../support/packed'
import { documentIn, type HealthCheck, type HealthDocument } from './document'

const app = `
const { healthHandler } = require('@afn/otel/health')
const health = healthHandler()
const headers = { authorization: 'Bearer t' }
const alive = setInterval(() => {}, 1000)
require('node:readline').createInterface(process.stdin).on('line', async path => {
  const begun = performance.now()
  const response = await health.fetch(new Request('http://localhost' + path, { headers }))
  console.log(JSON.stringify({ status: response.status, body: await response.text(), ms: performance.now() - begun }))
}).on('close', () => clearInterval(alive))`

const offline = { OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }

export interface Looking {
  ask(path?: string): Promise<{ status: number; document: HealthDocument; text: string; ms: number }>
  /** Status and output of the first check of that name, as \`pass\` or \`fail timeout\`. */
  check(name: string): Promise<string>
  /** Asks until it is so, at most a few times. */
  until(name: string, expected: string): Promise<string[]>
  stderr(): string
  end(): Promise<void>
  kill(): Promise<void>
}

/** @param env results hold for 100 ms unless it says otherwise */
export function look(env: Record<string, string>, wrap: string[] = []): Looking {
  const folder = makeApp({ files: { 'app.cjs': app } })
  const [command = process.execPath, ...args] = [...wrap, process.execPath, 'app.cjs']
  const child = spawn(command, args, {
    cwd: folder,
    env: {
      PATH: process.env.PATH ?? '',
      AFN_HEALTH_TOKEN: 't',
      AFN_HEALTH_CACHE: '100',
      ...offline,
      ...env,
    },
  })
  const ended = new Promise(resolve => child.once('close', resolve))
  let stderr = ''
  child.stderr.on('data', chunk => {
    stderr += chunk
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const looking: Looking = {
    async ask(path = '/health') {
      child.stdin.write(`${path}\n`)
      const { value, done } = await lines.next()
      if (done) throw new Error(`the app ended: ${stderr}`)
      const { status, body, ms } = JSON.parse(value)
      return { status, document: documentIn(body), text: body, ms }
    },
    async check(name) {
      const { checks = {} } = (await looking.ask()).document
      const key = Object.keys(checks).find(key => key.startsWith(`${name}:`))
      const found: HealthCheck | undefined = key ? checks[key]?.[0] : undefined
      return found ? [found.status, found.output].filter(Boolean).join(' ') : 'absent'
    },
    async until(name, expected) {
      const seen: string[] = []
      for (let n = 0; n < 10 && seen.at(-1) !== expected; n++) {
        await new Promise(resolve => setTimeout(resolve, 110))
        seen.push(await looking.check(name))
      }
      return seen
    },
    stderr: () => stderr,
    async end() {
      child.stdin.end()
      await ended
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
  return looking
}

/**
 * Status and output of the first check of that name, requested once: in this process, or in one that trusts the authority of `env`.
 * @param timeoutMs so long that a busy machine is no failure; shorter where the answer is never to come
 */
export async function lookOnce(name: string, env: Record<string, string>, timeoutMs = 20_000): Promise<string> {
  if (env.NODE_EXTRA_CA_CERTS) {
    const looking = look(env)
    return looking.check(name).finally(() => looking.end())
  }
  const { settings } = resolve({ env: { ...offline, ...env }, cwd: tmpdir(), parseYaml: () => ({}) })
  const health = new Health({ isolated: false, apart: work => work(), ran() {}, misbehaved() {} })
  const problems: string[] = []
  const add = (check: Check) => health.add({ ...check, timeoutMs })
  for (const check of discover(settings, env, new RecentCalls(), add, problem => problems.push(problem))) add(check)
  const { entries } = await health.look()
  const found = entries.find(({ check }) => check.name === name)?.result
  return found ? [found.status, found.output].filter(Boolean).join(' ') : ['absent', ...problems].join(' ')
}
