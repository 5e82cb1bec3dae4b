/** What is written of all SLOs for Prometheus. */
import { testFile } from './promtool-tests'
import { renderRules } from './rule-file'
import type { RulesOfSlo } from './rule-files'

/** Written to `path`, relative to the target. */
export interface WrittenFile {
  readonly path: string
  readonly content: string
}

/**
 * Rule files in `rules`, and a test of each SLO in `rules/tests`, where no pattern of a `rule_files` finds it.
 * @param header comment of each file, without `#`
 */
export function writtenFiles(made: readonly RulesOfSlo[], header: string): WrittenFile[] {
  return made.flatMap(rules => {
    const test = testFile(rules, '../', header)
    return [
      ...rules.files.map(({ name, groups }) => ({ path: `rules/${name}`, content: renderRules(header, groups) })),
      ...(test ? [{ path: `rules/tests/${test.name}`, content: test.content }] : []),
    ]
  })
}
