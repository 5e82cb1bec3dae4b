// A Worker on workerd, the runtime of Cloudflare's Workers, as it was uploaded: its module, and its bindings by their types.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePorts } from './ports'

export interface WorkerOnWorkerd {
  /** What `fetch` of the Worker answers at. */
  readonly url: string
  readonly stderr: () => string
  /** Its cron trigger, as Cloudflare fires it. @param at ms since 1970 @returns `ok`, or how it ended */
  fire(at: number): Promise<string>
  stop(): Promise<void>
}

export interface Binding {
  readonly type: string
  readonly name: string
  readonly text?: string
  readonly class_name?: string
}

const driver = `export default {
  async fetch(request, env) {
    const at = Number(new URL(request.url).searchParams.get('at'))
    const { outcome } = await env.MAIN.scheduled({ scheduledTime: new Date(at), cron: '* * * * *' })
    return new Response(outcome)
  },
}`

interface Uploaded {
  readonly module: string
  readonly bindings: readonly Binding[]
  /** Of compatibility. */
  readonly flags?: readonly string[]
}

/** @param storage a folder in which Durable Objects keep what they have, over a restart */
export async function startWorkerd(binary: string, uploaded: Uploaded, storage: string): Promise<WorkerOnWorkerd> {
  for (let tries = 1; ; tries++)
    try {
      return await startOnce(binary, uploaded, storage)
    } catch (error) {
      // another process may have taken a port that was free a moment ago
      if (tries === 3) throw error
    }
}

async function startOnce(
  binary: string,
  { module, bindings, flags = [] }: Uploaded,
  storage: string,
): Promise<WorkerOnWorkerd> {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-workerd-'))
  mkdirSync(storage, { recursive: true })
  writeFileSync(path.join(folder, 'worker.mjs'), module)
  writeFileSync(path.join(folder, 'driver.mjs'), driver)
  const [http, cron] = await freePorts(2)
  const objects = bindings.filter(({ type }) => type === 'durable_object_namespace')
  const bound = bindings.map(({ type, name, text, class_name }) => {
    if (type === 'durable_object_namespace')
      return `(name = "${name}", durableObjectNamespace = ${JSON.stringify(class_name)})`
    return `(name = "${name}", text = ${JSON.stringify(text)})`
  })
  const classes = objects.map(({ class_name }) => `(className = ${JSON.stringify(class_name)}, uniqueKey = ${JSON.stringify(class_name)}, enableSql = true)`) // biome-ignore format: one line
  writeFileSync(
    path.join(folder, 'config.capnp'),
    `using Workerd = import "/workerd/workerd.capnp";
     const config :Workerd.Config = (
       services = [
         (name = "main", worker = .main), (name = "driver", worker = .driver),
         (name = "storage", disk = (path = ${JSON.stringify(storage)}, writable = true)),
         (name = "internet", network = (allow = ["public", "private", "local"]))],
       sockets = [
         (name = "http", address = "127.0.0.1:${http}", http = (), service = "main"),
         (name = "cron", address = "127.0.0.1:${cron}", http = (), service = "driver")]);
     const main :Workerd.Worker = (
       modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
       compatibilityDate = "2026-01-01",
       compatibilityFlags = ${JSON.stringify(flags)},
       durableObjectNamespaces = [${classes.join(', ')}],
       durableObjectStorage = (localDisk = "storage"),
       bindings = [${bound.join(', ')}]);
     const driver :Workerd.Worker = (
       modules = [(name = "driver.mjs", esModule = embed "driver.mjs")],
       compatibilityDate = "2026-01-01",
       compatibilityFlags = ["service_binding_extra_handlers"],
       bindings = [(name = "MAIN", service = "main")]);`,
  )
  const child = spawn(binary, ['serve', '--experimental', 'config.capnp'], { cwd: folder })
  let stderr = ''
  child.stderr.on('data', chunk => {
    stderr += chunk
  })
  const ended = new Promise(resolve => child.once('close', resolve))
  const stop = async () => {
    child.kill('SIGKILL')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  const url = `http://127.0.0.1:${http}`
  for (const deadline = Date.now() + 60_000; ; ) {
    if (await fetch(url).then(() => true, () => false)) break // biome-ignore format: one line
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop()
      throw new Error(`workerd did not become ready:\n${stderr}`)
    }
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  return {
    url,
    stderr: () => stderr,
    fire: async at => await (await fetch(`http://127.0.0.1:${cron}/?at=${at}`)).text(),
    stop,
  }
}
