package deploy

import "fmt"

// serveLine returns the command that starts the program behind a web server.
func serveLine(v view) string {
	line := v.Name + " serve --bind " + v.NginxUpstream
	if v.Socket != "" {
		line += "?mode=0660"
	}
	if v.FastCGI {
		line += " --protocol fcgi"
	}
	return line
}

// trust returns the step that makes the site trust the web server.
func trust(v view) string {
	switch {
	case v.FastCGI:
		return "With FastCGI the site gets the addresses of visitors without TRUSTED_PROXIES."
	case v.Socket != "":
		return "Set TRUSTED_PROXIES=unix, so that the site gets the addresses of visitors and whether they use https."
	}
	return "Set TRUSTED_PROXIES=127.0.0.1, so that the site gets the addresses of visitors and whether they use https."
}

func behind(v view, check string) []string {
	list := []string{"Start the site: " + serveLine(v), trust(v)}
	if v.StaticPath != "" {
		list = append(list, fmt.Sprintf("Copy the static files: %s collectstatic %s", v.Name, v.StaticDir))
	}
	list = append(list, check)
	if v.TLSCert == "" {
		list = append(list, "This configuration serves http only. Add TLS with certbot, or use --tls-cert and --tls-key; "+
			"the cookies of a site in production require https.")
	}
	return list
}

func nginxAdvice(v view, file string) []string {
	return append([]string{"Put " + file + " into /etc/nginx/conf.d."}, behind(v, "Check and load: nginx -t && systemctl reload nginx")...)
}

func apacheAdvice(v view, file string) []string {
	modules := "proxy proxy_http headers alias"
	if v.FastCGI {
		modules = "proxy proxy_fcgi headers alias"
	}
	if v.StaticPath != "" {
		modules += " rewrite mime"
	}
	if v.TLSCert != "" {
		modules += " ssl"
	}
	return append([]string{"Put " + file + " into /etc/apache2/sites-available; a2enmod " + modules + "; a2ensite " + v.Name},
		behind(v, "Check and load: apachectl configtest && systemctl reload apache2")...)
}

func systemdAdvice(v view, file string) []string {
	return []string{
		fmt.Sprintf("Put the program at %s/%s, and %s with %s.socket into /etc/systemd/system.", v.Dir, v.Name, file, v.Name),
		fmt.Sprintf("Put SECRET_KEY and the other settings into /etc/%s.env, readable by root only (mode 0600).", v.Name),
		trust(v),
		fmt.Sprintf("systemctl daemon-reload && systemctl enable --now %s.socket %s.service", v.Name, v.Name),
		fmt.Sprintf("To update the program, replace %s/%s, then run systemctl reload %s. No request is lost.", v.Dir, v.Name, v.Name),
	}
}

func dockerAdvice(v view, _ string) []string {
	return []string{
		"docker build -t " + v.Image + " .",
		fmt.Sprintf("docker run --init=false --read-only --tmpfs /tmp -v %s-data:/data -p 127.0.0.1:%s:%s"+
			" --env-file .env.production --stop-timeout %d %s", v.Name, v.Port, v.Port, v.StopTimeout, v.Image),
	}
}

func kubernetesAdvice(v view, file string) []string {
	return []string{
		"Create the secret shown in the first lines of " + file + " show.",
		"Set your image in it, and the network of your ingress in TRUSTED_PROXIES.",
		"kubectl apply -f " + file,
	}
}

func procfileAdvice(v view, _ string) []string {
	return []string{"The platform sets PORT. Set SECRET_KEY, DATABASE_URL, ALLOWED_HOSTS and TRUSTED_PROXIES there."}
}
