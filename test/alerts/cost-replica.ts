// One of several processes that watch the budgets of cost-months.ts: rounds without a pause, as of the time that a file says.
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { alertmanagerAt } from '../../src/monitoring/alerts/api'
import { openDatabase } from '../../src/operations/alert-receiver/database'
import { RaisedAlerts } from '../../src/operations/cost/raised'
import { remembering } from '../../src/operations/cost/spend'
import { round } from '../../src/operations/cost/watch'
import { config, months, sourceOf } from './cost-months'

const [clock, database, alertmanager] = process.argv.slice(2) as [string, string, string]

async function main(): Promise<void> {
  const source = remembering(sourceOf(months()))
  const raised = await RaisedAlerts.in(await openDatabase({ url: database }))
  const watch = {
    config,
    sourceOf: async () => source,
    raised,
    alertmanagers: [alertmanagerAt(alertmanager)],
    said: { receiver: 'http://localhost:9095', language: 'en' as const },
  }
  for (;;) {
    const now = Number(readFileSync(clock, 'utf8'))
    if (now > 0) {
      const { failures } = await round(watch, now).catch((error: Error) => ({ failures: [error] }))
      for (const { message } of failures) console.error(message)
      console.log(now)
    }
    await sleep(20)
  }
}

main()
