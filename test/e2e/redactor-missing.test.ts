// An installation without its redactor: nothing leaves, one line says so, and the app is what it is without us.
import { rmSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

it("nothing is exported where the redactor can't be loaded", async () => {
  const receiver = await startReceiver()
  const folder = makeApp({
    files: {
      'app.cjs': `const { trace } = require('@opentelemetry/api')
        trace.getTracer('t').startSpan('for ada@example.com').end()
        setTimeout(() => { console.log('done') }, 50)`,
    },
    modules: { '@opentelemetry/api': '@opentelemetry/api' },
  })
  rmSync(path.join(folder, 'node_modules/@afn/otel/dist/chunks/redact-pieces.cjs'))
  const result = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  })
  await receiver.close()
  expect(result).toMatchObject({ code: 0, stdout: 'done\n' })
  expect(result.stderr).toMatch(/^(\[@afn\/otel\] AFN1\d\d .*\n)+$/)
  expect(receiver.requests.map(({ body }) => String(body)).join()).not.toContain('ada@example.com')
  expect(receiver.spans()).toEqual([])
})
