// `afn-otel cloudflare …`: creates the monitoring resources of a Cloudflare zone in the manner of terraform.
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
    help: 'checks the ids and the permissions of the token',
    run: check,
    options: checkOptions,
  },
  plan: {
    usage: 'plan',
    help: 'shows what apply would create, change and delete',
    run: showPlan,
    options: showPlanOptions,
  },
  apply: {
    usage: 'apply',
    help: 'creates health checks, notifications, Web Analytics and OTLP destinations; idempotent',
    run: applyPlan,
    options: setupOptions,
  },
  setup: { usage: 'setup', help: 'same as apply', run: applyPlan, options: setupOptions },
  'deploy-worker': {
    usage: 'deploy-worker [--probe NAME=URL…]',
    help: 'deploys a Worker that probes from the edge and detects when all other monitoring is down',
    run: deployWorker,
    options: deployWorkerOptions,
  },
  metrics: {
    usage: 'metrics [--since 15m] [--watch]',
    help: 'prints edge metrics as a table or JSON; with --watch, sends them over OTLP every minute',
    run: metrics,
    options: metricsOptions,
  },
  alerts: {
    usage: 'alerts [--since 7d]',
    help: 'lists the notifications that Cloudflare sent',
    run: alerts,
    options: alertsOptions,
  },
  destroy: {
    usage: 'destroy',
    help: 'deletes only what apply created',
    run: destroy,
    options: serviceOption,
  },
}

const help = `Usage: afn-otel cloudflare COMMAND [OPTIONS]

${subcommandLines(subcommands)}

CLOUDFLARE_API_TOKEN, CLOUDFLARE_ZONE_ID and CLOUDFLARE_ACCOUNT_ID come from the environment, else from .env in the working directory.
For details, run: afn-otel cloudflare COMMAND --help

Exit codes: 0 done, even if there was nothing to do; 1 something was rejected, is missing or remains; 2 usage error.`

/** @returns the exit code */
export const cloudflare = (args: string[]): Promise<number> => runSubcommand('cloudflare', subcommands, help, args)
