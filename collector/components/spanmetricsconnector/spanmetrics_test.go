package spanmetricsconnector

import (
	"context"
	"sync"
	"testing"

	upstream "github.com/open-telemetry/opentelemetry-collector-contrib/connector/spanmetricsconnector"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.uber.org/zap"
)

func TestABatchIsToldBeforeItIsAnswered(t *testing.T) {
	var calls, durations int64
	next, _ := consumer.NewMetrics(func(_ context.Context, md pmetric.Metrics) error {
		for _, resource := range md.ResourceMetrics().All() {
			for _, metric := range resource.ScopeMetrics().At(0).Metrics().All() {
				if metric.Name() == "afn.span.calls" {
					for _, point := range metric.Sum().DataPoints().All() {
						calls += point.IntValue()
					}
					continue
				}
				for _, point := range metric.Histogram().DataPoints().All() {
					durations += int64(point.Count())
				}
			}
		}
		return nil
	})
	config := spanMetrics.CreateDefaultConfig().(*upstream.Config)
	config.Namespace = "afn.span"
	set := connector.Settings{
		ID:                component.MustNewID("afn_span_metrics"),
		TelemetrySettings: component.TelemetrySettings{Logger: zap.NewNop(), Resource: pcommon.NewResource()},
	}
	made, err := newSpanMetrics(t.Context(), set, config, next)
	if err != nil {
		t.Fatal(err)
	}
	if err := made.Start(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	send := func() {
		td := ptrace.NewTraces()
		resource := td.ResourceSpans().AppendEmpty()
		resource.Resource().Attributes().PutStr("service.name", "shop")
		for range 3 {
			resource.ScopeSpans().AppendEmpty().Spans().AppendEmpty().SetName("GET /")
		}
		if err := made.ConsumeTraces(t.Context(), td); err != nil {
			t.Error(err)
		}
	}
	send()
	if calls != 3 || durations != 3 {
		t.Errorf("%d calls, %d durations", calls, durations)
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(send)
	}
	all.Wait()
	if calls != 63 || durations != 63 {
		t.Errorf("%d calls, %d durations of many at once", calls, durations)
	}
	if err := made.Shutdown(t.Context()); err != nil {
		t.Error(err)
	}
}
