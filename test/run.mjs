// `npm test`: plain Node. Installs when node_modules is missing, runs the suites in a temporary folder of its own, names the slowest
// files and what still runs, and ends with one line that counts.
//   --short   leaves out what test/longer.mjs names
//   --longer  runs that alone, and the parts of test/long.mjs that AFN_TEST_LONG names
// Other arguments are vitest's.
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)))
process.chdir(root)

if (!existsSync('node_modules')) execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { stdio: 'inherit' })

const folder = mkdtempSync(path.join(tmpdir(), 'afn-test-'))
// PostgreSQL runs as a user of its own
chmodSync(folder, 0o755)
const results = path.join(folder, 'results.json')
const vitest = [
  'node_modules/vitest/vitest.mjs',
  'run',
  // the machine may be busy: what fails runs once more, and slowest.mjs names each test that needed it
  '--retry=1',
  '--reporter=default',
  '--reporter=json',
  '--reporter=./test/support/slowest.mjs',
  `--outputFile.json=${results}`,
]
const scopes = ['--short', '--longer']
const scope = process.argv.find(argument => scopes.includes(argument))?.slice(2)
const rest = process.argv.slice(2).filter(argument => !scopes.includes(argument))
const env = { ...process.env, TMPDIR: folder, ...(scope && { AFN_TEST_SCOPE: scope }) }
const child = spawn(process.execPath, [...vitest, ...rest], { stdio: 'inherit', env })
child.on('close', async code => {
  const {
    numPassedTests = 0,
    numFailedTests = 0,
    numPendingTests = 0,
    numTodoTests = 0,
    numFailedTestSuites = 0,
    testResults = [],
  } = existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')) : {}
  const left = await stillRunning()
  for (const command of left) console.log(`left behind: ${command}`)
  // a test that failed has stopped nothing; where it passed the second time, what the first left is ended here and no failure
  const isOfFlaky = existsSync(path.join(folder, 'flaky'))
  if (isOfFlaky) for (const command of left) end(Number.parseInt(command, 10))
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  } catch (error) {
    // the count is what CI reads: nothing keeps it from being the last line
    console.log(`${folder} is left: ${error.message}`)
  }
  // a file that could not be loaded has no tests to fail, and counts all the same
  const unloaded = testResults.filter(file => file.status === 'failed' && file.assertionResults.length === 0).length
  const broken = numFailedTests + unloaded || (code === 0 ? 0 : Math.max(1, numFailedTestSuites))
  const failed = broken + (isOfFlaky ? 0 : left.length)
  console.log(`${numPassedTests} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped`)
  process.exitCode = failed > 0 || code !== 0 ? 1 : 0
})

/** The commands of processes in the temporary folder, or with a file of it, that five seconds later still run. */
async function stillRunning() {
  for (let tries = 0; tries < 50; tries++) {
    if (processes().length === 0) return []
    await sleep(100)
  }
  return processes()
}

function end(pid) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it has ended meanwhile
  }
}

function processes() {
  if (!existsSync('/proc')) return []
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(pid => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim()
        return `${command} ${readlinkSync(`/proc/${pid}/cwd`)}`.includes(folder) ? [`${pid} ${command}`] : []
      } catch {
        // it has ended meanwhile, or is another user's
        return []
      }
    })
}
