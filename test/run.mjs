// `npm test`: plain Node. Installs when node_modules is missing, runs every suite, names the slowest files, and ends with one
// line that counts.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
process.chdir(root)

if (!existsSync('node_modules')) execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { stdio: 'inherit' })

const folder = mkdtempSync(path.join(tmpdir(), 'afn-test-'))
const results = path.join(folder, 'results.json')
const vitest = [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--reporter=default',
  '--reporter=json',
  '--reporter=./test/support/slowest.mjs',
  `--outputFile.json=${results}`,
]
const child = spawn(process.execPath, [...vitest, ...process.argv.slice(2)], { stdio: 'inherit' })
child.on('close', code => {
  const {
    numPassedTests = 0,
    numFailedTests = 0,
    numPendingTests = 0,
    numTodoTests = 0,
    numFailedTestSuites = 0,
    testResults = [],
  } = existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')) : {}
  rmSync(folder, { recursive: true, force: true })
  // a file that could not be loaded has no tests to fail, and counts all the same
  const unloaded = testResults.filter(file => file.status === 'failed' && file.assertionResults.length === 0).length
  const failed = numFailedTests + unloaded || (code === 0 ? 0 : Math.max(1, numFailedTestSuites))
  console.log(`${numPassedTests} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped`)
  process.exitCode = failed > 0 || code !== 0 ? 1 : 0
})
