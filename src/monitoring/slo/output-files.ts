/** Generates the files of all SLOs for Prometheus. */
import path from 'node:path'
import { testFile } from './promtool-tests'
import { renderRules } from './rule-file'
import type { RuleFile, RulesOfSlo } from './rule-files'

/** `path` is relative to the target folder. */
export interface WrittenFile {
  readonly path: string
  readonly content: string
}

/**
 * Rules are in `rules`, those of a second server in `rules/period`, and tests in `rules/tests`, so that `rule_files` patterns of a server
 * do not match files of the others.
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

/** All folders that may contain generated files. */
export const writtenFolders = ['rules', 'rules/period', 'rules/tests'] as const

const pathOf = ({ server, name }: RuleFile): string => `rules/${server === 'long' ? 'period/' : ''}${name}`
