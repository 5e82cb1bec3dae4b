// Which alerts there are after one evaluation and the next, and what is said of them.
import { afterEach, expect, it, vi } from 'vitest'
import type { ActiveAlert } from '../../../../src/backend/alerts/evaluation'
import { type AlertWatch, watchAlerts } from '../../../../src/backend/alerts/watch'

let watch: AlertWatch
afterEach(async () => {
  await watch.close()
  vi.restoreAllMocks()
})

let clock = 1_800_000_000_000
const lines: string[] = []
let stop = () => {}

/** The first evaluation is done then. @param rounds what each finds */
async function start(...rounds: (readonly ActiveAlert[] | Error)[]) {
  lines.length = 0
  watch = watchAlerts({
    evaluator: {
      by: 'up',
      async evaluate() {
        const active = rounds.shift() ?? []
        if (active instanceof Error) throw active
        return { active, objectives: [], problems: [] }
      },
      recorded: () => [],
    },
    problems: ['slo.yaml:1:1 a mistake'],
    now: () => clock,
    say: line => lines.push(line),
  })
  await watch.answer()
}

const alert = (name: string, severity = 'critical', state: ActiveAlert['state'] = 'firing'): ActiveAlert => ({
  key: name,
  name,
  severity,
  state,
  since: undefined,
  service: 'shop',
  environment: '',
  team: '',
  summary: `${name} burns.`,
  description: '',
  labels: {},
  annotations: {},
})

/** A new evaluation for each. */
async function next() {
  clock += 60_000
  return (await watch.answer()).alerts.map(({ name, state }) => `${name} ${state}`)
}

it('an alert is printed once when it fires and once when it is resolved, and is listed as resolved for a day', async () => {
  await start([], [alert('A', 'critical', 'pending')], [alert('A')], [alert('A')], [], [])
  expect(await next()).toEqual(['A pending'])
  expect(lines).toEqual([])
  expect(await next()).toEqual(['A firing'])
  expect(await next()).toEqual(['A firing'])
  expect(lines).toEqual(['alert firing: A (critical, shop): A burns.'])
  expect(await next()).toEqual(['A resolved'])
  expect(lines.slice(1)).toEqual(['alert resolved: A (critical, shop)'])
  const [resolved] = (await watch.answer()).alerts
  expect(resolved!.resolved! - resolved!.since).toBe(180)
  clock += 86_400_000
  expect(await next()).toEqual([])
})

it('the most severe alert is listed first, and a severity that is not ours last', async () => {
  await start([], [alert('D', 'sev-9'), alert('C', 'low'), alert('B', 'medium', 'pending'), alert('A', 'critical')])
  expect(await next()).toEqual(['A firing', 'C firing', 'D firing', 'B pending'])
})

it('an evaluation that fails is printed, and the alerts before it stay', async () => {
  const errors = vi.spyOn(console, 'error').mockImplementation(() => {})
  await start([alert('A')], new Error('the disk is full'), [alert('A')])
  expect((await watch.answer()).problems).toEqual(['slo.yaml:1:1 a mistake'])
  clock += 60_000
  const failed = await watch.answer()
  expect(failed.alerts.map(({ name, state }) => `${name} ${state}`)).toEqual(['A firing'])
  expect(failed.problems[0]).toMatch(/^the last evaluation failed/)
  expect(errors.mock.calls[0]![0]).toContain('alerts were not evaluated (the disk is full)')
  await next()
  expect((await watch.answer()).problems).toEqual(['slo.yaml:1:1 a mistake'])
  expect(lines).toEqual(['alert firing: A (critical, shop): A burns.'])
})

it('an answer does not wait for weeks of points that have to be read first', async () => {
  vi.useFakeTimers()
  const endless = new Promise<never>((_, reject) => {
    stop = () => reject(new Error('closed'))
  })
  watch = watchAlerts({
    evaluator: { by: 'up', evaluate: () => endless, recorded: () => [] },
    problems: [],
    now: () => clock,
    say: () => {},
  })
  const answer = watch.answer()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(await answer).toMatchObject({ evaluated: null, alerts: [], objectives: [] })
  vi.useRealTimers()
  vi.spyOn(console, 'error').mockImplementation(() => {})
  stop()
})
