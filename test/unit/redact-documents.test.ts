// Code and documents pass: files of what is installed here, looked at for what the redactor changes that is no address.
import path from 'node:path'
import { expect, it } from 'vitest'
import { redact } from '../../src/shared/redact'
import { altered, documents } from '../redact/documents.mjs'

const installed = ['../../node_modules', '../node_modules'].map(folder => path.join(import.meta.dirname, folder))
/** Share of the characters that may change. */
const MOST = 0.00005
/** Their names, passwords, cookies and addresses are samples: rightly found. */
const WITH_SAMPLES = new Set([
  'ajv/node_modules/fast-uri/README.md',
  'https-proxy-agent/README.md',
  'ipaddr.js/README.md',
  'light-my-request/docs/cookies.md',
])

it('leaves documents and code as they are', { timeout: 60_000 }, () => {
  const all = { documents: 0, code: 0 }
  const changed = { documents: 0, code: 0 }
  const parts: string[] = []
  for (const { file, kind, text } of installed.flatMap(folder => [...documents(folder, 8)])) {
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
