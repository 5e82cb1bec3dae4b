// `afn-otel cloudflare apply`, also available as `setup`
import { parseArgs } from 'node:util'
import { groupsOf } from '../../operations/cloudflare/desired-state'
import { helpOption, print } from '../help'
import { optionLines } from '../options'
import { carryOut } from './carry-out'
import { cloudflareConfig, inZone, setupOf, setupOptions } from './session'

const help = `Usage: afn-otel cloudflare apply [OPTIONS]

Shows the plan and applies it. After an interrupted run, the next run completes it. If the token lacks permissions, lists them and
changes nothing.

${optionLines(setupOptions)}

Exit codes: 0 everything is in place; 1 something was rejected, is missing or remains; 2 usage error.`

export async function applyPlan(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...setupOptions, ...helpOption } })
  if (values.help) return print(help)
  const config = cloudflareConfig(values.config)
  if (!config) return 1
  return inZone('cloudflare apply', async session => {
    const { client, place, zone } = session
    const setup = setupOf(values, config, session)
    return await carryOut('cloudflare apply', session, await groupsOf(client, place, zone, setup.service, setup))
  })
}
