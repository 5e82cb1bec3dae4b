// What one LLM call runs through, by V8's own call counts. Whoever adds a file or a function to the way of every call sees it
// here, and decides whether it is worth it.
import { execFileSync } from 'node:child_process'
import path from 'node:path'
import { expect, it } from 'vitest'

/**
 * One file more is a decision; functions have some room. Two files keep our timers out of the context of requests. Four files are where the start ends and the chunk of LLM calls begins, a fifth
 * loads `performance` late: a third less for V8 to parse at each start, and 6 ms of its CPU. Five files have a batch wait until
 * somebody takes it.
 */
const most = { files: 69, functions: 278 }
/** From Node.js 26 on, a stream that is read is looked at for who reads it (`src/app/llm/observe/fetch/node-adapter.ts`). */
const ofReaders =
  Number.parseInt(process.versions.node, 10) < 26 ? { files: 0, functions: 0 } : { files: 1, functions: 4 }

it('a warm call of fetch with a JSON answer runs through few files and functions of ours', () => {
  const script = path.join(import.meta.dirname, '../../scripts/count-call.mjs')
  const { files, functions, called } = JSON.parse(
    execFileSync(process.execPath, [script, '--json'], { encoding: 'utf8' }),
  )
  // the stages of the way are in it, so it is the whole way that was counted
  for (const part of [
    'src/app/llm/observe/call.ts',
    'src/app/sdk/span-pipeline.ts',
    'src/shared/redact/redactor.ts',
    'src/app/delivery/retrying-transport.ts',
  ]) {
    expect(Object.keys(called)).toContain(part)
  }
  expect(files).toBeLessThanOrEqual(most.files + ofReaders.files)
  expect(functions).toBeLessThanOrEqual(most.functions + ofReaders.functions)
})
