// The processes that the demo starts, so that none of them outlives it. Called by demo.mjs, and by main.ts through it.
import { spawn } from 'node:child_process'

/**
 * @typedef Options
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {(line: string) => void} [onError] gets each line of stderr
 * @property {boolean} [outlives] it is left running when this process ends, and nobody reads what it says
 */
/**
 * @typedef Child
 * @property {number | undefined} pid
 * @property {{ stdout: string, stderr: string }} said
 * @property {Promise<string>} ended why it is no longer there
 * @property {() => number | null} code its exit code; null while it runs, and after a signal
 * @property {(pattern: RegExp) => Promise<RegExpExecArray>} says the first match in its stdout, within a minute
 * @property {(signal: NodeJS.Signals) => void} tell
 * @property {() => Promise<void>} stop asks it to end, and resolves when it has; after 15 s it is ended
 */

/** @type {Set<Child>} */
const running = new Set()
// However this process ends, and though nobody can be waited for then.
process.once('exit', () => {
  for (const child of running) child.tell('SIGTERM')
})

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Options} options
 * @returns {Child}
 */
export function start(command, args, { cwd, env, onError, outlives = false } = {}) {
  const output = outlives ? 'ignore' : 'pipe'
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', output, output], detached: outlives })
  const said = { stdout: '', stderr: '' }
  /** @type {Set<() => void>} */
  const watchers = new Set()
  child.stdout?.setEncoding('utf8').on('data', text => {
    said.stdout += text
    for (const watcher of watchers) watcher()
  })
  child.stderr?.setEncoding('utf8').on('data', text => {
    said.stderr += text
    if (onError) text.split('\n').filter(Boolean).forEach(onError)
  })
  /** @type {Promise<string>} */
  const ended = new Promise(resolve => {
    child.once('error', error => resolve(`${command} can't be started: ${error.message}`))
    child.once('close', (code, signal) => {
      resolve(`${[command, ...args].join(' ')} ended with ${signal ?? code}: ${lastLines(said.stderr || said.stdout)}`)
    })
  })

  /** @type {Child} */
  const self = {
    pid: child.pid,
    said,
    ended,
    code: () => child.exitCode,
    says: pattern =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(said.stdout)
          if (match) resolve(match)
        }
        watchers.add(look)
        look()
        ended.then(why => reject(new Error(why)))
        setTimeout(() => reject(new Error(`${command} has not said ${pattern} in a minute`)), 60_000).unref()
      }),
    tell: signal => void child.kill(signal),
    async stop() {
      self.tell('SIGTERM')
      const limit = setTimeout(() => self.tell('SIGKILL'), 15_000)
      await ended
      clearTimeout(limit)
    },
  }
  if (outlives) child.unref()
  else running.add(self)
  ended.then(() => running.delete(self))
  return self
}

export async function stopAll() {
  await Promise.all([...running].map(child => child.stop()))
}

/**
 * What a command says that does its work and ends.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {Options} options
 */
export async function output(command, args, options) {
  const child = start(command, args, options)
  const why = await child.ended
  if (child.code() !== 0) throw new Error(why)
  return child.said.stdout
}

/** @param {string} text */
const lastLines = text => text.trim().split('\n').slice(-4).join('\n') || 'it said nothing'
