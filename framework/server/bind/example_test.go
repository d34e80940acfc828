package bind_test

import (
	"fmt"

	"github.com/quintetgo/quintet/framework/server/bind"
)

// Parse the addresses that a server can listen on.
func ExampleParse() {
	for _, text := range []string{"8000", "127.0.0.1:8000", "unix:/run/shop.sock?mode=0600", "systemd:web", "localhost"} {
		address, err := bind.Parse(text)
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Printf("%-7s %s\n", address.Network, address.Name)
	}
	// Output:
	// tcp     :8000
	// tcp     127.0.0.1:8000
	// unix    /run/shop.sock
	// systemd web
	// bind address "localhost": the port is missing; want HOST:PORT, :PORT, unix:/PATH, unix:/PATH?mode=0660, fd:NUMBER or systemd
}
