// Records every scenario of a client, stops the provider, and replays: what the application gets must be the same.
import { rmSync } from 'node:fs'
import path from 'node:path'
import { installOnce } from '../support/install.mjs'
import { root } from '../support/packed'
import { answerOf, answers } from './answers'
import { runClient } from './client-run'
import type { Client } from './clients'
import { brief, differs } from './compare'
import { commands, makeClientApp } from './flavours'
import { startProvider } from './provider'

export interface Replayed {
  /** Scenarios in which the application got another thing, and where. */
  readonly differences: readonly string[]
  readonly scenarios: number
  /** What the command printed. */
  readonly report:
    | { readonly recorded: number; readonly answered: number; readonly changed: readonly unknown[] }
    | undefined
  readonly stderr: string
}

/** What axios hangs onto an error: its request, with the sockets of the process. */
const isOfClient = (one: unknown): boolean => typeof one === 'object' && one !== null && '_currentRequest' in one

/** @param skipped names of scenarios that are about the provider's absence, or about time */
export async function recordAndReplay(client: Client, node: string, skipped: RegExp): Promise<Replayed> {
  const modules = path.join(installOnce(path.join(root, 'test/clients/package.json'), 'clients'), 'node_modules')
  const found = Object.entries(client.modules).map(([name, folder]) => [name, path.join(modules, folder)])
  const folder = await makeClientApp(client, Object.fromEntries(found), 'cjs')
  const { recordings } = answers()
  const provider = await startProvider(({ path: at, body }) => {
    const [, scenario, name = '', how] = at.split('/')
    const { then, ...numbers } = Object.fromEntries(new URLSearchParams(how === '-' ? '' : how))
    const before = provider.received.filter(({ path: other }) => other.split('/')[1] === scenario).length - 1
    const recording = recordings.get(answerOf((before > 0 && then) || name, body))
    const entries = Object.entries(numbers).map(([key, value]) => [key, Number(value)])
    return recording && { recording, ...Object.fromEntries(entries) }
  })
  try {
    const { preload, file } = commands.cjs
    // an answer that nobody reads would keep each of the two processes for half a minute
    const run = { SKIP: skipped.source, EXIT: 'yes' }
    const env = { ...run, AFN_CAPTURE_CONTENT: 'redacted', AFN_RECORD: 'recordings' }
    const before = await runClient(provider, { folder, node, env, args: [...preload, file], preloaded: true })
    await provider.close()
    const cli = 'node_modules/@afn/otel/dist/cli.cjs'
    const args = [cli, 'replay', 'recordings', '--json', '--', node, '--expose-gc', file]
    const after = await runClient(provider, {
      folder,
      node,
      env: { ...run, PATH: process.env.PATH ?? '' },
      args,
      preloaded: false,
    })
    const { stdout, stderr } = after.process as { stdout: string; stderr: string }
    const names = Object.keys(before.results)
    return {
      differences: names.flatMap(scenario => {
        const found = differs(before.results[scenario]?.outcome, after.results[scenario]?.outcome, '', isOfClient)
        return found ? [`${scenario}${found.at}: recorded ${brief(found.a)}, replayed ${brief(found.b)}`] : []
      }),
      scenarios: names.length,
      report: stdout.startsWith('{') ? JSON.parse(stdout) : undefined,
      stderr: `${(before.process as { stderr: string }).stderr}${stderr}`,
    }
  } finally {
    await provider.close().catch(() => {})
    rmSync(folder, { recursive: true, force: true })
  }
}
