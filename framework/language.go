package framework

import (
	"net/http"

	"github.com/quintetgo/quintet/framework/i18n"
	"github.com/quintetgo/quintet/framework/languages"
	"github.com/quintetgo/quintet/framework/web"
)

// UserLanguageApp knows the languages that users prefer. UserLanguage returns the code of the language for the user of a
// request, or "" if there is no user or preference. It runs after the middleware of all apps.
type UserLanguageApp interface {
	App
	UserLanguage(r *http.Request) string
}

// setLanguages reads the catalogs of the project and the apps.
func (p *Project) setLanguages() {
	options := i18n.Options{Default: p.settings.languageCode(), Codes: p.settings.Languages}
	for _, set := range p.assets {
		if files := set.folder("locale"); files != nil {
			options.Sources = append(options.Sources, i18n.Source{Name: set.name, FS: files})
		}
	}
	var err error
	if p.languages, err = i18n.New(options); err != nil {
		p.errors("framework.E017", "LANGUAGES", "", err)
		return
	}
	if len(p.languages.All()) > 1 {
		p.router.Register(languages.App{Languages: p.languages, Secure: p.settings.SecureCookies})
	}
}

// Languages returns the languages of the project, those of the settings LANGUAGE_CODE and LANGUAGES, with the translations of
// the project and its apps. It is nil if the project has errors.
func (p *Project) Languages() *i18n.Languages { return p.languages }

// languageOf returns the language of a request for templates.
func (p *Project) languageOf(r *http.Request) any {
	if l, ok := i18n.FromContext(r.Context()); ok {
		return l
	}
	return p.languages.Default()
}

// userLanguages returns middleware that asks the apps for the language of the user, or none.
func (p *Project) userLanguages() []web.Middleware {
	var chain []web.Middleware
	if p.languages == nil || len(p.languages.All()) == 1 {
		return nil
	}
	for _, app := range p.apps {
		if a, ok := app.(UserLanguageApp); ok {
			chain = append(chain, languages.Preferred(p.languages, a.UserLanguage))
		}
	}
	return chain
}
