// Calls from another thread or process than the first.
import { execFile, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { run } from './run.mjs'

const file = fileURLToPath(new URL('./one-call.mjs', import.meta.url))
const ended = child => new Promise(resolve => child.on('exit', resolve))

await run({
  fork: name => ended(fork(file, [name])),
  NODE_OPTIONS: async name => {
    const preload = process.execArgv.join(' ')
    const { stdout } = await promisify(execFile)(process.execPath, [file, name], {
      env: { ...process.env, NODE_OPTIONS: preload },
    })
    return stdout
  },
  worker: name => ended(new Worker(file, { argv: [name] })),
})
