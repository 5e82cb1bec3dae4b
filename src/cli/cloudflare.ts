// `afn-otel cloudflare …`: what a zone of Cloudflare's needs to be watched, made as terraform would make it.
import { alerts, options as alertsOptions } from './cloudflare/alerts'
import { applyPlan } from './cloudflare/apply'
import { check, options as checkOptions } from './cloudflare/check'
import { deployWorker, options as deployWorkerOptions } from './cloudflare/deploy-worker'
import { destroy } from './cloudflare/destroy'
import { metrics, options as metricsOptions } from './cloudflare/metrics'
import { showPlan, options as showPlanOptions } from './cloudflare/plan'
import { serviceOption, setupOptions } from './cloudflare/session'
import { runSubcommand, type Subcommands, subcommandLines } from './subcommands'

export const subcommands: Subcommands = {
  check: {
    usage: 'check [--read-only]',
    help: 'whether the ids fit together, and which permissions the token lacks',
    run: check,
    options: checkOptions,
  },
  plan: {
    usage: 'plan',
    help: 'what apply would make, change and delete; it changes nothing',
    run: showPlan,
    options: showPlanOptions,
  },
  apply: {
    usage: 'apply',
    help: 'makes health checks, notifications, Web Analytics and OTLP destinations; done twice, the second does nothing',
    run: applyPlan,
    options: setupOptions,
  },
  setup: { usage: 'setup', help: 'plan and apply in one', run: applyPlan, options: setupOptions },
  'deploy-worker': {
    usage: 'deploy-worker [--probe NAME=URL…]',
    help: 'a Worker that probes from the edge, and notices when all other monitoring is gone',
    run: deployWorker,
    options: deployWorkerOptions,
  },
  metrics: {
    usage: 'metrics [--since 15m] [--watch]',
    help: 'what the edge has seen, as a table or JSON; with --watch each minute by OTLP',
    run: metrics,
    options: metricsOptions,
  },
  alerts: {
    usage: 'alerts [--since 7d]',
    help: 'what Cloudflare has notified of',
    run: alerts,
    options: alertsOptions,
  },
  destroy: {
    usage: 'destroy',
    help: 'deletes what apply has made, and nothing else',
    run: destroy,
    options: serviceOption,
  },
}

const help = `Usage: afn-otel cloudflare COMMAND [OPTIONS]

${subcommandLines(subcommands)}

CLOUDFLARE_API_TOKEN, CLOUDFLARE_ZONE_ID and CLOUDFLARE_ACCOUNT_ID say where, from the environment, else from the file .env of the working
directory. afn-otel cloudflare COMMAND --help says more of one.

Exit codes: 0 done, and nothing to be done too; 1 something is refused, missing or left; 2 the command is not right.`

/** @returns the exit code */
export const cloudflare = (args: string[]): Promise<number> => runSubcommand('cloudflare', subcommands, help, args)
