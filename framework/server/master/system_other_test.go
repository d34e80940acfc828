//go:build unix && !linux

package master_test

func prepare() {}
