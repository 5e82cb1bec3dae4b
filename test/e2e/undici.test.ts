// Whatever is published on undici's channels, and whatever breaks in our subscriber, stays away from the app. That its calls
// are seen, once each and with their tokens, is held by the never-break suite with the real versions 5 to 8.
import { expect, it } from 'vitest'
import { both, cjs, compare, esm } from '../support/compare'

const app = both(
  `const path = '/v1/chat/completions'
   const hostile = [
     undefined, null, 1, {}, { request: null }, { request: {} }, { request: { method: 'POST', path: 1 } },
     { get request() { throw new Error('request') } },
     { request: { method: 'POST', path, get body() { throw new Error('body') } } },
     { request: { method: 'POST', path, body: Buffer.from('{"model":"m","messages":[]}'), headers: 7, origin: 'no origin' } },
     { request: Object.freeze({ method: 'POST', path, body: Buffer.from('{"model":"m","messages":[]}'), headers: [], origin: 'http://a' }) },
   ]
   for (const name of ['create', 'headers', 'trailers', 'error', 'bodySent'])
     for (const message of hostile) node_diagnostics_channel.channel('undici:request:' + name).publish(message)
   await new Promise(resolve => setTimeout(resolve, 50))
   console.log('alive')`,
  ['node:diagnostics_channel'],
)
const files = Object.fromEntries(
  Object.entries(app).map(([name, text]) => [
    name,
    text.replaceAll('nodediagnostics_channel', 'node_diagnostics_channel'),
  ]),
)

it.each([
  ['CommonJS', cjs],
  ['ES modules', esm],
])('with undici %s an unexpected message on its channel raises no error in the app', async (_, preload) => {
  const { bare, preloaded } = await compare({ files }, preload, { env: { OTEL_TRACES_EXPORTER: 'none' } })
  expect(bare).toMatchObject({ code: 0, stdout: 'alive\n' })
  expect(preloaded.stdout).toBe('alive\n')
})
