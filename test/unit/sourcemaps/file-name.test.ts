// What of a file's name a deploy leaves alone.
import { expect, it } from 'vitest'
import { isHashed, stableName } from '../../../src/backend/sourcemaps/file-name'

it.each([
  ['https://shop.example/assets/index-BdXkQzTa.js', 'index.js', 'Vite, no digit'],
  ['https://shop.example/assets/index-Bd_k-zT1.js?v=2', 'index.js', 'Vite'],
  ['https://shop.example/assets/my-cart-B3XkQzTa.js', 'my-cart.js', 'a name of two words'],
  ['/dist/main-OUQJAMJO.js', 'main.js', 'esbuild'],
  ['/static/js/main.3f2a1b2c.chunk.js', 'main.chunk.js', 'webpack'],
  ['/_next/static/chunks/app/page-3f2a1b2c4d5e6f70.js', 'page.js', 'Next.js'],
  ['/_next/static/chunks/0a1b2c3d4e5f6071.js', '.js', 'Turbopack'],
])('%s is %s: %s', (file, name) => {
  expect(stableName(file)).toBe(name)
  expect(isHashed(file)).toBe(true)
})

it.each([
  ['/srv/app/dist/server.js', 'server.js'],
  ['C:\\srv\\app\\user-settings.js', 'user-settings.js'],
  ['https://cdn.example/jquery-3.7.1.min.js#x', 'jquery-3.7.1.min.js'],
  ['https://cdn.example/polyfills.js', 'polyfills.js'],
  ['file:///srv/caf%C3%A9.mjs', 'café.mjs'],
  ['file:///srv/100%.mjs', '100%.mjs'],
])('%s is %s, whose name stands for many contents', (file, name) => {
  expect(stableName(file)).toBe(name)
  expect(isHashed(file)).toBe(false)
})
