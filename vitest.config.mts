import { availableParallelism } from 'node:os'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { install } from './scripts/install.mjs'
import { parts } from './test/long.mjs'
import { files as longer, projects as longerProjects } from './test/longer.mjs'

/** Files that take long for their size, by which vitest sorts where it knows no times: last, one of them would run alone. */
const LONG =
  /(examples\/|e2e\/(left-streams|clients|conformance|demo|never-break|up)\.|monitor-crash|redact-growth|funnel|faults)/

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return [
      ...sorted.filter(({ moduleId }) => LONG.test(moduleId)),
      ...sorted.filter(({ moduleId }) => !LONG.test(moduleId)),
    ]
  }
}

interface Project extends TestProjectInlineConfiguration {
  readonly test: NonNullable<TestProjectInlineConfiguration['test']> & { name: string; include: string[] }
}

const projects: readonly Project[] = [
  // some read much, or load DuckDB for the first time: a limit that a busy machine does not meet
  {
    test: {
      name: 'unit',
      include: ['test/unit/**/*.test.ts', 'test/dashboards/**/*.test.ts'],
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  },
  {
    test: {
      name: 'e2e',
      include: ['test/e2e/**/*.test.ts', 'test/package/**/*.test.ts'],
      globalSetup: ['test/support/packed.ts'],
      testTimeout: 120_000,
      hookTimeout: 120_000,
      // each of them is a child process, or two
      maxConcurrency: 2,
    },
  },
  {
    test: {
      name: 'health',
      include: ['test/health/**/*.test.ts'],
      globalSetup: ['test/support/packed.ts'],
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  },
  { test: { name: 'slo', include: ['test/slo/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 } },
  { test: { name: 'browser', include: ['test/browser/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
  {
    test: {
      name: 'examples',
      include: ['test/examples/**/*.test.ts'],
      globalSetup: ['test/support/packed.ts'],
      testTimeout: 60_000,
      hookTimeout: 300_000,
    },
  },
  {
    test: {
      name: 'collector',
      include: ['test/collector/**/*.test.ts'],
      globalSetup: ['test/support/packed.ts', 'test/collector/setup.ts'],
      testTimeout: 180_000,
      hookTimeout: 180_000,
    },
  },
  {
    test: {
      name: 'tempo',
      include: ['test/tempo/**/*.test.ts'],
      // they share one Tempo, and each asks for all that is in it
      fileParallelism: false,
      globalSetup: ['test/support/packed.ts', 'test/tempo/setup.ts'],
      testTimeout: 60_000,
      hookTimeout: 150_000,
    },
  },
  {
    test: {
      name: 'folders',
      include: ['test/folders/**/*.test.ts'],
      globalSetup: ['test/support/packed.ts', 'test/folders/setup.ts'],
      testTimeout: 120_000,
      hookTimeout: 120_000,
    },
  },
  {
    test: {
      name: 'alerts',
      include: ['test/alerts/**/*.test.ts'],
      globalSetup: ['test/support/packed.ts'],
      // Alertmanager, Prometheus and a mail server of its own for each file
      testTimeout: 120_000,
      hookTimeout: 120_000,
    },
  },
  {
    test: {
      name: 'monitoring',
      include: ['test/monitoring/**/*.test.ts'],
      globalSetup: ['test/support/packed.ts', 'test/collector/setup.ts', 'test/monitoring/setup.ts'],
      testTimeout: 120_000,
      hookTimeout: 120_000,
    },
  },
  {
    test: {
      name: 'prometheus',
      include: ['test/prometheus/**/*.test.ts'],
      globalSetup: ['test/support/packed.ts', 'test/collector/setup.ts', 'test/prometheus/setup.ts'],
      testTimeout: 60_000,
      hookTimeout: 180_000,
    },
  },
]

/** Of AFN_TEST_SCOPE: `short` is `npm test`, `longer` what it leaves out, with the parts that AFN_TEST_LONG names; else all. */
function inScope(all: readonly Project[]): Project[] {
  const named = (process.env.AFN_TEST_LONG ?? '')
    .split(',')
    .filter(name => Object.hasOwn(parts, name)) as (keyof typeof parts)[]
  switch (process.env.AFN_TEST_SCOPE) {
    case 'short':
      return all
        .filter(({ test }) => !longerProjects.includes(test.name))
        .map(({ test }) => ({ test: { ...test, exclude: longer } }))
    case 'longer': {
      const files = [...longer, ...named.flatMap(name => parts[name].files.map(file => `${file}*.test.ts`))]
      return all
        .map(({ test }) => {
          if (longerProjects.includes(test.name)) return { test }
          const folders = test.include.map(glob => glob.split('*', 1)[0]!)
          return { test: { ...test, include: files.filter(file => folders.some(folder => file.startsWith(folder))) } }
        })
        .filter(({ test }) => test.include.length > 0)
    }
    default:
      return [...all]
  }
}

install('test')

export default defineConfig({
  test: {
    // Most files wait for child processes, browsers and timers: one worker more than there are cores keeps two of them busy.
    maxWorkers: availableParallelism() + 1,
    sequence: { sequencer: LongestFirst },
    projects: inScope(projects),
  },
})
