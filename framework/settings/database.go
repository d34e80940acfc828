package settings

// Database is a database of a project.
type Database struct {
	Alias    string   // "default" for the one of DATABASE_URL, "logs" for that of DATABASE_URL_LOGS
	URL      string   // its address
	Replicas []string // the addresses of copies that take reads; none by default
}
