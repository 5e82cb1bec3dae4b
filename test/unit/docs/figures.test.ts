// A figure of a measurement stands in a section that names the command that prints it.
import { expect, it } from 'vitest'
import { pages, proseOf } from '../../support/pages'

/** Times and sizes. MiB are bounds, never measured. */
const FIGURE = /\b\d[\d.,]*\s?(?:µs|ms|KB|MB)\b/
const COMMAND = /`npm run [\w:-]+|`npx vitest run |`afn-otel /
/** A bound, which the code keeps, and no measurement. */
const BOUND = /\b(?:more|less|longer|shorter|larger|smaller) than\b|\band more\b|\bwithin\b/

/** Records of what was decided, what is open and what was once measured, which say so; what is generated; the list of changes. */
const others =
  /^docs\/(?:decisions\/|runbooks\/|plan\.md|open-ends\.md|redaction-speed\.md|settings\.md|cli\.md|semconv\.md)|^CHANGELOG\.md|^examples\//

it('a page has a figure of a measurement and no command that prints it', () => {
  const left = pages
    .filter(page => !others.test(page))
    .flatMap(page =>
      proseOf(page)
        .split(/^(?=## )/m)
        .filter(section => !COMMAND.test(section))
        .flatMap(section => section.split('\n'))
        .filter(line => FIGURE.test(line) && !BOUND.test(line))
        .map(line => `${page}: ${line}`),
    )
  expect(left).toEqual([])
})
