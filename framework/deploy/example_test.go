package deploy_test

import (
	"fmt"
	"strings"

	"github.com/quintetgo/quintet/framework/deploy"
)

// Write the site of a web server from the settings of the project.
func ExampleRender() {
	files, err := deploy.Render("nginx", deploy.Site{
		Name: "shop", Hosts: []string{".shop.example"}, Addr: "unix:/run/shop/shop.sock", MaxBody: 8 << 20,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, file := range files {
		fmt.Println(file.Name)
		for line := range strings.Lines(string(file.Content)) {
			if line = strings.TrimSpace(line); strings.HasPrefix(line, "server_name") || strings.HasPrefix(line, "client_max_body_size") {
				fmt.Println(" ", line)
			}
		}
	}
	_, err = deploy.Render("ngnix", deploy.Site{Name: "shop"})
	fmt.Println(err)
	// Output:
	// shop.conf
	//   server_name .shop.example;
	//   client_max_body_size 8m;
	// unknown kind "ngnix"; did you mean "nginx"?; the kinds are nginx, apache, systemd, docker, kubernetes, procfile
}
