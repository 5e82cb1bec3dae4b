// OpenTelemetry Weaver's live-check, as `npm run conformance:weaver` has it: everything that the examples, the recordings and some suites
// export, against OpenTelemetry's registries and ours.
import { expect, it } from 'vitest'
import { runNode } from '../conformance/node-process'
import { findWeaver } from '../support/binaries.mjs'
import { isLong } from '../support/long'
import { root } from '../support/packed'

const limitMs = 3_000_000
const weaver = findWeaver()
const missing = !isLong('weaver')
  ? 'AFN_TEST_LONG=weaver runs it'
  : 'missing' in weaver
    ? weaver.missing
    : process.env.WEAVER_SEMCONV
      ? undefined
      : 'WEAVER_SEMCONV names no checkout of open-telemetry/semantic-conventions'
if (missing) console.error(`skipped: Weaver's live-check: ${missing}`)

it.skipIf(missing)(
  "Weaver's live-check finds a violation, or an advice without an answer",
  { timeout: limitMs },
  async () => {
    const env = process.env as Record<string, string>
    const args = ['test/conformance/run.mjs', 'weaver']
    const { code, stdout, stderr } = await runNode(process.execPath, args, root, env, limitMs)
    expect({ code, found: stdout.match(/^\d+ x \w+ \w+ .*$/gm) ?? [] }, stderr).toEqual({ code: 0, found: [] })
  },
)
