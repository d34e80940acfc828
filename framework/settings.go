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
	_ "time/tzdata" // time zones work on machines and images that have none

	"github.com/quintetgo/quintet/framework/check"
	"github.com/quintetgo/quintet/framework/serve"
	"github.com/quintetgo/quintet/framework/server/bind"
	"github.com/quintetgo/quintet/framework/settings"
	"github.com/quintetgo/quintet/framework/web"
)

// Settings are those of a project. A project that needs more embeds them in a struct of its own. The zero value is good for
// tests; [LoadSettings] fills it from the environment and asks more of a site in production.
type Settings struct {
	// SecretKey signs cookies and tokens. If it is empty [New] makes one up that lasts as long as the process. In development
	// LoadSettings makes one up that lasts: it is kept in the file .secret_key beside .env.
	SecretKey settings.Secret `env:"SECRET_KEY"`
	// SecretKeyFallbacks are former keys; what they signed stays valid.
	SecretKeyFallbacks []settings.Secret `env:"SECRET_KEY_FALLBACKS"`
	// Debug shows causes, stacks and settings in error pages. It is for development only.
	Debug bool `env:"DEBUG"`
	// DatabaseURL is for orm.Open.
	DatabaseURL string `env:"DATABASE_URL" envDefault:"sqlite:///db.sqlite3"`
	// AllowedHosts are the names of the site: "example.com", or ".example.com" for all below it too. If there are none, only
	// this machine is answered.
	AllowedHosts []string `env:"ALLOWED_HOSTS"`
	// CSRFTrustedOrigins are other origins that may send forms here, as "https://shop.example.com".
	CSRFTrustedOrigins []string `env:"CSRF_TRUSTED_ORIGINS"`
	// TrustedProxies are addresses or networks of proxies whose X-Forwarded-For and X-Forwarded-Proto count; "unix" stands for
	// whoever may connect to a unix socket.
	TrustedProxies []string `env:"TRUSTED_PROXIES"`
	// SecureCookies sends cookies over https only, and has browsers keep to https. LoadSettings turns it on in production
	// unless the environment says SECURE_COOKIES=false.
	SecureCookies bool `env:"SECURE_COOKIES"`
	// SessionAge is how long a session lasts after it was last used; two weeks if it is 0.
	SessionAge time.Duration `env:"SESSION_AGE"`
	// MaxBody is the largest request body in bytes; 32 MiB if it is 0, no limit if it is negative.
	MaxBody int64 `env:"MAX_BODY"`
	// MaxForm is the largest form in bytes, its files excepted; 2.5 MiB if it is 0, no other limit than MaxBody if it is negative.
	MaxForm int64 `env:"MAX_FORM"`
	// MaxFields is the largest number of query parameters, and of values in a form; 10,000 if it is 0.
	// See middleware.LimitOptions.
	MaxFields int `env:"MAX_FIELDS"`
	// RequestTimeout ends the context of a request, and so its queries; 0 means never.
	RequestTimeout time.Duration `env:"REQUEST_TIMEOUT"`
	// StaticURL is where static files are served: a path, or the address of another server that has them. "/static/" if empty.
	StaticURL string `env:"STATIC_URL"`
	// StaticRoot is where collectstatic puts them; "staticfiles" if empty.
	StaticRoot string `env:"STATIC_ROOT"`
	// TimeZone is a name such as "Europe/Paris"; "UTC" if empty.
	TimeZone string `env:"TIME_ZONE"`
	// LanguageCode is the language of the pages, as "en" or "pt-BR", which templates write into <html lang>; "en" if empty.
	LanguageCode string `env:"LANGUAGE_CODE" envDefault:"en"`
	// Addr is where serve and runserver listen: host:port, or unix:PATH; several are separated by commas.
	Addr string `env:"ADDR"`
	// AccessLog logs each request.
	AccessLog bool `env:"ACCESS_LOG"`

	// Routes adds the project's routes and includes those of its apps.
	Routes func(r *web.Router) `env:"-"`
	// Assets are the project's templates, static files and translations, in the folders templates/, static/ and locale/. A
	// file here overrides the file of the same path in an app. Default: none. See [AssetsApp].
	Assets fs.FS `env:"-"`
	// Middleware goes around all views, inside of the framework's and the apps'.
	Middleware []web.Middleware `env:"-"`
	// Logger gets everything that is logged. By default text on the standard error output.
	Logger *slog.Logger `env:"-"`
}

// LoadSettings fills dst, a *Settings or a pointer to a struct that embeds Settings, from the environment and, in
// development, from the file .env. The error is a *settings.Error that lists everything that is wrong or missing.
func LoadSettings(dst any) error { return loadSettings(dst, settings.Options{}) }

func loadSettings(dst any, options settings.Options) error {
	s := settingsIn(reflect.ValueOf(dst))
	if s == nil {
		return fmt.Errorf("framework: LoadSettings needs a *framework.Settings or a pointer to a struct that embeds framework.Settings, not a %T", dst)
	}
	err := settings.Load(dst, options)
	var all *settings.Error
	if err != nil && !errors.As(err, &all) {
		return err
	}
	if all == nil {
		all = &settings.Error{}
	}
	// SECURE_COOKIES follows DEBUG unless it is set; mistakes in either are reported already.
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

// settingsIn finds the Settings that v points to or that are embedded in what it points to.
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

// problems is what a site that is configured by its environment must not get wrong.
func (s *Settings) problems() (list []error) {
	if s.SecretKey == "" && !s.Debug {
		list = append(list, errors.New("SECRET_KEY is not set. Without DEBUG=true a site needs a secret of its own: set SECRET_KEY to at least 50 random characters\n    ("+settings.NewKeyHint+"), or put them into a file and its path into SECRET_KEY_FILE"))
	}
	if err := databaseProblem(s.DatabaseURL); err != nil {
		list = append(list, err)
	}
	if _, err := s.location(); err != nil {
		list = append(list, fmt.Errorf("TIME_ZONE: %q is no time zone; write a name such as Europe/Paris, or UTC", s.TimeZone))
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
		list = append(list, fmt.Errorf("STATIC_URL: %q is neither a path such as /static/ nor a full address", u))
	}
	return list
}

// weakKeys reports keys that somebody could guess, and with them forge sessions. A former key forges as well as the present.
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

// databaseProblem checks the form of a database URL only: which schemes there are depends on the drivers that the project
// gives to orm.Open. It shows nothing of the URL, which may hold a password.
func databaseProblem(address string) error {
	if scheme, rest, ok := strings.Cut(address, "://"); ok && scheme != "" && rest != "" {
		return nil
	}
	return errors.New("DATABASE_URL is not a URL; write sqlite:///db.sqlite3, postgres://user:password@host/name or mysql://user:password@host/name")
}

// languageForm is the form of a language tag (BCP 47), as lang attributes want it.
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

// keys are the secret key and the former ones as text.
func (s *Settings) keys() (key string, fallbacks []string) {
	for _, old := range s.SecretKeyFallbacks {
		if old != "" {
			fallbacks = append(fallbacks, old.Reveal())
		}
	}
	return s.SecretKey.Reveal(), fallbacks
}
