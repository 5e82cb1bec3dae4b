// `afn-otel cloudflare check`
import { parseArgs } from 'node:util'
import { missingScopes, permissionNames, scopeText } from '../../operations/cloudflare/scopes'
import { helpOption, print } from '../help'
import { type Options, optionLines } from '../options'
import { inZone } from './session'

export const options = {
  'read-only': { type: 'boolean', default: false, help: 'checks only the permissions for plan, not those for apply' },
} as const satisfies Options

const help = `Usage: afn-otel cloudflare check [--read-only]

Checks that the token, the zone and the account match, and lists the permissions that the token lacks. Changes nothing: to test write
permissions, it sends DELETE requests for ids that cannot exist.

${optionLines(options)}

Exit codes: 0 no problems; 1 something is wrong or missing; 2 usage error.`

export async function check(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...options, ...helpOption } })
  if (values.help) return print(help)
  return inZone('cloudflare check', async ({ client, place, zone }) => {
    console.log(`zone ${zone.name}${zone.plan === undefined ? '' : `, plan ${zone.plan}`}`)
    const names = new Set(permissionNames)
    const missing = await missingScopes(client, place, names, 'Read')
    if (!values['read-only']) missing.push(...(await missingScopes(client, place, names, 'Edit')))
    for (const scope of missing) console.log(`the token lacks ${scopeText(scope)}`)
    if (missing.length === 0) console.log('the token has all permissions')
    return missing.length > 0 ? 1 : 0
  })
}
