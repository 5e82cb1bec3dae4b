package cumulativeprocessor

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/processor"
	"go.uber.org/zap"
)

// A disk is a storage extension and its only client.
type disk struct {
	component.StartFunc
	component.ShutdownFunc
	values map[string][]byte
	full   bool
}

func (d *disk) GetClient(context.Context, component.Kind, component.ID, string) (storage.Client, error) {
	return d, nil
}
func (d *disk) GetExtensions() map[component.ID]component.Component {
	return map[component.ID]component.Component{component.MustNewID("disk"): d}
}
func (d *disk) Get(_ context.Context, key string) ([]byte, error) { return d.values[key], nil }
func (d *disk) Set(_ context.Context, key string, value []byte) error {
	d.values[key] = value
	return nil
}
func (d *disk) Delete(_ context.Context, key string) error {
	delete(d.values, key)
	return nil
}
func (*disk) Close(context.Context) error { return nil }
func (d *disk) Batch(_ context.Context, operations ...*storage.Operation) error {
	if d.full {
		return errors.New("no space left on device")
	}
	for _, operation := range operations {
		if operation.Type == storage.Delete {
			delete(d.values, operation.Key)
		} else {
			d.values[operation.Key] = operation.Value
		}
	}
	return nil
}
func (d *disk) Walk(ctx context.Context, fn storage.WalkFunc) error {
	for key, value := range d.values {
		operations, err := fn(key, value)
		if err != nil {
			return err
		}
		if err := d.Batch(ctx, operations...); err != nil {
			return err
		}
	}
	return nil
}

type told struct{ last pmetric.Metrics }

func (*told) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }
func (to *told) ConsumeMetrics(_ context.Context, md pmetric.Metrics) error {
	to.last = md
	return nil
}

func started(t *testing.T, on *disk, config Config) (*cumulative, *told) {
	t.Helper()
	config.Storage = component.MustNewID("disk")
	config.Interval = time.Hour
	to := &told{}
	set := processor.Settings{TelemetrySettings: component.TelemetrySettings{Logger: zap.NewNop()}}
	made, err := newCumulative(t.Context(), set, &config, to)
	if err != nil {
		t.Fatal(err)
	}
	if err := made.Start(t.Context(), on); err != nil {
		t.Fatal(err)
	}
	return made.(*cumulative), to
}

// delta is a sum of n and a histogram of n values of 0.2, of a route.
func delta(route string, n int) pmetric.Metrics {
	md := pmetric.NewMetrics()
	resource := md.ResourceMetrics().AppendEmpty()
	resource.Resource().Attributes().PutStr("service.name", "shop")
	metrics := resource.ScopeMetrics().AppendEmpty().Metrics()
	calls := metrics.AppendEmpty()
	calls.SetName("calls")
	calls.SetEmptySum().SetIsMonotonic(true)
	calls.Sum().SetAggregationTemporality(pmetric.AggregationTemporalityDelta)
	point := calls.Sum().DataPoints().AppendEmpty()
	point.Attributes().PutStr("route", route)
	point.SetIntValue(int64(n))
	durations := metrics.AppendEmpty()
	durations.SetName("durations")
	durations.SetEmptyHistogram().SetAggregationTemporality(pmetric.AggregationTemporalityDelta)
	histogram := durations.Histogram().DataPoints().AppendEmpty()
	histogram.Attributes().PutStr("route", route)
	histogram.SetCount(uint64(n))
	histogram.SetSum(0.2 * float64(n))
	histogram.ExplicitBounds().FromRaw([]float64{0.1, 1})
	histogram.BucketCounts().FromRaw([]uint64{0, uint64(n), 0})
	return md
}

// sums are the last values, by metric and route.
func (to *told) sums() map[string]float64 {
	sums := map[string]float64{}
	for _, resource := range to.last.ResourceMetrics().All() {
		for _, metric := range resource.ScopeMetrics().At(0).Metrics().All() {
			if metric.Type() == pmetric.MetricTypeSum {
				for _, point := range metric.Sum().DataPoints().All() {
					route, _ := point.Attributes().Get("route")
					sums["calls "+route.Str()] += float64(point.IntValue())
				}
				continue
			}
			for _, point := range metric.Histogram().DataPoints().All() {
				route, _ := point.Attributes().Get("route")
				sums["durations "+route.Str()] += float64(point.BucketCounts().At(1))
			}
		}
	}
	return sums
}

func count(t *testing.T, c *cumulative, md pmetric.Metrics) {
	t.Helper()
	if err := c.ConsumeMetrics(t.Context(), md); err != nil {
		t.Fatal(err)
	}
}

func expect(t *testing.T, to *told, want map[string]float64) {
	t.Helper()
	got := to.sums()
	for series, value := range want {
		if got[series] != value {
			t.Errorf("%s is %v, not %v", series, got[series], value)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d series, not %d: %v", len(got), len(want), got)
	}
}

var bounds = Config{Expiration: time.Hour, Limit: 10}

func TestAProcessThatWasKilledGoesOnWhereItWas(t *testing.T) {
	on := &disk{values: map[string][]byte{}}
	killed, _ := started(t, on, bounds)
	count(t, killed, delta("/a", 2))
	count(t, killed, delta("/a", 3))
	count(t, killed, delta("/b", 1))
	next, to := started(t, on, bounds)
	count(t, next, delta("/a", 1))
	next.tell(t.Context())
	expect(t, to, map[string]float64{"calls /a": 6, "durations /a": 6, "calls /b": 1, "durations /b": 1})
	point := to.last.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().At(0)
	if point.Type() == pmetric.MetricTypeSum && point.Sum().AggregationTemporality() != pmetric.AggregationTemporalityCumulative {
		t.Error("the sum is not cumulative")
	}
}

func TestWhatAFullDiskDidNotTakeIsCountedAndWrittenLater(t *testing.T) {
	on := &disk{values: map[string][]byte{}}
	first, to := started(t, on, bounds)
	count(t, first, delta("/a", 2))
	on.full = true
	count(t, first, delta("/a", 3))
	first.tell(t.Context())
	expect(t, to, map[string]float64{"calls /a": 5, "durations /a": 5})
	on.full = false
	first.tell(t.Context())
	next, after := started(t, on, bounds)
	next.tell(t.Context())
	expect(t, after, map[string]float64{"calls /a": 5, "durations /a": 5})
}

func TestAboveTheLimitThereIsOneSeriesMore(t *testing.T) {
	on := &disk{values: map[string][]byte{}}
	c, to := started(t, on, Config{Expiration: time.Hour, Limit: 2})
	for n := range 5 {
		count(t, c, delta("/"+strconv.Itoa(n), 1))
	}
	c.tell(t.Context())
	expect(t, to, map[string]float64{
		"calls /0": 1, "calls /1": 1, "calls ": 3, "durations /0": 1, "durations /1": 1, "durations ": 3,
	})
}

func TestASeriesWithoutAChangeIsForgottenOnDiskToo(t *testing.T) {
	on := &disk{values: map[string][]byte{}}
	c, to := started(t, on, Config{Expiration: time.Nanosecond, Limit: 10})
	count(t, c, delta("/a", 1))
	time.Sleep(time.Millisecond)
	c.tell(t.Context())
	if to.last != (pmetric.Metrics{}) || len(on.values) > 0 {
		t.Errorf("%d values are left", len(on.values))
	}
}

func TestWhatIsNoDeltaPassesOnAtOnce(t *testing.T) {
	c, to := started(t, &disk{values: map[string][]byte{}}, bounds)
	md := delta("/a", 1)
	gauge := md.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().AppendEmpty()
	gauge.SetName("checkpoint")
	gauge.SetEmptyGauge().DataPoints().AppendEmpty().SetDoubleValue(7)
	count(t, c, md)
	if to.last.MetricCount() != 1 || to.last.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().At(0).Name() != "checkpoint" {
		t.Errorf("%d metrics passed on", to.last.MetricCount())
	}
}
