// 200 planted values through the preload, in every place of every signal: nothing of them is in the bytes that leave.
import { expect, it, onTestFinished } from 'vitest'
import { found, planted, startScene, tooMany } from '../support/planted'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const values = planted()

async function exported(env: Record<string, string>): Promise<Buffer> {
  const receiver = await startReceiver()
  onTestFinished(receiver.close)
  const scene = await startScene(values)
  const result = await run(scene.folder, ['--require', '@afn/otel', 'app.cjs'], {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...scene.env, ...env },
  })
  const { stderr, ...rest } = result
  expect(rest).toEqual({ code: 0, signal: null, stdout: '' })
  // one line says that redaction is off
  expect(stderr).toMatch(env.AFN_REDACTION === 'off' ? /^\[@afn\/otel\] AFN143 [^\n]*\n$/ : /^$/)
  return Buffer.concat(receiver.requests.map(({ body }) => body))
}

it('planted values are all found where redaction is off, so that this test can see', async () => {
  expect(values).toHaveLength(200)
  const seen = new Set(found(await exported({ AFN_REDACTION: 'off' }), values))
  expect(values.filter(value => !seen.has(value))).toEqual([])
})

it.each(['http/protobuf', 'http/json'])('planted values are in no export: %s', async protocol => {
  const left = found(await exported({ OTEL_EXPORTER_OTLP_PROTOCOL: protocol }), values)
  expect(tooMany(left, values)).toEqual([])
})
