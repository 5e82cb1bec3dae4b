// Each finding of the attack reviews of November 2026 (F1 to F27, H1 to H15), and those of the review of the backend that are about privacy (B1, B11):
// where it is answered in SECURITY.md, and which tests hold that. What is read here are their files, so that no reproduction is lost when one
// of them is renamed.
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '../../..')

const NEXT = 'test/unit/security/next.test.ts'
const WORK = 'test/unit/security/work.test.ts'
const LEAKS = 'test/unit/security/leaks.test.ts'
const RECEIVER = 'test/unit/security/receiver.test.ts'
const DOORS = 'test/unit/security/doors.test.ts'
const PROCESS = 'test/e2e/security.test.ts'
const COLLECTOR = 'test/collector/security.test.ts'
const PROMETHEUS = 'test/prometheus/pages.test.ts'
const HANDLER = 'test/unit/next/otlp-handler.test.ts'

const findings: Record<string, [file: string, title: string][]> = {
  F1: [
    ['test/unit/redact-work.test.ts', 'costs no more work when it is hostile than a bound says'],
    ['test/unit/redact-work.test.ts', '%s is read up to 2 KiB'],
  ],
  F2: [
    [NEXT, 'F2: hostile numbers cost a small part of what their characters would'],
    [NEXT, 'F2: answers 503 with Retry-After when too much is in work'],
    [WORK, 'F2: are replaced unread once the request has had its time'],
    [WORK, 'F2: a flood leaves each request enough for honest texts'],
    [WORK, 'F2: however many requests are at work, other work waits for one piece of one of them'],
  ],
  F3: [
    [NEXT, 'F3: a page forges no cost, no LLM call, no mark of redaction'],
    [NEXT, 'F3: a page speaks in the name of its own service only'],
    [NEXT, 'F3: nothing passes unread: aliases, trace states, bytes'],
    [COLLECTOR, 'F3: a page has no forged service, cost, LLM call, mark or secret stored'],
  ],
  F4: [
    [PROMETHEUS, 'F4: gets no leave to read from the Prometheus of up or of compose.yaml'],
    [PROMETHEUS, 'F4: reads nothing under a name that was rebound'],
    [PROMETHEUS, 'F4: reads nothing and stores nothing, in Chromium'],
    ['test/unit/security/proxy.test.ts', 'F4: %s does not reach the server behind'],
  ],
  F5: [
    ['test/unit/security/provider-messages.test.ts', 'with content off a status message has nothing of the prompt'],
    [PROCESS, 'F5, F6, F8: has no prompt and no key'],
  ],
  F6: [
    [LEAKS, 'a key without an issuer’s prefix leaves in'],
    [PROCESS, 'F5, F6, F8: has no prompt and no key'],
  ],
  F7: [[LEAKS, 'an Authorization header leaves with the scheme']],
  F8: [
    [LEAKS, 'the token of a Telegram bot leaves in the path of its URL'],
    [PROCESS, 'F5, F6, F8: has no prompt and no key'],
  ],
  F9: [[LEAKS, 'a short number under the key of a code leaves as']],
  F10: [['test/unit/security/statements.test.ts', 'F10: %s leaves no literal']],
  F11: [[LEAKS, 'a phone number with slashes between its groups leaves as']],
  F12: [
    [RECEIVER, 'F12: refuses %s with millions of %s in protobuf'],
    [RECEIVER, 'F12: answers 503 with Retry-After'],
    [WORK, 'F12: of sixty large requests that come together three are read'],
    [PROCESS, 'F12: a request of 16 KB takes it less than 300 MB'],
    [PROCESS, 'F12: of 60 such requests at once none stops it, and a signal still ends it'],
  ],
  F13: [
    [PROCESS, 'F13: a client evades its limit by no header, and shuts nobody out'],
    [HANDLER, 'counts a client by what the nearest proxy wrote'],
    [HANDLER, 'counts before it asks the app who may send'],
    [HANDLER, 'locks nobody out for requests that it refuses itself'],
  ],
  F14: [[COLLECTOR, 'F14: the second line reads trace states']],
  F15: [[PROCESS, 'F15: all of it']],
  F16: [['test/unit/security/held.test.ts', 'prefixes masks what the issuer writes behind it']],
  F17: [[LEAKS, 'a key of the vendor leaves in a sentence']],
  F18: [[LEAKS, 'another spelling lets it leave:']],
  F19: [[LEAKS, 'an argument of a process leaves:']],
  F20: [[LEAKS, 'stays as it is:']],
  F21: [[PROCESS, 'F21: no command prints the credentials of an address or of a variable']],
  F22: [[HANDLER, 'authorization=Basic 50%']],
  F23: [
    [DOORS, 'F23: JSON for a terminal has no control or format character'],
    [DOORS, 'F23: stacks for a terminal keep their lines'],
  ],
  F24: [
    [PROCESS, 'F24: what it writes is readable for its user alone'],
    [COLLECTOR, 'F24: what --files writes is readable for its user alone'],
  ],
  F25: [
    [DOORS, 'F25: what containers call this machine is for programs'],
    [DOORS, 'F25: no page on a rebound name reads the metrics'],
  ],
  F26: [
    [DOORS, 'F26: a link on another site leads to the page'],
    ['test/e2e/security-held-up.test.ts', 'reaches no API and no download by %s'],
  ],
  F27: [
    [NEXT, 'F27: gzip of nothing, again and again, is not read beyond the limit'],
    ['test/e2e/security-held-up.test.ts', 'many open tails get a trace, and up goes on'],
    // the subscriber of undici, with Array.prototype.map broken
    ['test/e2e/host.test.ts', "'broken-globals'"],
  ],
  H1: [
    [
      'test/unit/redact-growth.test.ts',
      'no piece is dearer than 20 times as many characters of addresses that are masked',
    ],
  ],
  H2: [['test/unit/gdpr/others.test.ts', 'lose for %s the lines of that user alone']],
  H3: [
    ['test/alerts/receiver-http.test.ts', 'takes notifications while hundreds of strangers send forms that never end'],
  ],
  H4: [
    ['test/unit/llm/no-events.test.ts', 'what stands between events takes none of them away'],
    ['test/unit/llm/no-events.test.ts', 'calls of tools by the thousand keep their pieces apart'],
  ],
  H5: [
    [
      'test/unit/backend/store-arrival.test.ts',
      'in a file from before it was looked at ends no sweep, no question and no start',
    ],
    ['test/unit/backend/edges.test.ts', 'answers every query of every board'],
  ],
  H6: [
    ['test/unit/redact-foreign.test.ts', '%s does not leave, whatever its value is'],
    ['test/unit/redact-foreign.test.ts', 'H6: messages leave %s'],
  ],
  H7: [
    ['test/unit/backend/promql-bounds.test.ts', 'as the engine says, of expressions by chance'],
    [
      'test/unit/backend/promql-bounds.test.ts',
      'a query is refused at the place where it is none, which an editor would mend',
    ],
    [
      'test/unit/backend/promql-bounds.test.ts',
      'a question for series has at most twenty selectors, one for values fifty',
    ],
  ],
  H8: [['test/unit/collector-binary.test.ts', 'H8: what a mirror made up ran']],
  H9: [['test/alerts/receiver-tickets.test.ts', 'and messages say neither who nor with which key']],
  H10: [
    ['test/e2e/promised.test.ts', 'H10: values of the promise arrive %s'],
    [LEAKS, 'H10: what a person answered to be known again leaves behind %s'],
  ],
  H11: [['test/unit/llm/hostile-streams.test.ts', 'a stream of %s is given up']],
  H12: [['test/package/sbom.test.ts', 'H12: what is bundled can’t be looked up among known holes']],
  H13: [
    [NEXT, 'H13: a page writes an LLM call in another convention'],
    [HANDLER, 'another type that begins alike'],
  ],
  H14: [['test/unit/security/proxy.test.ts', 'H14: %s is redirected to the path that nobody knows']],
  H15: [['test/unit/backend/store-repair.test.ts', 'wherever it is damaged, rows are lost that the damage spared']],
  B1: [['test/unit/security/private-keys.test.ts', 'B1: no line of a private key is left in %s']],
  B11: [[RECEIVER, 'B11: --redact reads bytes']],
}

it.each(Object.entries(findings))('%s has the tests that hold it', (_, tests) => {
  for (const [file, title] of tests) {
    expect(existsSync(path.join(root, file)), file).toBe(true)
    expect(readFileSync(path.join(root, file), 'utf8'), file).toContain(title)
  }
})

it('SECURITY.md answers each finding of the attack reviews, and names none that there is not', () => {
  const rows = readFileSync(path.join(root, 'SECURITY.md'), 'utf8').matchAll(/^\| ([FH]\d+) \| .+ \| .+ \|$/gm)
  expect(Array.from(rows, ([, name]) => name)).toEqual(Object.keys(findings).filter(name => /^[FH]/.test(name)))
})
