// Package services tells whose metrics are whose.
package services

import "go.opentelemetry.io/collector/pdata/pcommon"

// A Service is whom OpenTelemetry's conventions call one, whichever of its processes it is.
type Service struct{ namespace, name string }

// Others is of all that came when there were enough.
var Others = Service{namespace: "\x00"}

// Of is the service of a resource.
func Of(resource pcommon.Map) Service {
	return Service{namespace: text(resource, "service.namespace"), name: text(resource, "service.name")}
}

func text(attributes pcommon.Map, key string) string {
	value, ok := attributes.Get(key)
	if !ok {
		return ""
	}
	return value.AsString()
}
