// Builds the Collector with Go, where there is no binary.
import { spawn } from 'node:child_process'
import { createWriteStream, type WriteStream } from 'node:fs'
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { duration } from '../local/terminal-format'
import type { Distribution } from './distribution'

/** Milliseconds between two lines that say that it is still at work. */
const EVERY_MS = 15_000

/**
 * Builds otelcol-afn with the official builder. Minutes with an empty Go cache, about one with a warm one. What Go and the builder write goes
 * into `build.log` of the cache.
 * @param say gets how far it is
 * @returns the binary's path in the cache
 * @throws Error when Go or the builder fails
 */
export async function build(
  go: string,
  { binaries, components, manifest, version }: Distribution,
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
  everyMs = EVERY_MS,
): Promise<string> {
  await mkdir(binaries, { recursive: true })
  // A folder of its own and a rename at the end: a build that is broken off leaves no half binary to be found.
  const work = await mkdtemp(path.join(binaries, 'build-'))
  const log = path.join(binaries, 'build.log')
  // without a log the build goes on
  const written = createWriteStream(log).on('error', () => {})
  const begun = performance.now()
  const elapsed = () => duration(performance.now() - begun)
  const step = async (number: number, what: string, command: string, args: string[], options: object) => {
    const progress = `collector: step ${number} of 2, ${what}`
    say(progress)
    const timer = setInterval(() => say(`${progress}: ${elapsed()} so far; see ${log}`), everyMs)
    await run(command, args, { env, ...options }, written).finally(() => clearInterval(timer))
  }
  try {
    const builder = `go.opentelemetry.io/collector/cmd/builder@v${version}`
    await step(1, "Go installs the Collector's builder", go, ['install', builder], { env: { ...env, GOBIN: work } })
    // the manifest names them relative to where the builder runs
    await cp(components, path.join(work, 'components'), { recursive: true })
    const compile = ['--config', manifest]
    await step(2, 'the builder loads the components and compiles them', path.join(work, 'builder'), compile, {
      cwd: work,
    })
    const binary = path.join(binaries, 'otelcol-afn')
    await rename(path.join(work, 'dist/otelcol-afn'), binary)
    say(`collector: built in ${elapsed()}`)
    return binary
  } finally {
    await new Promise<void>(resolve => (written.destroyed ? resolve() : written.end(() => resolve())))
    await rm(work, { recursive: true, force: true })
  }
}

/** @throws Error with the last lines of its output, when it cannot be started or fails */
function run(command: string, args: readonly string[], options: object, log: WriteStream): Promise<void> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  let last = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', chunk => {
      log.write(chunk)
      last = (last + chunk).slice(-4_000)
    })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => {
      if (code === 0) resolve()
      else {
        const said = last.trim().split('\n').slice(-5).join('\n  ')
        reject(new Error(said ? `${command} ${args[0]} failed:\n  ${said}` : `${command} ${args[0]} failed`))
      }
    })
  })
}
