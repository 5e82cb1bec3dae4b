/** A Prometheus rule file. */
import { stringify } from 'yaml'

export interface Rule {
  readonly record?: string
  readonly alert?: string
  readonly expr: string
  /** Such as `2m`. */
  readonly for?: string
  readonly keep_firing_for?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
}

export interface RuleGroup {
  readonly name: string
  /** Such as `1m`; default: the server's interval. */
  readonly interval?: string
  readonly rules: readonly Rule[]
}

/** @param header comment lines, without `#` */
export function renderRules(header: string, groups: readonly RuleGroup[]): string {
  return renderYaml(header, { groups })
}

/** @param header comment lines, without `#` */
export function renderYaml(header: string, content: object): string {
  const comment = header.trim().replace(/^/gm, '# ').replace(/ +$/gm, '')
  return `${comment}\n\n${stringify(content, { lineWidth: 0, aliasDuplicateObjects: false })}`
}
