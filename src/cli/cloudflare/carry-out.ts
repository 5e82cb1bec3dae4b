// Shows a plan, checks the permissions for it, and executes it.
import { apply, type Group, isChange, plan } from '../../operations/cloudflare/plan'
import { planText, stepText } from '../../operations/cloudflare/plan-text'
import { missingScopes, scopeText } from '../../operations/cloudflare/scopes'
import { print } from '../help'
import { patience, type Session } from './session'

/** @returns the exit code */
export async function carryOut(command: string, { client, place }: Session, groups: readonly Group[]): Promise<number> {
  const steps = await plan(groups, patience)
  console.log(planText(steps))
  if (!steps.some(isChange)) return 0
  const changed = new Set(steps.filter(isChange).map(({ kind }) => kind))
  const needed = new Set(groups.filter(({ kind }) => changed.has(kind)).map(({ permission }) => permission))
  const missing = await missingScopes(client, place, needed, 'Edit')
  if (missing.length > 0) {
    console.error(
      `afn-otel ${command}: nothing was changed; missing permissions of the token: ${missing.map(scopeText).join(', ')}`,
    )
    return 1
  }
  console.log('')
  const { leftOut, remaining } = await apply(groups, patience, step =>
    console.log(`${stepText(step).split('\n')[0]} …`),
  )
  const known = new Set(steps.filter(({ action }) => action === 'skip').map(({ name }) => name))
  for (const step of leftOut) if (!known.has(step.name)) console.log(stepText(step))
  if (remaining.length === 0) return print('Done.')
  console.error(
    `afn-otel ${command}: these still differ in Cloudflare, so Cloudflare or somebody else changes them:\n${remaining.map(stepText).join('\n')}`,
  )
  return 1
}
