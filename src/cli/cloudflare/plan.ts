// `afn-otel cloudflare plan`
import { parseArgs } from 'node:util'
import { isChange, plan } from '../../cloudflare/plan'
import { planText } from '../../cloudflare/plan-text'
import { groupsOf } from '../../cloudflare/wanted'
import { helpOption, print } from '../help'
import { type Options, optionLines } from '../options'
import { cloudflareConfig, inZone, patience, setupOf, setupOptions } from './session'

export const options = {
  ...setupOptions,
  'detailed-exitcode': { type: 'boolean', default: false, help: 'exit code 3 where something is to be done' },
} as const satisfies Options

const help = `Usage: afn-otel cloudflare plan [OPTIONS]

What apply would make (+), change (~) and delete (-), what others have made and is used as it is (=), and what cannot be had here (!).
DISCORD_WEBHOOK_URL is the channel that is notified. Nothing is changed, so permissions to read are enough.

${optionLines(options)}

Exit codes: 0 there is a plan; 1 Cloudflare refuses; 2 the command is not right.`

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
