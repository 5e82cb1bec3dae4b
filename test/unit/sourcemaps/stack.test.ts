// Lines of stacks as engines write them.
import { describe, expect, it } from 'vitest'
import { parseFrame } from '../../../src/backend/sourcemaps/stack'

const url = 'https://shop.example/assets/app-4F3A2B1C.js'

describe('a frame', () => {
  it.each([
    ['V8', `    at t.add (${url}:1:48213)`, 't.add'],
    ['V8, at the top', `    at ${url}:1:48213`, ''],
    ['V8, awaited', `    at async o (${url}:1:48213)`, 'o'],
    ['V8, under another name', `    at Object.n [as run] (${url}:1:48213)`, 'Object.n [as run]'],
    ['SpiderMonkey', `add@${url}:1:48213`, 'add'],
    ['SpiderMonkey, without a name', `@${url}:1:48213`, ''],
    ['SpiderMonkey, awaited', `async*add@${url}:1:48213`, 'add'],
    ['SpiderMonkey, nested', `t/this.add@${url}:1:48213`, 't/this.add'],
    ['JavaScriptCore', `add@${url}:1:48213`, 'add'],
    ['JavaScriptCore, at the top', `module code@${url}:1:48213`, 'module code'],
    ['JavaScriptCore, without a name', `${url}:1:48213`, ''],
    ['with the end of a line of Windows', `add@${url}:1:48213\r`, 'add'],
  ])('of %s', (_, line, name) => {
    expect(parseFrame(line)).toMatchObject({ name, file: url, line: 1, column: 48213 })
  })

  it.each([
    ['    at run (/srv/my app (2)/main.js:10:5)', '/srv/my app (2)/main.js'],
    ['    at file:///srv/app/main.mjs:10:5', 'file:///srv/app/main.mjs'],
    ['    at run (C:\\app\\main.js:10:5)', 'C:\\app\\main.js'],
    ['run@https://cdn.example/npm/@shop/cart@2/main.js:10:5', 'https://cdn.example/npm/@shop/cart@2/main.js'],
    ['https://cdn.example/npm/@shop/cart@2/main.js:10:5', 'https://cdn.example/npm/@shop/cart@2/main.js'],
    ['    at run (https://shop.example/main.js?v=:10:5)', 'https://shop.example/main.js?v='],
  ])('has its file: %s', (line, file) => {
    expect(parseFrame(line)).toMatchObject({ file, line: 10, column: 5 })
  })

  it.each([
    '    at Array.map (<anonymous>)',
    '    at async Promise.all (index 0)',
    '    at eval (eval at run (https://shop.example/main.js:10:5), <anonymous>:1:1)',
    'map@[native code]',
    'run@https://shop.example/main.js line 5 > eval:1:1',
    '    at Module._compile (node:internal/modules/cjs/loader:1521:14)',
  ])('of no build has no file: %s', line => {
    expect(parseFrame(line)).toMatchObject({ file: '', line: 0 })
  })

  it.each([
    'TypeError: x is undefined',
    'Error: https://shop.example/a.js:1:2',
    'Caused by: RangeError: at most 3',
    'mail hannah@example.org at 10:30',
    '',
  ])('is not: %s', line => {
    expect(parseFrame(line)).toBeUndefined()
  })
})
