// The browser SDK as an app's bundler gets it from the package: what is not named is left out, what is lazy is a chunk.
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { bundlers, gzip } from '../support/bundlers'
import { expectInTable } from '../support/documented'
import { makeApp } from '../support/packed'
import { run } from '../support/run'

const few = `import { captureError, errors, startMonitor } from '@afn/otel/browser/core'
  startMonitor({}, [errors]); globalThis.captureError = captureError`
const all = `import { initializeMonitor, monitor } from '@afn/otel/browser'
  initializeMonitor(); globalThis.monitor = monitor`

/** What a strict content security policy or Trusted Types refuse. Loaders of chunks, which are the bundlers', make scripts and links. */
const FORBIDDEN =
  /\beval\(|new Function|new (?:Shared)?Worker|innerHTML|createElement\(["'`](?!script|link)|\bprocess\.env/

describe.each(Object.entries(bundlers))('%s', (name, bundle) => {
  const make = (code: string) => bundle(path.join(makeApp({ files: { 'entry.js': code } }), 'entry.js'))

  it('core and errors: 4.5 KB, and nothing later', async () => {
    const { atOnce, later } = await make(few)
    expect(gzip(atOnce)).toBeLessThanOrEqual(4.5 * 1024)
    expect(later).toEqual([])
    expectInTable('Bundlers', name, { 'core and errors': gzip(atOnce) })
  })

  it('everything: 8.5 KB at once, the rest as a chunk, and two that few pages load', async () => {
    const { atOnce, later } = await make(all)
    expect(gzip(atOnce)).toBeLessThanOrEqual(8.5 * 1024)
    const [late, ...seldom] = later.map(gzip).sort((one, other) => other - one)
    expect(late).toBeGreaterThan(6000)
    expect(late).toBeLessThanOrEqual(8.5 * 1024)
    expect(seldom.length).toBe(2)
    for (const size of seldom) expect(size).toBeLessThan(1000)
    for (const text of [atOnce, ...later]) expect(text).not.toMatch(FORBIDDEN)
    expectInTable('Bundlers', name, { initial: gzip(atOnce), lazy: late! })
  })
})

it('on a server it loads, and does nothing', async () => {
  const app = `const { initializeMonitor, monitor } = require('@afn/otel/browser')
    initializeMonitor({ sampleRate: 'half' }); monitor.setConsent(true); monitor.captureError(new Error('x'))
    console.log(monitor.withSpan('work', span => span.context.traceId.length))
    monitor.flush().then(() => console.log('flushed'))`
  const folder = makeApp({ files: { 'app.cjs': app } })
  expect(await run(folder, ['app.cjs'])).toEqual({ code: 0, signal: null, stdout: '32\nflushed\n', stderr: '' })
})
