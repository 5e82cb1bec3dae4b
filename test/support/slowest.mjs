// A reporter of vitest for `npm test`: names the files that took longest, with their hooks, which the JSON reporter leaves out, and
// the tests that passed only when they ran again.
import { appendFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

export default class Slowest {
  /** @param {readonly import('vitest/node').TestModule[]} modules */
  onTestRunEnd(modules) {
    for (const module of modules)
      for (const test of module.children.allTests()) {
        if (!test.diagnostic()?.flaky) continue
        const line = `flaky: ${path.relative('test', module.moduleId)} > ${test.fullName}: ${firstLine(test)}`
        console.log(line)
        // for run.mjs, which counts
        appendFileSync(path.join(tmpdir(), 'flaky'), `${line}\n`)
      }
    const longest = modules
      .map(module => {
        const { collectDuration, duration } = module.diagnostic()
        return { file: path.relative('test', module.moduleId), ms: collectDuration + duration }
      })
      .sort((one, other) => other.ms - one.ms)
      .slice(0, 10)
    console.log(`slowest: ${longest.map(({ file, ms }) => `${file} ${Math.round(ms / 1000)} s`).join(', ')}`)
  }
}

/** @param {import('vitest/node').TestCase} test */
const firstLine = test => test.result().errors?.[0]?.message?.split('\n', 1)[0] ?? ''
