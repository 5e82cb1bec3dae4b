// The frameworks, with their share of the apps.
import type { Framework } from '../framework'
import { express } from './express'
import { fastify } from './fastify'
import { hapi, restify } from './hapi'
import { hono } from './hono'
import { koa } from './koa'
import { connect, plain } from './node'

const shares: [Framework, number][] = [
  [express(5), 6],
  [express(4), 5],
  [hono, 5],
  [koa(3), 3],
  [koa(2), 1],
  [fastify, 3],
  [plain, 2],
  [connect, 1],
  [hapi, 1],
  [restify, 1],
]

export const frameworks: readonly Framework[] = shares.map(([framework]) => framework)

const turns = shares.flatMap(([framework, share]) => Array.from({ length: share }, () => framework))

/** Of a seed: the frameworks take turns. */
export const frameworkOf = (seed: number): Framework => turns[seed % turns.length]!
export const named = (name: string): Framework => frameworks.find(framework => framework.name === name)!
