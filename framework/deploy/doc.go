// Package deploy writes the files with which a site goes into production: sites of nginx and Apache,
// systemd units, a Dockerfile, Kubernetes manifests and a Procfile.
//
// They are made from the settings of the project, so that names, limits and addresses are said once:
//
//	files, err := deploy.Render("nginx", deploy.Site{
//		Name: "shop", Hosts: []string{"shop.example"}, Addr: "unix:/run/shop/shop.sock",
//	})
//
// What comes out is meant to be read, changed and kept with the project.
package deploy
