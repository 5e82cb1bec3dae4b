// Runs one version of an app on all cases: a process that gets a line of JSON per case on stdin, and writes one per answer on stdout.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { type Message, textMessages } from '../../app/llm/messages'
import { text } from '../../app/llm/wire/json'
import { areMessages, type Case } from './read-dataset'

/** By the id of the case; a case without an answer is missing. */
export type Answers = ReadonlyMap<string, readonly Message[]>

export interface AppRun {
  readonly answers: Answers
  /** Of the cases for which the app said that it has no answer: why. */
  readonly errors: ReadonlyMap<string, string>
  /** How the process ended, in words. */
  readonly ending: string
}

/** What the model answered when the case was recorded. */
export const recordedAnswers = (cases: readonly Case[]): Answers =>
  new Map(cases.flatMap(({ id, output }) => (output.length > 0 ? [[id, output] as const] : [])))

/** The expected answer and old scores are not for the app. */
const lineOf = ({ id, provider, model, operation, agent, parameters, system, messages, tools }: Case): string =>
  JSON.stringify({ id, provider, model, operation, agent, parameters, system, messages, tools })

/**
 * Lines of its stdout that are no answer go to stderr: apps log there.
 * @param command for the shell
 * @param timeoutMs for all cases; then the process is ended, with what it started
 */
export async function runApp(command: string, cases: readonly Case[], timeoutMs: number): Promise<AppRun> {
  const isWindows = process.platform === 'win32'
  const child = spawn(command, { shell: true, stdio: ['pipe', 'pipe', 'inherit'], detached: !isWindows })
  const end = () => {
    try {
      if (isWindows) child.kill()
      else process.kill(-child.pid!, 'SIGTERM')
    } catch {}
  }
  const stop = () => {
    end()
    process.exit(130)
  }
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  let isLate = false
  const timer = setTimeout(() => {
    isLate = true
    end()
  }, timeoutMs)
  const ended = new Promise<string>(resolve => {
    child.once('error', error => resolve(error.message))
    child.once('close', (code, signal) => resolve(signal ? `ended by ${signal}` : `exit code ${code}`))
  })
  // an app that has ended reads no more
  child.stdin.on('error', () => {})
  child.stdin.end(cases.map(one => `${lineOf(one)}\n`).join(''))
  const ids = new Set(cases.map(({ id }) => id))
  const answers = new Map<string, readonly Message[]>()
  const errors = new Map<string, string>()
  for await (const line of createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY })) {
    const said = answerIn(line, ids)
    if (!said) console.error(line)
    else if ('error' in said) errors.set(said.id, said.error)
    else answers.set(said.id, said.output)
  }
  const ending = await ended
  clearTimeout(timer)
  process.off('SIGINT', stop)
  process.off('SIGTERM', stop)
  return { answers, errors, ending: isLate ? `stopped after ${timeoutMs / 1_000} s` : ending }
}

type Said = { readonly id: string } & ({ readonly output: readonly Message[] } | { readonly error: string })

/** @returns undefined for what is no answer to a case */
function answerIn(line: string, ids: ReadonlySet<string>): Said | undefined {
  if (!line.startsWith('{')) return undefined
  let said: { id?: unknown; output?: unknown; error?: unknown }
  try {
    said = JSON.parse(line) as typeof said
  } catch {
    return undefined
  }
  const id = text(said.id)
  if (id === undefined || !ids.has(id)) return undefined
  if (typeof said.output === 'string') return { id, output: textMessages('assistant', said.output) }
  if (areMessages(said.output)) return { id, output: said.output }
  return { id, error: text(said.error) ?? 'output is neither a text nor a list of messages' }
}
