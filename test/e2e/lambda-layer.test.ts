// The layer of AWS Lambda as it is published: an archive, unpacked as Lambda unpacks it, beside functions that don't have the package.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runtimeClients, startFunction } from '../support/lambda-runtime-api.mjs'
import { nodeBinary, nodes } from '../support/nodes.mjs'
import { makeApp, root, tarball } from '../support/packed'
import { startReceiver } from '../support/receiver'

const today = nodeBinary(nodes[24])
const lines = [
  { line: 20, client: runtimeClients[20], node: process.execPath },
  ...('path' in today ? [{ line: 24, client: runtimeClients[24], node: today.path }] : []),
]

/** One that keeps the modes of files. */
const unzip = [
  ['unzip', '-q'],
  ['busybox', 'unzip', '-q'],
].find(([program]) => spawnSync(program!, ['--help']).error === undefined)
if (!unzip) writeSync(1, 'skipped: the layer of AWS Lambda: neither unzip nor busybox is installed\n')

describe.skipIf(!unzip)('the layer of AWS Lambda', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-layer-test-'))
  const layer = path.join(folder, 'opt')
  const make = (file: string, env: Record<string, string>) => {
    const archive = path.join(folder, file)
    const args = ['scripts/lambda-layer.mjs', '--package', tarball(), '--output', archive]
    execFileSync(process.execPath, args, { cwd: root, env: { ...process.env, ...env }, stdio: 'pipe' })
    return archive
  }
  let archive: string
  beforeAll(() => {
    archive = make('once.zip', { TZ: 'UTC' })
    const [program, ...args] = unzip!
    execFileSync(program!, [...args, archive, '-d', layer])
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('is other bytes when the same package is made into a layer again', () => {
    expect(readFileSync(make('twice.zip', { TZ: 'Asia/Tokyo' })).equals(readFileSync(archive))).toBe(true)
  })

  it.each(lines)(
    'has no span of an invocation, or of a library, on Node.js $line, or takes away what NODE_OPTIONS says',
    async ({ client, node }) => {
      const receiver = await startReceiver()
      const app = makeApp({
        files: {
          'app.mjs': `import pg from 'pg'
            export const handler = async () => {
              const refused = await new pg.Client({ host: '127.0.0.1', port: 1 }).connect().catch(({ code }) => code)
              return { refused, limit: Error.stackTraceLimit, spool: process.env.AFN_SPOOL }
            }`,
        },
        modules: { pg: 'pg' },
      })
      rmSync(path.join(app, 'node_modules/@afn'), { recursive: true })
      rmSync(path.join(app, 'node_modules/import-in-the-middle'))
      const shop = await startFunction({
        folder: app,
        handler: 'app.handler',
        client,
        node,
        wrapper: path.join(layer, 'otel-handler'),
        env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, NODE_OPTIONS: '--stack-trace-limit=7' },
      })
      try {
        const { kind, body } = await shop.invoke({})
        expect({ kind, body: JSON.parse(body) }, shop.said()).toEqual({
          kind: 'response',
          body: { refused: 'ECONNREFUSED', limit: 7, spool: 'false' },
        })
        expect(receiver.spans().map(({ name }) => name)).toEqual(expect.arrayContaining(['shop', 'pg.connect']))
      } finally {
        await shop.close()
        await receiver.close()
      }
    },
  )
})
