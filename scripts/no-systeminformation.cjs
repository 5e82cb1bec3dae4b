// Takes the place of `systeminformation` in the chunk `runtime`, which doesn't use the metrics that need it.
module.exports = {}
