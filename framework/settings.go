package framework

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"reflect"
	"regexp"
	"strings"
	"time"
	_ "time/tzdata" // time zones also work on machines and images that have none

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/serve"
	"github.com/quintetgo/quintet/framework/server/bind"
	"github.com/quintetgo/quintet/framework/settings"
	"github.com/quintetgo/quintet/framework/web"
)

// Settings are the settings of a project. A project that needs more embeds them in its own struct. The zero value is
// suitable for tests; [LoadSettings] fills it from the environment and requires more in production.
type Settings struct {
	// SecretKey signs cookies and tokens. Default: a random key for the lifetime of the process; in development
	// LoadSettings stores one in the file .secret_key beside .env. Required in production.
	SecretKey settings.Secret `env:"SECRET_KEY"`
	// SecretKeyFallbacks are previous keys; their signatures stay valid. Set it after a change of SecretKey. Default:
	// none.
	SecretKeyFallbacks []settings.Secret `env:"SECRET_KEY_FALLBACKS"`
	// Debug shows causes, stacks and settings in error pages. Never enable it in production. Default: false.
	Debug bool `env:"DEBUG"`
	// DatabaseURL is the address for orm.Open. Default: sqlite:///db.sqlite3.
	DatabaseURL string `env:"DATABASE_URL" envDefault:"sqlite:///db.sqlite3"`
	// DatabaseURLs are the addresses of further databases by alias: that of DATABASE_URL_LOGS has the alias "logs". See
	// Databases. Default: none.
	DatabaseURLs map[string]string `env:"DATABASE_URL_*"`
	// DatabaseReplicas are the addresses of copies of the database that take reads. Default: none.
	DatabaseReplicas []string `env:"DATABASE_REPLICAS"`
	// DatabaseReplicasOf are the addresses of copies of further databases by alias. Default: none.
	DatabaseReplicasOf map[string][]string `env:"DATABASE_REPLICAS_*"`
	// ReplicaLag is how far replicas may be behind: for that long, a visitor who has written reads from the database itself.
	// Default: 10 seconds.
	ReplicaLag time.Duration `env:"REPLICA_LAG"`
	// AllowedHosts are the host names of the site: "example.com", or ".example.com" with all subdomains. Default:
	// none, only this machine.
	AllowedHosts []string `env:"ALLOWED_HOSTS"`
	// CSRFTrustedOrigins are other origins that may send forms to this site, such as "https://shop.example.com".
	// Default: none.
	CSRFTrustedOrigins []string `env:"CSRF_TRUSTED_ORIGINS"`
	// TrustedProxies are addresses or networks of proxies whose X-Forwarded-For and X-Forwarded-Proto are trusted;
	// "unix" means all clients of a unix socket. Set it behind a web server. Default: none.
	TrustedProxies []string `env:"TRUSTED_PROXIES"`
	// SecureCookies sends cookies over https only, and makes browsers use https. Default: true in production, unless
	// the environment has SECURE_COOKIES=false.
	SecureCookies bool `env:"SECURE_COOKIES"`
	// SessionAge is how long a session lasts after its last use. Default: two weeks.
	SessionAge time.Duration `env:"SESSION_AGE"`
	// MaxBody is the size of the largest request body in bytes. Default: 32 MiB. Negative: no limit.
	MaxBody int64 `env:"MAX_BODY"`
	// MaxForm is the size of the largest form in bytes, without its files. Default: 2.5 MiB. Negative: MaxBody.
	MaxForm int64 `env:"MAX_FORM"`
	// MaxFields is the largest number of query parameters, and of values in a form. Default: 10,000. See
	// middleware.LimitOptions.
	MaxFields int `env:"MAX_FIELDS"`
	// RequestTimeout is when the context of a request, and with it its queries, are canceled. Default: 0, never.
	RequestTimeout time.Duration `env:"REQUEST_TIMEOUT"`
	// StaticURL is the address of static files: a path, or the URL of another server. Default: "/static/".
	StaticURL string `env:"STATIC_URL"`
	// StaticRoot is the folder that collectstatic writes to. Default: "staticfiles".
	StaticRoot string `env:"STATIC_ROOT"`
	// TimeZone is the name of a time zone, such as "Europe/Paris". Default: "UTC".
	TimeZone string `env:"TIME_ZONE"`
	// LanguageCode is the language of the pages, such as "en" or "pt-BR": of all pages, or of those for visitors who ask for
	// none of Languages. Default: "en".
	LanguageCode string `env:"LANGUAGE_CODE" envDefault:"en"`
	// Languages are the languages that visitors can have in addition to LanguageCode, such as "de" and "pt-BR". Default: none.
	Languages []string `env:"LANGUAGES"`
	// Addr is the address of serve and runserver: host:port, or unix:PATH; several are separated by commas. Default:
	// server.DefaultAddr.
	Addr string `env:"ADDR"`
	// AccessLog logs each request. Default: false.
	AccessLog bool `env:"ACCESS_LOG"`

	// Routes adds the project's routes and includes those of its apps. Default: none.
	Routes func(r *web.Router) `env:"-"`
	// Assets are the project's templates, static files and translations, in the folders templates/, static/ and locale/. A
	// file here overrides the file of the same path in an app. Default: none. See [AssetsApp].
	Assets fs.FS `env:"-"`
	// Middleware wraps all views, inside the middleware of the framework and the apps. Default: none.
	Middleware []web.Middleware `env:"-"`
	// Logger receives all log messages. Default: text on the standard error output.
	Logger *slog.Logger `env:"-"`
}

// LoadSettings fills dst, a *Settings or a pointer to a struct that embeds Settings, from the environment and, in
// development, from the file .env. The error is a *settings.Error that lists everything that is invalid or missing.
func LoadSettings(dst any) error { return loadSettings(dst, settings.Options{}) }

func loadSettings(dst any, options settings.Options) error {
	s := settingsIn(reflect.ValueOf(dst))
	if s == nil {
		return fmt.Errorf("framework: LoadSettings requires a *framework.Settings, or a pointer to a struct that embeds it, not a %T", dst)
	}
	err := settings.Load(dst, options)
	all, ok := errors.AsType[*settings.Error](err)
	if err != nil && !ok {
		return err
	}
	if !ok {
		all = &settings.Error{}
	}
	// SECURE_COOKIES follows DEBUG unless it is set; errors in either are reported already.
	var explicit struct {
		SecureCookies *bool `env:"SECURE_COOKIES"`
	}
	if settings.Load(&explicit, options) == nil && explicit.SecureCookies == nil {
		s.SecureCookies = !s.Debug
	}
	if s.Debug && s.SecretKey == "" {
		if s.SecretKey, err = settings.DevelopmentKey(options.Dir); err != nil {
			all.Problems = append(all.Problems, err)
		}
	}
	if problems := append(all.Problems, s.problems()...); len(problems) > 0 {
		return &settings.Error{Problems: problems}
	}
	return nil
}

// settingsIn returns the Settings that v points to or that are embedded in what it points to, or nil.
func settingsIn(v reflect.Value) *Settings {
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return nil
	}
	if s, ok := v.Interface().(*Settings); ok {
		return s
	}
	if v = v.Elem(); v.Kind() != reflect.Struct {
		return nil
	}
	for i := range v.NumField() {
		if v.Type().Field(i).Anonymous && v.Field(i).CanAddr() && v.Field(i).Kind() == reflect.Struct && v.Type().Field(i).IsExported() {
			if s := settingsIn(v.Field(i).Addr()); s != nil {
				return s
			}
		}
	}
	return nil
}

// problems returns the errors of a site that is configured by its environment.
func (s *Settings) problems() (list []error) {
	if s.SecretKey == "" && !s.Debug {
		list = append(list, errors.New("SECRET_KEY is not set. Without DEBUG=true a site requires a secret key: "+
			"set SECRET_KEY to at least 50 random characters\n    ("+settings.NewKeyHint+"), "+
			"or store them in a file and set SECRET_KEY_FILE to its path"))
	}
	list = append(list, s.databaseProblems()...)
	if _, err := s.location(); err != nil {
		list = append(list, fmt.Errorf("TIME_ZONE: %q is not a time zone; write a name such as Europe/Paris, or UTC", s.TimeZone))
	}
	for _, duration := range []struct {
		name  string
		value time.Duration
	}{{"SESSION_AGE", s.SessionAge}, {"REQUEST_TIMEOUT", s.RequestTimeout}} {
		if duration.value < 0 {
			list = append(list, fmt.Errorf("%s: %v is negative; write a duration such as 30s or 12h", duration.name, duration.value))
		}
	}
	if !languageForm.MatchString(s.languageCode()) {
		list = append(list, fmt.Errorf("LANGUAGE_CODE: %q is not a language tag; %s", s.LanguageCode, languageHint))
	}
	for _, addr := range s.binds() {
		if _, err := bind.Parse(addr); err != nil {
			list = append(list, fmt.Errorf("ADDR: %w", err))
		}
	}
	if u := s.StaticURL; u != "" && !strings.HasPrefix(u, "/") && !strings.HasPrefix(u, "https://") && !strings.HasPrefix(u, "http://") {
		list = append(list, fmt.Errorf("STATIC_URL: %q is neither a path such as /static/ nor a URL", u))
	}
	return list
}

// weakKeys reports keys that could be guessed, which allows forging sessions. Previous keys are checked too.
func (s *Settings) weakKeys() (list []check.Problem) {
	add := func(place string, key settings.Secret) {
		if why := key.Weakness(); why != "" {
			list = append(list, check.Problem{
				ID: "framework.E013", Level: check.Error, Place: place, Message: "the secret key is easy to guess: " + why,
				Hint: "Use at least 50 random characters; " + settings.NewKeyHint + ".",
			})
		}
	}
	if s.SecretKey != "" {
		add("SECRET_KEY", s.SecretKey)
	}
	for i, key := range s.SecretKeyFallbacks {
		if key != "" {
			add(fmt.Sprintf("SECRET_KEY_FALLBACKS, key %d", i+1), key)
		}
	}
	return list
}

// databaseProblem checks only the form of a database URL: the schemes depend on the drivers that the project passes
// to orm.Open. The message contains nothing of the URL, which may include a password.
func databaseProblem(name, address string) error {
	if scheme, rest, ok := strings.Cut(address, "://"); ok && scheme != "" && rest != "" {
		return nil
	}
	return errors.New(name + " is not a URL; " +
		"write sqlite:///db.sqlite3, postgres://user:password@host/name or mysql://user:password@host/name")
}

// languageForm is the form of a language tag (BCP 47), as required by lang attributes.
var languageForm = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`)

const languageHint = "write one such as en, de or pt-BR"

func (s *Settings) languageCode() string { return cmp.Or(s.LanguageCode, "en") }

func (s *Settings) location() (*time.Location, error) {
	if s.TimeZone == "" {
		return time.UTC, nil
	}
	return time.LoadLocation(s.TimeZone)
}

// binds returns the addresses to listen on.
func (s *Settings) binds() []string { return serve.Addresses(s.Addr) }

// keys returns the secret key and the previous ones as text.
func (s *Settings) keys() (key string, fallbacks []string) {
	for _, old := range s.SecretKeyFallbacks {
		if old != "" {
			fallbacks = append(fallbacks, old.Reveal())
		}
	}
	return s.SecretKey.Reveal(), fallbacks
}
