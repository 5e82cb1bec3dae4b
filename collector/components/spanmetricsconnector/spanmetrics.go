// Package spanmetricsconnector is upstream's connector span_metrics that tells what a batch has counted before it answers. Upstream's
// counts in memory and tells by the clock, so that what came since is gone with a process that is killed.
package spanmetricsconnector

import (
	"context"
	"sync"
	"time"

	"github.com/jonboulle/clockwork"
	upstream "github.com/open-telemetry/opentelemetry-collector-contrib/connector/spanmetricsconnector"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

var spanMetrics = upstream.NewFactory()

// NewFactory makes the connector afn_span_metrics. Its settings are those of span_metrics without the interval; what it counts is delta.
func NewFactory() connector.Factory {
	return connector.NewFactory(
		component.MustNewType("afn_span_metrics"),
		spanMetrics.CreateDefaultConfig,
		connector.WithTracesToMetrics(newSpanMetrics, component.StabilityLevelBeta),
	)
}

type counting struct {
	connector.Traces
	ticks chan time.Time
	told  chan error
	one   sync.Mutex
}

func newSpanMetrics(ctx context.Context, set connector.Settings, cfg component.Config, next consumer.Metrics) (connector.Traces, error) {
	config := *cfg.(*upstream.Config)
	config.AggregationTemporality = "AGGREGATION_TEMPORALITY_DELTA"
	set.ID = component.NewIDWithName(spanMetrics.Type(), set.ID.Name())
	c := &counting{ticks: make(chan time.Time), told: make(chan error)}
	tell, err := consumer.NewMetrics(func(ctx context.Context, md pmetric.Metrics) error {
		err := next.ConsumeMetrics(ctx, md)
		c.told <- err
		return err
	}, consumer.WithCapabilities(next.Capabilities()))
	if err != nil {
		return nil, err
	}
	ctx = clockwork.AddToContext(ctx, clock{clockwork.NewRealClock(), c.ticks})
	c.Traces, err = spanMetrics.CreateTracesToMetrics(ctx, set, &config, tell)
	return c, err
}

func (c *counting) ConsumeTraces(ctx context.Context, td ptrace.Traces) error {
	c.one.Lock()
	defer c.one.Unlock()
	if err := c.Traces.ConsumeTraces(ctx, td); err != nil {
		return err
	}
	c.ticks <- time.Now()
	return <-c.told
}

// The clock's ticks are batches of spans.
type clock struct {
	clockwork.Clock
	ticks chan time.Time
}

func (c clock) NewTicker(time.Duration) clockwork.Ticker { return ticker(c.ticks) }

type ticker chan time.Time

func (t ticker) Chan() <-chan time.Time { return t }
func (ticker) Reset(time.Duration)      {}
func (ticker) Stop()                    {}
