#!/bin/sh
# setup | check | plan | metrics | alerts | deploy-worker | destroy, with CLOUDFLARE_API_TOKEN, CLOUDFLARE_ZONE_ID and CLOUDFLARE_ACCOUNT_ID from
# the environment or from .env of the working directory. Not by npx: it would ask a registry for a package of this name.
command=node_modules/.bin/afn-otel
if [ ! -x "$command" ]; then
  echo "$0: $command is not here; run this where @afn/otel is installed" >&2
  exit 2
fi
exec "$command" cloudflare "$@"
