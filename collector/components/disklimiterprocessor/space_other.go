//go:build !linux && !darwin

package disklimiterprocessor

import "errors"

func space(string) (free, size uint64, err error) {
	return 0, 0, errors.New("not known on this system")
}
