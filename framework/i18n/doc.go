// Package i18n translates the texts of a project and chooses the language of each request.
//
// Texts are written in English in the code and are the keys of their translations. A view asks for one with its context, a
// template with the function t:
//
//	i18n.T(ctx, "Welcome back, {name}", message.Args{"name": user.Name})
//
//	{{ t "Welcome back, {name}" "name" .User.Name }}
//	{{ tn "{count} post" "{count} posts" .Count }}
//	{{ tc "month name" "May" }}
//
// Translations are gettext catalogs, files of the form locale/de/LC_MESSAGES/messages.po in the assets of the project and of
// its apps. The first that has a text wins: those of the project, and then those of the apps in the order in which they are
// registered. A text without a translation into "pt-BR" is looked up in "pt", and then shown in English.
//
// The language of a request is that of the first of these which names one of the project's languages: the cookie, the user,
// the header Accept-Language; and else the default. A project with one language does not look at the request.
package i18n
