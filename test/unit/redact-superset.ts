// Texts in which the Collector's second line would find something: generated from its own expressions (`src/shared/redact/re2.ts`, which
// the generated configuration of the Collector holds), and wrapped in the ways in which texts are quoted, logged and encoded.
import { generateKeyPairSync } from 'node:crypto'
import RandExp from 'randexp'
import { CARDS, EMAIL, secretPatterns } from '../../src/shared/redact/re2'
import { seeded } from './redact-corpus'

export const secondLine = [EMAIL, ...CARDS, ...secretPatterns()]
const compiled = secondLine.map(pattern => new RegExp(pattern.replaceAll('(?s:.)', '[^]'), 'g'))

/** Lines of base64, as a private key has them, with what OpenSSL and OpenSSH write around them. */
export const privateKeys = [
  generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' }),
  generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({
    type: 'pkcs1',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'x',
  }),
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'sec1', format: 'pem' }),
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }),
].map(key => String(key).trim())

const eachLine = (text: string, prefix: string, suffix = '', joint = '\n') =>
  text
    .split('\n')
    .map(line => prefix + line + suffix)
    .join(joint)

/** How a text is met: quoted, logged, encoded. */
export const wrappers: Record<string, (text: string) => string> = {
  plain: text => text,
  sentence: text => `The customer wrote ${text} yesterday.`,
  'quoted mail': text => eachLine(text, '> '),
  'shell comment': text => eachLine(text, '# '),
  'block comment': text => `/**\n${eachLine(text, ' * ')}\n */`,
  'line comment': text => eachLine(text, '// '),
  diff: text => eachLine(text, '+'),
  'removed in a diff': text => eachLine(text, '-'),
  'container log': text => eachLine(text, 'app-1  | '),
  syslog: text => eachLine(text, 'Nov 27 10:00:00 host app[1]: '),
  'log with a time': text => eachLine(text, '2026-11-27T10:00:00.000Z INFO '),
  'numbered lines': text => eachLine(text, '12: '),
  'syslog priority': text => eachLine(text, '<13>'),
  'coloured log': text => eachLine(text, '\u001b[32m', '\u001b[0m'),
  indented: text => `data: |\n${eachLine(text, '    ')}`,
  'environment variable': text => `PRIVATE_KEY=${text}`,
  'quoted environment variable': text => `export SECRET_VALUE="${text}"`,
  'key in front': text => `private_key: ${text}`,
  json: text => JSON.stringify({ role: 'user', content: `see ${text} please` }),
  'json in json': text => JSON.stringify({ messages: JSON.stringify([{ content: text }]) }),
  'json three deep': text => JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ c: text }) }) }),
  'json list of lines': text => JSON.stringify(text.split('\n')),
  'list of quoted lines': text => `[\n${eachLine(text, "  '", "',")}\n].join('\\n')`,
  concatenation: text => eachLine(text, '  "', '\\n" +'),
  'joined by semicolons': text => text.replaceAll('\n', ';'),
  'joined by bars': text => text.replaceAll('\n', '|'),
  'carriage returns': text => text.replaceAll('\n', '\r\n'),
  html: text => `<p>${text.replaceAll('\n', '<br>')}</p>`,
  'html lines': text => eachLine(text, '<div>', '</div>'),
  'html entities': text => text.replaceAll('\n', '&#10;'),
  'percent-encoded line breaks': text => text.replaceAll('\n', '%0A'),
  heredoc: text => `cat <<EOF > key\n${text}\nEOF`,
  xml: text => `<value>${text}</value>`,
  markdown: text => `\`\`\`\n${text}\n\`\`\``,
  'quoted in a list': text => eachLine(text, '- "', '"'),
}

/** The whole text is encoded: what is looked for in the result is the encoded value. */
export const encoders: Record<string, (text: string) => string> = {
  encodeURIComponent: text => `key=${encodeURIComponent(text)}`,
  form: text => `a=1&${new URLSearchParams({ pem: text })}&b=2`,
}

/** Draws texts at random that the expression matches: each character of a class, and each length, is as likely. */
export function generator(pattern: string): () => string {
  const random = seeded(pattern.length)
  const expression = new RandExp(pattern)
  expression.max = 24
  expression.randInt = (from, to) => from + Math.floor(random() * (to - from + 1))
  expression.defaultRange.subtract(0, 0x1f)
  return () => expression.gen()
}

/** What the second line would still find. */
export function left(text: string): string[] {
  const masksAside = text.replaceAll(/\[[A-Z_]{2,20}\]/g, '[]')
  return compiled.flatMap(pattern => masksAside.match(pattern) ?? [])
}
