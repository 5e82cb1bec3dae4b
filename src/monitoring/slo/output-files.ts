/** What is written of all SLOs for Prometheus. */
import path from 'node:path'
import { testFile } from './promtool-tests'
import { renderRules } from './rule-file'
import type { RuleFile, RulesOfSlo } from './rule-files'

/** Written to `path`, relative to the target. */
export interface WrittenFile {
  readonly path: string
  readonly content: string
}

/**
 * Rule files in `rules`, those of a second server in `rules/period`, and a test of each SLO in `rules/tests`: so that no pattern of a
 * `rule_files` finds what is not for its server.
 * @param header comment of each file, without `#`
 */
export function writtenFiles(made: readonly RulesOfSlo[], header: string): WrittenFile[] {
  return made.flatMap(rules => {
    const test = testFile(rules, file => path.posix.relative('rules/tests', pathOf(file)), header)
    return [
      ...rules.files.map(file => ({ path: pathOf(file), content: renderRules(header, file.groups) })),
      ...(test ? [{ path: `rules/tests/${test.name}`, content: test.content }] : []),
    ]
  })
}

/** Every folder in which a file may be. */
export const writtenFolders = ['rules', 'rules/period', 'rules/tests'] as const

const pathOf = ({ server, name }: RuleFile): string => `rules/${server === 'long' ? 'period/' : ''}${name}`
