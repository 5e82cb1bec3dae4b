package keepingexporter

import (
	"testing"

	"go.opentelemetry.io/collector/exporter"
)

func TestNeedsAQueueOnDisk(t *testing.T) {
	if _, err := newTraces(t.Context(), exporter.Settings{}, otlp.CreateDefaultConfig()); err == nil {
		t.Error("without a queue on disk it changes the data of others")
	}
}
