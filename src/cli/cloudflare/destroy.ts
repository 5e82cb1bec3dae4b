// `afn-otel cloudflare destroy`
import { parseArgs } from 'node:util'
import { groupsOf } from '../../operations/cloudflare/desired-state'
import { group } from '../../operations/cloudflare/plan'
import { scripts } from '../../operations/cloudflare/script'
import { helpOption, print } from '../help'
import { optionLines } from '../options'
import { carryOut } from './carry-out'
import { cloudflareConfig, inZone, serviceOf, serviceOption } from './session'

const help = `Usage: afn-otel cloudflare destroy [--service NAME]

Deletes only what apply and deploy-worker created for this service. Keeps Web Analytics, because it is unknown who enabled it.

${optionLines(serviceOption)}

Exit codes: 0 everything is deleted; 1 something was rejected or remains; 2 usage error.`

export async function destroy(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...serviceOption, ...helpOption } })
  if (values.help) return print(help)
  const config = cloudflareConfig(values.config)
  if (!config) return 1
  return inZone('cloudflare destroy', async session => {
    const { client, place, zone } = session
    const service = serviceOf(values.service, config, session)
    // created by deploy-worker
    const worker = group(scripts(client, place, service), [])
    const groups = [worker, ...(await groupsOf(client, place, zone, service))]
    return await carryOut('cloudflare destroy', session, groups)
  })
}
