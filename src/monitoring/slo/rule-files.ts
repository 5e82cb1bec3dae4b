/** The rule files of SLOs: one SLO a file, so that one which Prometheus refuses takes no other with it. */
import { defaultUrls } from '../../shared/config/urls'
import { tooShort } from './alert-texts'
import { alertGroup, type Environments, type Links } from './alerts'
import { countGroups, metaGroup, periodGroup, sliGroup } from './recording-rules'
import type { RuleGroup } from './rule-file'
import { slothGroups } from './sloth'
import type { Slo } from './spec'
import { daysNeeded, windowSeconds } from './windows'

/** Where the rules are evaluated. */
export interface Placement {
  /** Days that the server with the samples of the apps keeps. */
  readonly days: number
  /**
   * Days that a second server keeps, to which the first one writes what it records (`remote_write` of `slo:.*` and `sloth_slo_info`):
   * periods that the first does not keep are rated there.
   */
  readonly longDays?: number
  readonly links?: Links
  readonly environments?: Environments
}

export interface RuleFile {
  /** Such as `slo-shop-availability.yml`. */
  readonly name: string
  /** `long`: for the second server. */
  readonly server: 'first' | 'long'
  readonly groups: readonly RuleGroup[]
}

export interface RulesOfSlo {
  readonly slo: Slo
  readonly files: readonly RuleFile[]
}

export interface RuleFiles {
  readonly made: readonly RulesOfSlo[]
  /** Why an SLO has no rules: what is kept is too short for it. */
  readonly refused: readonly string[]
}

const defaultEnvironments: Environments = { own: 'production', silent: [] }

/** The longest window of a tier, and a day for the edge. */
const LEAST_DAYS = Math.max(...windowSeconds) / 86_400 + 1

export function ruleFiles(slos: readonly Slo[], placement: Placement): RuleFiles {
  const [made, refused]: [RulesOfSlo[], string[]] = [[], []]
  for (const slo of slos) {
    const files = filesOf(slo, placement)
    if (typeof files === 'string') refused.push(files)
    else made.push({ slo, files })
  }
  return { made, refused }
}

function filesOf(
  slo: Slo,
  { days, longDays = 0, links = defaultUrls, environments = defaultEnvironments }: Placement,
): RuleFile[] | string {
  const needed = daysNeeded(slo.period)
  const isTogether = days >= needed
  // Sloth's rules of the period need those of 5 minutes on the same server
  const kept = slo.compat === 'sloth' ? days : Math.max(days, longDays)
  const problem = tooShort(slo, kept, needed)
  if (problem !== undefined) return problem
  if (days < LEAST_DAYS)
    return `${slo.id}: its longest alert looks back 3 days and needs ${LEAST_DAYS} days of data, but its store keeps ${days}. Keep ${LEAST_DAYS} days`
  const file = (server: RuleFile['server'], groups: readonly RuleGroup[]): RuleFile => ({
    // no id makes one of the other: each begins with a letter or a digit
    name: `${server === 'long' ? 'slo.period' : 'slo'}-${slo.id}.yml`,
    server,
    groups,
  })
  if (slo.compat === 'sloth') return [file('first', slothGroups(slo))]
  const alerts = alertGroup(slo, links, environments)
  const groups = [sliGroup(slo), metaGroup(slo), ...(alerts.rules.length > 0 ? [alerts] : []), ...countGroups(slo)]
  const period = periodGroup(slo)
  return isTogether ? [file('first', [...groups, period])] : [file('first', groups), file('long', [period])]
}
