// Package byserviceprocessor passes on each service's metrics in a request of its own. Prometheus takes a request as a whole or not at all:
// one point that it does not take, of whatever service, takes with it all that came in the same request.
package byserviceprocessor

import (
	"context"
	"errors"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/processor"

	"afn.internal/collector/services"
)

// Config bounds the requests that one becomes.
type Config struct {
	// Services is how many have a request of their own: those that came first. All others share one.
	Services int `mapstructure:"services"`
}

// Validate refuses a bound that leaves everything together.
func (c *Config) Validate() error {
	if c.Services <= 0 {
		return errors.New("services must be above 0")
	}
	return nil
}

// NewFactory makes the processor afn_by_service.
func NewFactory() processor.Factory {
	return processor.NewFactory(
		component.MustNewType("afn_by_service"),
		func() component.Config { return &Config{Services: 1000} },
		processor.WithMetrics(newByService, component.StabilityLevelBeta),
	)
}

type byService struct {
	component.StartFunc
	component.ShutdownFunc
	next consumer.Metrics

	limit int
	lock  sync.Mutex
	known map[services.Service]struct{}
}

func newByService(_ context.Context, _ processor.Settings, cfg component.Config, next consumer.Metrics) (processor.Metrics, error) {
	return &byService{next: next, limit: cfg.(*Config).Services, known: map[services.Service]struct{}{}}, nil
}

// Capabilities says that metrics move from one request to another.
func (*byService) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: true}
}

// ConsumeMetrics gives all services' metrics to what comes next, whatever becomes of one of them.
func (b *byService) ConsumeMetrics(ctx context.Context, md pmetric.Metrics) error {
	of := map[services.Service]pmetric.Metrics{}
	order := []services.Service{}
	md.ResourceMetrics().RemoveIf(func(resource pmetric.ResourceMetrics) bool {
		whose := b.requestOf(resource.Resource().Attributes())
		own, ok := of[whose]
		if !ok {
			own = pmetric.NewMetrics()
			of[whose] = own
			order = append(order, whose)
		}
		resource.MoveTo(own.ResourceMetrics().AppendEmpty())
		return true
	})
	var errs error
	for _, whose := range order {
		errs = errors.Join(errs, b.next.ConsumeMetrics(ctx, of[whose]))
	}
	return errs
}

func (b *byService) requestOf(resource pcommon.Map) services.Service {
	whose := services.Of(resource)
	b.lock.Lock()
	defer b.lock.Unlock()
	if _, ok := b.known[whose]; ok {
		return whose
	}
	if len(b.known) >= b.limit {
		return services.Others
	}
	b.known[whose] = struct{}{}
	return whose
}
