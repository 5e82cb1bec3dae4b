/** Finds what is a secret in a file that is kept in git, so that it is refused before it gets there. No sentence shows it. */
import type { Mistake } from '../../shared/config/checked-file'
import { bearer } from '../../shared/redact/detectors/secrets/formats/bearer'
import { crypt } from '../../shared/redact/detectors/secrets/formats/crypt'
import { jwt } from '../../shared/redact/detectors/secrets/formats/jwt'
import { pem } from '../../shared/redact/detectors/secrets/formats/pem'
import { prefixed } from '../../shared/redact/detectors/secrets/formats/prefixed'
import { webhook } from '../../shared/redact/detectors/secrets/formats/webhook'
import { createScanner } from '../../shared/redact/scan/scanner'

/** What is a secret by its form alone, whatever stands before it. */
const scan = createScanner([webhook, prefixed, jwt, pem, bearer, crypt])

/** Whatever its length: one that was shortened by hand is a mistake all the same. */
const DISCORD = /\bdiscord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/[^\s"'#,}\]]+/gi

export interface Secret {
  readonly value: string
  readonly mistake: Mistake
}

/** Everywhere, in comments too. */
export function secretsIn(text: string): Secret[] {
  const found = new Map<number, string>()
  for (const { 0: value, index } of text.matchAll(DISCORD)) found.set(index, value)
  let from = 0
  scan(
    text,
    (_, value) => {
      const at = text.indexOf(value, from)
      if (at < 0) return undefined
      from = at + value.length
      if (![...found.keys()].some(start => Math.abs(start - at) < value.length)) found.set(at, value)
      return undefined
    },
    () => {},
  )
  return [...found].map(([at, value]) => ({ value, mistake: { ...placeOf(text, at), message: messageFor(value) } }))
}

function messageFor(value: string): string {
  const [what, key] = /\bwebhooks?\b|hooks\./.test(value)
    ? ['the URL of a webhook', 'webhook_url_file']
    : ['a secret', 'token_file']
  return `${what} is here in clear text; revoke it, write a new one to a file outside of git, and set ${key} to that file`
}

function placeOf(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at).split('\n')
  return { line: before.length, column: before.at(-1)!.length + 1 }
}

/** Whether whoever has the URL can do what it stands for: it has a password, a key in its query, or a part that nobody can guess. */
export function isSecretUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { username, password, pathname, searchParams, hostname } = new URL(text)
  if (username !== '' || password !== '') return true
  if (/(?:^|\.)(?:discord(?:app)?\.com|hooks\.slack\.com|webhook\.office\.com)$/.test(hostname)) return true
  if ([...searchParams.keys()].some(key => /token|key|secret|sig|auth|pass|code/i.test(key))) return true
  return pathname.split('/').some(part => part.length >= 16 && /\d/.test(part) && /[a-z]/i.test(part))
}
