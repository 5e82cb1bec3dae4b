// The real server with the page that Vite builds, and a way to send to it.
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { buildExplorer } from '../../../scripts/explorer.mjs'
import type { AgentsOptions } from '../../../src/backend/agents-of-up'
import type { AlertsAnswer } from '../../../src/backend/api/alert-answers'
import type { Boards } from '../../../src/backend/api/parts'
import { up } from '../../../src/backend/up'
import { boardsOfUp } from '../../../src/cli/dashboards/of-up'
import { defaultSloFile } from '../../../src/monitoring/slo/defaults'
import { readSlos } from '../../../src/monitoring/slo/read'
import { planOf } from '../../../src/pipeline/deployment/plan'

const root = path.join(import.meta.dirname, '../../..')

export interface ExplorerSite {
  /** Ends with a slash. */
  readonly url: string
  /** Of OTLP. */
  readonly otlp: string
  /** Answers when the server has stored it. */
  send(signal: 'traces' | 'logs' | 'metrics', request: object): Promise<void>
  /** What `/api/afn/alerts` has to have before a page is looked at: it is some seconds behind. */
  waitForAlerts(isThere: (answer: AlertsAnswer) => boolean): Promise<void>
  close(): Promise<void>
}

/** The store is in memory. @param prices what coding agents send is read where it is given */
export async function startExplorer(
  boards: Boards = boardsOfUp,
  prices?: AgentsOptions['prices'],
): Promise<ExplorerSite> {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-explorer-'))
  symlinkSync(path.join(root, 'collector'), path.join(folder, 'collector'))
  await buildExplorer(path.join(folder, 'dist/explorer'))
  const { retention, policies } = planOf('laptop')
  const running = await up({
    port: 0,
    otlpPort: 0,
    data: undefined,
    access: { host: '127.0.0.1' },
    now: Date.now,
    retention,
    policies,
    boards,
    ...(prices && { prices }),
    objectives: { slos: readSlos(defaultSloFile()).slos, problems: [] },
    say: console.error,
    package: folder,
  })
  return {
    url: `${running.api.url}/`,
    otlp: running.receiver.url,
    async send(signal, request) {
      const response = await fetch(`${running.receiver.url}/v1/${signal}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request),
      })
      if (!response.ok) throw new Error(`${signal}: ${response.status} ${await response.text()}`)
    },
    async waitForAlerts(isThere) {
      const answer = async () => (await fetch(`${running.api.url}/api/afn/alerts`)).json()
      while (!isThere(await answer())) await new Promise(resolve => setTimeout(resolve, 500))
    },
    async close() {
      await running.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
