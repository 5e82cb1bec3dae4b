// A reporter of vitest for `npm test`: names the files that took longest, with their hooks, which the JSON reporter leaves out.
import path from 'node:path'

export default class Slowest {
  /** @param {readonly import('vitest/node').TestModule[]} modules */
  onTestRunEnd(modules) {
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
