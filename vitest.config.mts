import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // Most files wait for child processes, browsers and timers: one worker more than there are cores keeps two of them busy.
    maxWorkers: availableParallelism() + 1,
    projects: [
      // some read much, or load DuckDB for the first time: a limit that a busy machine does not meet
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 } },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts', 'test/package/**/*.test.ts'],
          globalSetup: ['test/support/packed.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // each of them is a child process, or two
          maxConcurrency: 3,
        },
      },
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
          name: 'prometheus',
          include: ['test/prometheus/**/*.test.ts'],
          globalSetup: ['test/support/packed.ts', 'test/collector/setup.ts', 'test/prometheus/setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
})
