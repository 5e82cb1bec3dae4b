// The tarball and OpenTelemetry's packages as users install them, in one folder: npm finds no conflict, and `./sdk` exports.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { isLong } from '../support/long'
import { tarball } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

if (!isLong('coexistence')) console.error('skipped: npm install beside sdk-node: AFN_TEST_LONG=coexistence runs it')

const server = `
  const http = require('node:http')
  const server = http.createServer((request, response) => response.end('ok')).listen(0, '127.0.0.1', () =>
    http.get({ host: '127.0.0.1', port: server.address().port, path: '/hello' }, response =>
      response.resume().on('end', () => server.close(() => globalThis.end?.()))))`

const inCode = (options: string) => `
  const { afnNodeSDK } = require('@afn/otel/sdk')
  const sdk = afnNodeSDK({ instrumentations: [${options}] })
  sdk.start()
  require('@opentelemetry/api').trace.getTracer('app').startSpan('mail to joe@example.com').end()
  globalThis.end = () => sdk.shutdown()
  ${server}`

function install(...packages: string[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-installed-'))
  writeFileSync(path.join(folder, 'package.json'), '{"name":"app","version":"1.0.0"}')
  // a conflict of peers ends it with ERESOLVE
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--silent', '--ignore-scripts', tarball(), ...packages], {
    cwd: folder,
  })
  return folder
}

async function start(folder: string, args: string[], app: string) {
  writeFileSync(path.join(folder, 'app.cjs'), app)
  const receiver = await startReceiver()
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none' }
  const { code, stderr } = await run(folder, [...args, 'app.cjs'], { env })
  await receiver.close().catch(() => {})
  return { code, stderr, spans: receiver.spans() }
}

describe.runIf(isLong('coexistence'))('npm install of ours and', () => {
  it.each(['0.223.0', '0.300.0', 'latest'])(
    '@opentelemetry/sdk-node@%s: no conflict, and spans arrive redacted',
    async version => {
      const folder = install(`@opentelemetry/sdk-node@${version}`)
      const { code, stderr, spans } = await start(folder, [], inCode(''))
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(spans.map(({ name }) => name)).toEqual(['mail to [EMAIL]'])
    },
    400_000,
  )

  it('the newest @opentelemetry/auto-instrumentations-node: one of the two records, or its instrumentations are ours', async () => {
    const folder = install('@opentelemetry/auto-instrumentations-node@latest')
    const register = ['--require', '@opentelemetry/auto-instrumentations-node/register']
    const ours = ['--require', '@afn/otel']
    for (const args of [
      [...register, ...ours],
      [...ours, ...register],
    ]) {
      const { code, stderr, spans } = await start(folder, args, server)
      expect(code).toBe(0)
      expect(stderr).toMatch(/AFN103 stood down for /)
      expect(spans.filter(({ kind }) => kind === 2)).toHaveLength(1)
      expect(spans[0]?.resource['telemetry.distro.name']).not.toBe('@afn/otel')
    }
    const theirs = "require('@opentelemetry/auto-instrumentations-node').getNodeAutoInstrumentations()"
    const { spans } = await start(folder, [], inCode(theirs))
    expect(spans.filter(({ kind }) => kind === 2)).toHaveLength(1)
    expect(new Set(spans.map(({ resource }) => resource['telemetry.distro.name']))).toEqual(new Set(['@afn/otel']))
  }, 400_000)
})
