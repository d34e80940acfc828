// Package deploy writes the files that a site needs in production: sites of nginx and Apache, systemd units, a
// Dockerfile, Kubernetes manifests and a Procfile.
//
// They are generated from the settings of the project, so that names, limits and addresses are written once:
//
//	files, err := deploy.Render("nginx", deploy.Site{
//		Name: "shop", Hosts: []string{"shop.example"}, Addr: "unix:/run/shop/shop.sock",
//	})
//
// Review the files, change them as needed, and keep them with the project.
package deploy
