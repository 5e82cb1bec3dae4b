// A reporter of node:test: a line of JSON for each test, `[file, title, outcome]`.
import path from 'node:path'

/** @param {AsyncIterable<{ type: string, data: any }>} source */
export default async function* reporter(source) {
  /** @type {string[]} */
  const names = []
  for await (const { type, data } of source) {
    if (type === 'test:start') names.splice(data.nesting, names.length, data.name)
    if (type !== 'test:pass' && type !== 'test:fail') continue
    const title = [...names.slice(0, data.nesting), data.name].join(' > ')
    const outcome =
      data.skip !== undefined || data.todo !== undefined ? 'skipped' : type === 'test:pass' ? 'passed' : 'failed'
    yield `${JSON.stringify([path.resolve(data.file ?? data.name), title, outcome])}\n`
  }
}
