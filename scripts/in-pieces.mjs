// esbuild plugin for chunks whose modules are evaluated one by one, each in a turn of the event loop of its own, or all at once by whoever
// calls `whole()`. The bundle becomes the body of a generator that yields where a module of ours begins: its variables stay those of one function, which V8
// takes for constants. (In functions of their own, as esbuild has modules that are required, redaction takes 5 % longer.)
import { readFileSync, writeFileSync } from 'node:fs'

const mark = '__piece__()'

/** @type {import('esbuild').Plugin} */
export const inPieces = {
  name: 'in-pieces',
  setup({ initialOptions, onLoad, onEnd }) {
    initialOptions.banner = { js: 'const made={exports:{}},making=(function*(module){' }
    initialOptions.footer = {
      js:
        '})(made);exports.whole=()=>{while(!making.next().done);return made.exports};' +
        'exports.pieces=function*(){while(!making.next().done)yield;yield made.exports.early?.();return made.exports};',
    }
    onLoad({ filter: /\.ts$/ }, ({ path: file }) =>
      file.includes('node_modules') ? undefined : { contents: `${mark};${readFileSync(file, 'utf8')}`, loader: 'ts' },
    )
    onEnd(({ errors }) => {
      if (errors.length > 0) return
      const { outfile } = initialOptions
      writeFileSync(outfile, readFileSync(outfile, 'utf8').replaceAll(mark, '(yield)'))
    })
  },
}
