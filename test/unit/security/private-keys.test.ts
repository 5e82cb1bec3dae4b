// B1: the body of a private key behind what the review put around it (pem.cjs, pem2.cjs). The keys are made by OpenSSL in node:crypto.
import { generateKeyPairSync } from 'node:crypto'
import { expect, it } from 'vitest'
import { messages } from '../../../src/shared/otlp/messages'
import { createDocumentRedactor } from '../../../src/shared/otlp/redact-request'
import { createRedactor, redact } from '../../../src/shared/redact'

const key = String(
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
).trim()
const lines = key.split('\n')
const body = lines.slice(1, -1)
const each = (before: string, after = '') => lines.map(line => before + line + after).join('\n')

const wrappings: [string, string][] = [
  ['a quoted mail', each('> ')],
  ['a comment of a shell', each('# ')],
  ['a block comment', each(' * ')],
  ['the log of a container', each('app-1  | ')],
  ['a block of YAML', each('| ')],
  ['lines of a log', each('[app] ')],
  ['quoted lines', each('"', '"')],
  ['lines of syslog', each('<13>')],
  ['a coloured log', each('\u001b[32m', '\u001b[0m')],
  ['a list of lines in JSON', JSON.stringify(lines)],
  ['a concatenation', each('  "', '\\n" +')],
  ['HTML', lines.join('<br>')],
  ['lines behind semicolons', lines.join(';')],
  ['lines behind bars', lines.join('|')],
  ['entities', lines.join('&#10;')],
  ['percent and a letter', lines.join('%0A')],
  ['a component of a URL', encodeURIComponent(key)],
  ['a variable', `PRIVATE_KEY=${key}`],
  ['a variable in one line', `PRIVATE_KEY="${lines.join('\\n')}"`],
  ['a document of JSON', JSON.stringify({ private_key: key })],
  ['a message of a chat', JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: each('> ') }] }])],
]

/** How many lines of the key's body are left, whole or by the half. */
const left = (text: string) => {
  const plain = decodeURIComponent(text.replaceAll(/%(?![\da-f]{2})/gi, '%25'))
  return body.filter(line => plain.includes(line.slice(0, 30)) || plain.includes(line.slice(-30))).length
}

it.each(wrappings)('B1: no line of a private key is left in %s', (_, text) => {
  expect(left(text)).toBe(body.length)
  expect(left(redact(text))).toBe(0)
})

it.each(wrappings)('B1: nor by up --redact, as text or as bytes, in %s', (_, text) => {
  const bytesValue = Buffer.from(text).toString('base64')
  const attributes = [
    { key: 'gen_ai.input.messages', value: { stringValue: text } },
    { key: 'file', value: { bytesValue } },
  ]
  const request = { resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: text }, attributes }] }] }] }
  for (const _ of createDocumentRedactor(createRedactor())(messages.ExportLogsServiceRequest, request));
  const stored = JSON.stringify(request)
  expect(left(stored.replaceAll('\\\\', '\\'))).toBe(0)
  const kept = Array.from(stored.matchAll(/"bytesValue":"([^"]+)"/g), ([, base64]) => Buffer.from(base64!, 'base64'))
  for (const bytes of kept) expect(left(bytes.toString('utf8'))).toBe(0)
})
