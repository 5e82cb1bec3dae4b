import { plain, url } from './ask.mjs'

console.log(await (await fetch(url, plain(process.argv[2]))).text())
