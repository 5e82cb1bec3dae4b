// Package serieslimiterprocessor lets each service have so many series and no more. What adds deltas up, and Prometheus, have room for a number of
// series of all together: without it one service that makes a label of an id takes the room of all others.
package serieslimiterprocessor

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatautil"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/processor"

	"afn.internal/collector/services"
)

// Config bounds what a service may have.
type Config struct {
	// Series is of each service.
	Series int `mapstructure:"series"`
	// Services is how many are counted apart: those that came first. All others are counted as one.
	Services int `mapstructure:"services"`
	// Expiration is after how long without a point a series is forgotten.
	Expiration time.Duration `mapstructure:"series_expiration"`
	// Collector tells the counts of this one from those of others.
	Collector string `mapstructure:"collector"`
}

// Validate refuses bounds that let nothing through.
func (c *Config) Validate() error {
	if c.Series <= 0 || c.Services <= 0 || c.Expiration <= 0 {
		return errors.New("series, services and series_expiration must be above 0")
	}
	return nil
}

// NewFactory makes the processor afn_series_limiter.
func NewFactory() processor.Factory {
	return processor.NewFactory(
		component.MustNewType("afn_series_limiter"),
		func() component.Config { return &Config{Series: 10_000, Services: 1000, Expiration: 30 * time.Minute} },
		processor.WithMetrics(newLimiter, component.StabilityLevelBeta),
	)
}

type series struct {
	resource, point [16]byte
	metric          string
}

type limiter struct {
	component.StartFunc
	component.ShutdownFunc
	*Config
	next consumer.Metrics

	lock sync.Mutex
	// When each series was seen last.
	seen  map[services.Service]map[series]time.Time
	swept time.Time
}

func newLimiter(_ context.Context, _ processor.Settings, cfg component.Config, next consumer.Metrics) (processor.Metrics, error) {
	return &limiter{Config: cfg.(*Config), next: next, seen: map[services.Service]map[series]time.Time{}, swept: time.Now()}, nil
}

// Capabilities says that points are taken out.
func (*limiter) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: true}
}

func (l *limiter) ConsumeMetrics(ctx context.Context, md pmetric.Metrics) error {
	l.lock.Lock()
	now := time.Now()
	l.sweep(now)
	for _, resource := range md.ResourceMetrics().All() {
		attributes := resource.Resource().Attributes()
		of := l.seenOf(attributes)
		key := series{resource: pdatautil.MapHash(attributes)}
		dropped := 0
		isAbove := func(metric string, point pcommon.Map) bool {
			key.metric, key.point = metric, pdatautil.MapHash(point)
			if _, ok := of[key]; !ok && len(of) >= l.Series {
				dropped++
				return true
			}
			of[key] = now
			return false
		}
		for _, scope := range resource.ScopeMetrics().All() {
			for _, metric := range scope.Metrics().All() {
				removeIf(metric, isAbove)
			}
		}
		if dropped > 0 {
			l.tell(resource, dropped, now)
		}
	}
	l.lock.Unlock()
	return l.next.ConsumeMetrics(ctx, md)
}

func (l *limiter) seenOf(resource pcommon.Map) map[series]time.Time {
	whose := services.Of(resource)
	if _, ok := l.seen[whose]; !ok && len(l.seen) >= l.Services {
		whose = services.Others
	}
	of, ok := l.seen[whose]
	if !ok {
		of = map[series]time.Time{}
		l.seen[whose] = of
	}
	return of
}

// sweep forgets what came no more, a few times in the time after which it is forgotten.
func (l *limiter) sweep(now time.Time) {
	if now.Sub(l.swept) < l.Expiration/4 {
		return
	}
	l.swept = now
	for whose, of := range l.seen {
		for key, last := range of {
			if now.Sub(last) > l.Expiration {
				delete(of, key)
			}
		}
		if len(of) == 0 {
			delete(l.seen, whose)
		}
	}
}

// tell counts what was dropped as a rule of data quality, among the metrics of its sender.
func (l *limiter) tell(resource pmetric.ResourceMetrics, dropped int, now time.Time) {
	metric := resource.ScopeMetrics().AppendEmpty().Metrics().AppendEmpty()
	metric.SetName("afn.dq.violations")
	sum := metric.SetEmptySum()
	sum.SetIsMonotonic(true)
	sum.SetAggregationTemporality(pmetric.AggregationTemporalityDelta)
	point := sum.DataPoints().AppendEmpty()
	point.Attributes().PutStr("rule", "too_many_series")
	point.Attributes().PutStr("collector.instance.id", l.Collector)
	point.SetStartTimestamp(pcommon.NewTimestampFromTime(now))
	point.SetTimestamp(pcommon.NewTimestampFromTime(now))
	point.SetIntValue(int64(dropped))
}

func removeIf(metric pmetric.Metric, is func(string, pcommon.Map) bool) {
	name := metric.Name()
	switch metric.Type() {
	case pmetric.MetricTypeGauge:
		metric.Gauge().DataPoints().RemoveIf(func(p pmetric.NumberDataPoint) bool { return is(name, p.Attributes()) })
	case pmetric.MetricTypeSum:
		metric.Sum().DataPoints().RemoveIf(func(p pmetric.NumberDataPoint) bool { return is(name, p.Attributes()) })
	case pmetric.MetricTypeHistogram:
		metric.Histogram().DataPoints().RemoveIf(func(p pmetric.HistogramDataPoint) bool { return is(name, p.Attributes()) })
	case pmetric.MetricTypeExponentialHistogram:
		metric.ExponentialHistogram().DataPoints().RemoveIf(func(p pmetric.ExponentialHistogramDataPoint) bool { return is(name, p.Attributes()) })
	case pmetric.MetricTypeSummary:
		metric.Summary().DataPoints().RemoveIf(func(p pmetric.SummaryDataPoint) bool { return is(name, p.Attributes()) })
	}
}
