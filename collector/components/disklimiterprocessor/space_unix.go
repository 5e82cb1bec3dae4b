//go:build linux || darwin

package disklimiterprocessor

import "syscall"

func space(directory string) (free, size uint64, err error) {
	var disk syscall.Statfs_t
	err = syscall.Statfs(directory, &disk)
	return disk.Bavail * uint64(disk.Bsize), disk.Blocks * uint64(disk.Bsize), err
}
