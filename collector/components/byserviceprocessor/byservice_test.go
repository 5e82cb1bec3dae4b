package byserviceprocessor

import (
	"context"
	"errors"
	"slices"
	"testing"

	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/processor"
)

// A store refuses what has a metric named bad, as a whole.
type store struct{ taken [][]string }

func (*store) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }
func (s *store) ConsumeMetrics(_ context.Context, md pmetric.Metrics) error {
	names := []string{}
	for _, resource := range md.ResourceMetrics().All() {
		for _, metric := range resource.ScopeMetrics().At(0).Metrics().All() {
			if metric.Name() == "bad" {
				return errors.New("refused")
			}
			names = append(names, nameOf(resource)+" "+metric.Name())
		}
	}
	s.taken = append(s.taken, names)
	return nil
}

func request(of ...[2]string) pmetric.Metrics {
	md := pmetric.NewMetrics()
	for _, one := range of {
		resource := md.ResourceMetrics().AppendEmpty()
		resource.Resource().Attributes().PutStr("service.name", one[0])
		resource.ScopeMetrics().AppendEmpty().Metrics().AppendEmpty().SetName(one[1])
	}
	return md
}

func made(t *testing.T, services int) (processor.Metrics, *store) {
	t.Helper()
	to := &store{}
	p, err := newByService(t.Context(), processor.Settings{}, &Config{Services: services}, to)
	if err != nil {
		t.Fatal(err)
	}
	return p, to
}

func expect(t *testing.T, got, want [][]string) {
	t.Helper()
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("%v, not %v", got, want)
	}
}

func TestWhatIsRefusedOfOneServiceIsTakenOfAllOthers(t *testing.T) {
	p, to := made(t, 10)
	if p.ConsumeMetrics(t.Context(), request([2]string{"a", "x"}, [2]string{"b", "bad"}, [2]string{"c", "y"}, [2]string{"a", "z"})) == nil {
		t.Error("the refusal is not told")
	}
	expect(t, to.taken, [][]string{{"a x", "a z"}, {"c y"}})
}

func TestAFloodOfServicesLeavesThoseThatWereThereTheirOwn(t *testing.T) {
	p, to := made(t, 2)
	if err := p.ConsumeMetrics(t.Context(), request([2]string{"a", "x"}, [2]string{"b", "x"})); err != nil {
		t.Error(err)
	}
	to.taken = nil
	_ = p.ConsumeMetrics(t.Context(), request([2]string{"c", "bad"}, [2]string{"d", "x"}, [2]string{"a", "x"}, [2]string{"e", "x"}, [2]string{"b", "x"}))
	expect(t, to.taken, [][]string{{"a x"}, {"b x"}})
}

func nameOf(resource pmetric.ResourceMetrics) string {
	name, _ := resource.Resource().Attributes().Get("service.name")
	return name.Str()
}
