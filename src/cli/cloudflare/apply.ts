// `afn-otel cloudflare apply`, which is `setup` too
import { parseArgs } from 'node:util'
import { groupsOf } from '../../cloudflare/wanted'
import { helpOption, print } from '../help'
import { optionLines } from '../options'
import { carryOut } from './carry-out'
import { cloudflareConfig, inZone, setupOf, setupOptions } from './session'

const help = `Usage: afn-otel cloudflare apply [OPTIONS]

Shows the plan and does it. Whatever a run that was broken off has left, the next one completes. Before the first change it says which
permissions the token lacks, and does nothing then.

${optionLines(setupOptions)}

Exit codes: 0 all is there; 1 something is refused, missing or left; 2 the command is not right.`

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
