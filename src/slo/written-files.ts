/** What is written for Prometheus of all SLOs. */
import { testFile } from './promtool-tests'
import { renderRules } from './rule-file'
import { type Placement, ruleFiles } from './rule-files'
import type { Slo } from './spec'

/** Written to `path`, relative to the target. */
export interface WrittenFile {
  readonly path: string
  readonly content: string
}

export interface WrittenFiles {
  /** Rule files in `rules`, and a test of each SLO in `rules/tests`, where no pattern of a `rule_files` finds it. */
  readonly files: readonly WrittenFile[]
  /** Why an SLO has no rules. */
  readonly refused: readonly string[]
}

/** @param header comment of each file, without `#` */
export function writtenFiles(slos: readonly Slo[], placement: Placement, header: string): WrittenFiles {
  const { made, refused } = ruleFiles(slos, placement)
  const files = made.flatMap(rules => {
    const test = testFile(rules, '../', header)
    return [
      ...rules.files.map(({ name, groups }) => ({ path: `rules/${name}`, content: renderRules(header, groups) })),
      ...(test ? [{ path: `rules/tests/${test.name}`, content: test.content }] : []),
    ]
  })
  return { files, refused }
}
