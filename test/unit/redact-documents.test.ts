// Code and documents pass: files of what is installed here, looked at for what the redactor changes that is no address.
import path from 'node:path'
import { expect, it } from 'vitest'
import { redact } from '../../src/redact'
import { altered, documents } from '../redact/documents.mjs'

const nodeModules = path.join(import.meta.dirname, '../../node_modules')
/** Share of the characters that may change. */
const MOST = 0.0002
/** Their names, passwords, cookies and addresses are samples: rightly found. */
const WITH_SAMPLES = new Set([
  '@pinojs/redact/README.md',
  '@types/node/dns.d.ts',
  '@types/node/http2.d.ts',
  'fastify/docs/Reference/Encapsulation.md',
  'hono/dist/types/middleware/basic-auth/index.d.ts',
  'hono/dist/types/middleware/jwt/jwt.d.ts',
  'https-proxy-agent/README.md',
  'jackspeak/README.md',
  'light-my-request/docs/cookies.md',
  'mustache/README.md',
  'pg-connection-string/README.md',
  'pino/docs/transports.md',
])

it('leaves documents and code as they are', { timeout: 60_000 }, () => {
  const all = { documents: 0, code: 0 }
  const changed = { documents: 0, code: 0 }
  const parts: string[] = []
  for (const { file, kind, text } of documents(nodeModules, 8)) {
    if (WITH_SAMPLES.has(file)) continue
    all[kind] += text.length
    for (const part of altered(text, redact(text))) {
      changed[kind] += Math.max(1, part.length)
      parts.push(`${file}: ${part}`)
    }
  }
  const seen = parts.join('\n')
  expect(changed.documents / all.documents, seen).toBeLessThanOrEqual(MOST)
  expect(changed.code / all.code, seen).toBeLessThanOrEqual(MOST)
})
