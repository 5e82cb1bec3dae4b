package serieslimiterprocessor

import (
	"context"
	"strconv"
	"testing"
	"time"

	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/processor"
)

type store struct{ points map[string]int }

func (*store) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }
func (s *store) ConsumeMetrics(_ context.Context, md pmetric.Metrics) error {
	for _, resource := range md.ResourceMetrics().All() {
		for _, scope := range resource.ScopeMetrics().All() {
			for _, metric := range scope.Metrics().All() {
				name := nameOf(resource) + " " + metric.Name()
				for _, point := range metric.Sum().DataPoints().All() {
					if metric.Name() == "afn.dq.violations" {
						s.points[name] += int(point.IntValue())
					} else {
						s.points[name]++
					}
				}
			}
		}
	}
	return nil
}

// request has so many series of a service, from a number on.
func request(of string, from, series int) pmetric.Metrics {
	md := pmetric.NewMetrics()
	resource := md.ResourceMetrics().AppendEmpty()
	resource.Resource().Attributes().PutStr("service.name", of)
	metric := resource.ScopeMetrics().AppendEmpty().Metrics().AppendEmpty()
	metric.SetName("calls")
	points := metric.SetEmptySum().DataPoints()
	for n := range series {
		points.AppendEmpty().Attributes().PutStr("id", strconv.Itoa(from+n))
	}
	return md
}

func sent(t *testing.T, config Config, requests ...pmetric.Metrics) map[string]int {
	t.Helper()
	to := &store{points: map[string]int{}}
	l, err := newLimiter(t.Context(), processor.Settings{}, &config, to)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range requests {
		if err := l.ConsumeMetrics(t.Context(), one); err != nil {
			t.Error(err)
		}
	}
	return to.points
}

func expect(t *testing.T, got map[string]int, want map[string]int) {
	t.Helper()
	for name, count := range want {
		if got[name] != count {
			t.Errorf("%s is %d, not %d", name, got[name], count)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%v, not %v", got, want)
	}
}

var bounds = Config{Series: 100, Services: 2, Expiration: time.Hour}

func TestAServiceAboveItsSeriesTakesNoRoomOfOthersAndKeepsThoseThatItHas(t *testing.T) {
	got := sent(t, bounds, request("flood", 0, 1000), request("flood", 0, 1000), request("shop", 0, 100))
	expect(t, got, map[string]int{"flood calls": 200, "flood afn.dq.violations": 1800, "shop calls": 100})
}

func TestAFloodOfServicesSharesOneBound(t *testing.T) {
	requests := []pmetric.Metrics{request("shop", 0, 10), request("chat", 0, 10)}
	for n := range 50 {
		requests = append(requests, request("flood", n*10, 10))
		requests[len(requests)-1].ResourceMetrics().At(0).Resource().Attributes().PutStr("service.namespace", strconv.Itoa(n))
	}
	got := sent(t, bounds, append(requests, request("shop", 0, 90), request("chat", 10, 90))...)
	expect(t, got, map[string]int{"shop calls": 100, "chat calls": 100, "flood calls": 100, "flood afn.dq.violations": 400})
}

func TestWhatCameNoMoreMakesRoom(t *testing.T) {
	to := &store{points: map[string]int{}}
	l, _ := newLimiter(t.Context(), processor.Settings{}, &Config{Series: 10, Services: 2, Expiration: time.Nanosecond}, to)
	for n := range 3 {
		_ = l.ConsumeMetrics(t.Context(), request("shop", n*10, 10))
		time.Sleep(time.Millisecond)
	}
	expect(t, to.points, map[string]int{"shop calls": 30})
}

func nameOf(resource pmetric.ResourceMetrics) string {
	name, _ := resource.Resource().Attributes().Get("service.name")
	return name.Str()
}
