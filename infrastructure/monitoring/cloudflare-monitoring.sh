#!/bin/sh
# setup | check | plan | metrics | alerts | deploy-worker | destroy, with CLOUDFLARE_API_TOKEN, CLOUDFLARE_ZONE_ID and CLOUDFLARE_ACCOUNT_ID from
# the environment or from .env of the working directory.
exec npx --no-install afn-otel cloudflare "$@"
