// A figure of a measurement stands in a section that names the command that prints it. What a page promises as a bound is no measurement:
// it is listed here with the file that holds it.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { pages, proseOf, root } from '../../support/pages'

/** Times and sizes. MiB are bounds, never measured. */
const FIGURE = /\b\d[\d.,]*\s?(?:µs|ms|KB|MB|MB\/s)\b/
const COMMAND = /`npm run [\w:-]+|`npx vitest run |`afn-otel /

const bounds: readonly { readonly text: string; readonly by: string }[] = [
  { text: 'frames of 100 ms and more', by: 'src/browser/features/timing.ts' },
  { text: 'takes longer than 300 ms', by: 'src/local/intake.ts' },
]

/** Records of what was decided, what is open and what was once measured, which say so; what is generated; the list of changes. */
const others =
  /^docs\/(?:decisions\/|runbooks\/|plan\.md|redaction-speed\.md|settings\.md|cli\.md|semconv\.md)|^CHANGELOG\.md|^examples\//

it('a page has a figure of a measurement and no command that prints it', () => {
  const left = pages
    .filter(page => !others.test(page))
    .flatMap(page =>
      proseOf(page)
        .split(/^(?=## )/m)
        .filter(section => !COMMAND.test(section))
        .flatMap(section => section.split('\n'))
        .map(line => bounds.reduce((text, bound) => text.replace(bound.text, ''), line))
        .filter(line => FIGURE.test(line))
        .map(line => `${page}: ${line}`),
    )
  expect(left).toEqual([])
})

it.each(bounds)('the bound "$text" is held nowhere: $by', ({ by }) => {
  expect(() => readFileSync(path.join(root, by))).not.toThrow()
})
