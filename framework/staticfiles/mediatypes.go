package staticfiles

// MediaType is a content type and the extensions of its files.
type MediaType struct {
	Type       string
	Extensions []string // without the dot
}

// MediaTypes lists the content types that files are served with. It does not ask the system, so that
// a site responds in the same way everywhere; what is not listed is a download. Web servers that serve the
// files get this list too. The caller may change the result.
func MediaTypes() []MediaType {
	return []MediaType{
		{"text/css; charset=utf-8", []string{"css"}},
		{"text/javascript; charset=utf-8", []string{"js", "mjs"}},
		{"text/html; charset=utf-8", []string{"html"}},
		{"text/plain; charset=utf-8", []string{"txt"}},
		{"text/xml; charset=utf-8", []string{"xml"}},
		{"application/json", []string{"json", "map"}},
		{"application/manifest+json", []string{"webmanifest"}},
		{"application/wasm", []string{"wasm"}},
		{"application/pdf", []string{"pdf"}},
		{"image/svg+xml", []string{"svg"}},
		{"image/png", []string{"png"}},
		{"image/jpeg", []string{"jpg", "jpeg"}},
		{"image/gif", []string{"gif"}},
		{"image/webp", []string{"webp"}},
		{"image/avif", []string{"avif"}},
		{"image/x-icon", []string{"ico"}},
		{"font/woff", []string{"woff"}},
		{"font/woff2", []string{"woff2"}},
		{"font/ttf", []string{"ttf"}},
		{"font/otf", []string{"otf"}},
		{"video/mp4", []string{"mp4"}},
		{"video/webm", []string{"webm"}},
		{"audio/mpeg", []string{"mp3"}},
		{"audio/ogg", []string{"ogg"}},
		{"application/zip", []string{"zip"}},
	}
}

func typesByExtension() map[string]string {
	byExtension := map[string]string{}
	for _, media := range MediaTypes() {
		for _, extension := range media.Extensions {
			byExtension["."+extension] = media.Type
		}
	}
	return byExtension
}
