// `afn-otel cloudflare plan`
import { parseArgs } from 'node:util'
import { groupsOf } from '../../operations/cloudflare/desired-state'
import { isChange, plan } from '../../operations/cloudflare/plan'
import { planText } from '../../operations/cloudflare/plan-text'
import { helpOption, print } from '../help'
import { type Options, optionLines } from '../options'
import { cloudflareConfig, inZone, patience, setupOf, setupOptions } from './session'

export const options = {
  ...setupOptions,
  'detailed-exitcode': { type: 'boolean', default: false, help: 'exits with 3 if there are changes' },
} as const satisfies Options

const help = `Usage: afn-otel cloudflare plan [OPTIONS]

Shows what apply would create (+), change (~) and delete (-), what exists already and is used as is (=), and what is not available here (!).
DISCORD_WEBHOOK_URL is the notification channel. Changes nothing, so read permissions are enough.

${optionLines(options)}

Exit codes: 0 success; 1 Cloudflare rejects the request; 2 usage error.`

export async function showPlan(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...options, ...helpOption } })
  if (values.help) return print(help)
  const config = cloudflareConfig(values.config)
  if (!config) return 1
  return inZone('cloudflare plan', async session => {
    const { client, place, zone } = session
    const setup = setupOf(values, config, session)
    const steps = await plan(await groupsOf(client, place, zone, setup.service, setup), patience)
    console.log(planText(steps))
    return values['detailed-exitcode'] && steps.some(isChange) ? 3 : 0
  })
}
