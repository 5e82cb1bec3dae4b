// `npm run conformance:weaver [-- FILE …]`: OpenTelemetry Weaver's live-check on everything that receivers of test files get, of these
// files or of the examples, the recordings and some of test/e2e. The registry is semconv/registry over OpenTelemetry's own, which
// WEAVER_SEMCONV is a checkout of. Prints what is found that test/conformance/weaver/answers.ts has no answer to,
// and how often each answer was needed; exit 1 where there is a violation or an advice without an answer, or a test fails.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { findWeaver } from '../support/binaries.mjs'
import { root } from '../support/packed'
import { answerTo } from './weaver/answers'
import { startLiveCheck } from './weaver/live-check'
import { makeRegistry } from './weaver/registry'

/** Apps that are ours alone: what another SDK or a made-up name would say is not held against us. */
const usual = [
  'test/examples/',
  'test/e2e/conformance',
  'test/e2e/databases',
  'test/e2e/frameworks',
  'test/e2e/jobs',
  'test/e2e/mcp.',
  'test/e2e/undici.',
  'test/e2e/websocket.',
]

export async function main(files: string[]): Promise<number> {
  const weaver = findWeaver()
  if ('missing' in weaver) {
    console.error(weaver.missing)
    return 2
  }
  const { WEAVER_SEMCONV: semconv } = process.env
  if (!semconv) {
    console.error(
      'WEAVER_SEMCONV is not set; set it to a checkout of github.com/open-telemetry/semantic-conventions, 1.45',
    )
    return 2
  }
  const registry = makeRegistry(semconv)
  try {
    const check = await startLiveCheck(weaver.binary, registry)
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', ...(files.length > 0 ? files : usual)]
    const env = { ...process.env, AFN_WEAVER: check.address }
    const [status] = await once(spawn(process.execPath, vitest, { cwd: root, env, stdio: 'inherit' }), 'close')
    const { records, found } = await check.stop()
    const answered = new Map<string, number>()
    const open = [...found].filter(([, { advice, count }]) => {
      const answer = answerTo(advice)
      if (answer) answered.set(answer, (answered.get(answer) ?? 0) + count)
      return !answer
    })
    for (const [text, { advice, count }] of open.sort()) console.log(`${count} x ${text}: ${advice.message}`)
    console.log(`\nanswered:`)
    for (const [answer, count] of answered) console.log(`  ${count} x ${answer}`)
    console.log(`${records} records, ${found.size} different findings, ${open.length} without an answer`)
    return status === 0 && open.length === 0 && records > 0 ? 0 : 1
  } finally {
    rmSync(registry, { recursive: true, force: true })
  }
}
