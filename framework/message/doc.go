// Package message represents user-facing texts as values: a code, a constant text and arguments.
//
// Validation errors, form errors, integrity errors, web errors and notices carry a [Message] instead of a finished
// sentence. It becomes text at the edge only: when a template prints it, when an error response is written, or when
// [Message.Render] is called. Programs can therefore act on the code, and the text can be translated for the reader.
//
//	message.New("taken", "This name is taken.")
//
//	message.New("too_early", "The sale begins on {date}.", message.Args{"date": "1 May"})
//
//	message.Message{
//		Code:   "max_length",
//		Text:   "Please use at most {limit} character (this has {length}).",
//		Plural: "Please use at most {limit} characters (this has {length}).",
//		Count:  "limit",
//		Args:   message.Args{"limit": 20, "length": 25},
//	}
//
// # Texts
//
// A text is a constant in English: it is also the key under which catalogs hold its translations (the msgid of
// gettext), so it must not be formatted, concatenated or made of variable parts. Whatever varies is an argument.
//
// A placeholder is the name of an argument in braces: lower-case letters, digits and underscores, beginning with a
// letter, as in {limit}. Placeholders are named because translations need another order of words. Braces around
// anything else, and placeholders without an argument, are printed as they are; there is no escape sequence.
//
// Plural is the text for every number other than one, and Count names the argument that is this number, as in
// gettext's ngettext: languages with more than two forms have one translation for each.
//
// # Arguments
//
// Arguments are texts, booleans, numbers, times, or messages. A message as an argument is rendered in the language of
// the message that contains it, which is how translated labels get into a sentence; a [List] is rendered as
// "title, slug and author". Values of other types are printed as package fmt does, which includes their String method.
//
// Until a project has translations, a template prints the English text with the arguments filled in. Arguments are
// plain text and not trusted: the template escapes the result for its place in the page like any other string.
//
// # Codes
//
// Codes are part of the interface: JSON responses include them, and texts may change while codes do not. A code names the
// reason, not the field. Projects add codes of their own. The framework uses these in forms and models:
//
//	required           no value was sent
//	invalid            the value cannot be read as its kind, or breaks a rule without a code of its own
//	invalid_choice     the value is not one of the choices
//	max_length         the text is too long               {limit} {length}
//	min_length         the text is too short              {limit} {length}
//	max_value          the number or time is too large    {limit}
//	min_value          the number or time is too small    {limit}
//	max_digits         the number has too many digits     {limit}
//	max_whole_digits   too many digits before the point   {limit}
//	max_decimal_places too many digits after the point    {limit}
//	max_size           the file or request is too large   {limit}
//	max_items          too many values were sent          {limit}
//	empty              the file is empty                  {name}
//	null_characters    the text contains NUL
//	encoding           the text is not valid UTF-8
//	nonexistent_time   clocks skip this local time        {zone}
//	unique             another object has this value      {model} {fields}
//	foreign_key        the related object does not exist
//	check              a constraint forbids the values
//	conflict           somebody else changed the value    {stored}
//	deleted            the object no longer exists        {model}
//	mismatch           two inputs must be equal
//	unavailable        a part of the system failed; try again
//
// Package auth adds invalid_login, invalid_link, interrupted, throttled {minutes}, busy, password_incorrect,
// password_too_short {limit}, password_too_long {limit}, password_entirely_numeric, password_too_common and
// password_too_similar; package csrf adds csrf_origin, csrf_cookie, csrf_missing, csrf_incorrect, csrf_unreadable and
// csrf_too_large. Error responses without a message have the name of their status, such as not_found.
package message
