/** Generates one rule file per SLO, so that an invalid one does not affect others. */
import { defaultUrls } from '../../shared/config/urls'
import { tooShort } from './alert-texts'
import { alertGroup, type Environments, type Links } from './alerts'
import { countGroups, metaGroup, periodGroup, sliGroup } from './recording-rules'
import type { RuleGroup } from './rule-file'
import { slothGroups } from './sloth'
import type { Slo } from './spec'
import { daysNeeded, windowSeconds } from './windows'

/** Where rules are evaluated. */
export interface Placement {
  /** Retention in days of the server with the apps' samples. */
  readonly days: number
  /**
   * Retention in days of a second server, to which the first one sends its records (`remote_write` of `slo:.*` and `sloth_slo_info`). It
   * evaluates periods that the first one does not keep.
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
  /** Why an SLO has no rules: the retention is too short. */
  readonly refused: readonly string[]
}

const defaultEnvironments: Environments = { own: 'production', silent: [] }

/** The longest window of a tier, plus a day for the edge. */
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
  // Sloth's period rules need the 5-minute records on the same server
  const kept = slo.compat === 'sloth' ? days : Math.max(days, longDays)
  const problem = tooShort(slo, kept, needed)
  if (problem !== undefined) return problem
  if (days < LEAST_DAYS)
    return `${slo.id}: its longest alert looks back 3 days and needs ${LEAST_DAYS} days of data, but its store keeps ${days}. Keep ${LEAST_DAYS} days`
  const file = (server: RuleFile['server'], groups: readonly RuleGroup[]): RuleFile => ({
    // ids begin with a letter or digit, so both names never collide
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
