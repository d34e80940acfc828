package functions

import "github.com/quintetgo/quintet/orm/columns"

// Lower returns the text in lower case, in any script.
func Lower[S ~string](text columns.Operand[S]) columns.Text {
	return textOf("lower", arg(text))
}

// Upper returns the text in upper case, in any script.
func Upper[S ~string](text columns.Operand[S]) columns.Text {
	return textOf("upper", arg(text))
}

// Trim returns the text without the spaces at its ends.
func Trim[S ~string](text columns.Operand[S]) columns.Text {
	return textOf("trim", arg(text))
}

// LTrim returns the text without the spaces at its start.
func LTrim[S ~string](text columns.Operand[S]) columns.Text {
	return textOf("ltrim", arg(text))
}

// RTrim returns the text without the spaces at its end.
func RTrim[S ~string](text columns.Operand[S]) columns.Text {
	return textOf("rtrim", arg(text))
}

// Reverse returns the characters of the text in reverse.
func Reverse[S ~string](text columns.Operand[S]) columns.Text {
	return textOf("reverse", arg(text))
}

// Left returns the first n characters of the text, all if there are fewer, none if n is negative.
func Left[S ~string](text columns.Operand[S], n int) columns.Text {
	return textOf("left", arg(text), constant(n))
}

// Right returns the last n characters of the text, all if there are fewer, none if n is negative.
func Right[S ~string](text columns.Operand[S], n int) columns.Text {
	return textOf("right", arg(text), constant(n))
}

// Substr returns the n characters of the text from a position, the first of which is 1. A position below 1 is 1.
func Substr[S ~string](text columns.Operand[S], from, n int) columns.Text {
	return textOf("substr", arg(text), constant(from), constant(n))
}

// Repeat returns the text n times, the empty text if n is not positive.
func Repeat[S ~string](text columns.Operand[S], n int) columns.Text {
	return textOf("repeat", arg(text), constant(n))
}

// Replace returns the text with every occurrence of a part replaced. The search is case-sensitive; an empty part occurs nowhere.
func Replace[S ~string](text columns.Operand[S], part, by string) columns.Text {
	return textOf("replace", arg(text), constant(part), constant(by))
}

// LPad returns the text filled at its start to a length in characters, or cut to it at its end.
func LPad[S ~string](text columns.Operand[S], length int, fill string) columns.Text {
	return textOf("lpad", arg(text), constant(length), constant(fill))
}

// RPad returns the text filled at its end to a length in characters, or cut to it.
func RPad[S ~string](text columns.Operand[S], length int, fill string) columns.Text {
	return textOf("rpad", arg(text), constant(length), constant(fill))
}

// Length returns the number of characters of the text.
func Length[S ~string](text columns.Operand[S]) columns.Expr[int] {
	return exprOf[int]("length", arg(text))
}

// Ord returns the code point of the first character of the text, 0 for the empty text.
func Ord[S ~string](text columns.Operand[S]) columns.Expr[int] {
	return exprOf[int]("ord", arg(text))
}

// StrIndex returns the position of a part in the text, in characters from 1, or 0 if it does not occur. The search is
// case-sensitive.
func StrIndex[S, P ~string](text columns.Operand[S], part columns.Operand[P]) columns.Expr[int] {
	return exprOf[int]("str_index", arg(text), arg(part))
}

// Chr returns the character with a code point, NULL if there is none.
func Chr[N columns.Number](code columns.Operand[N]) columns.Text {
	return textOf("chr", arg(code))
}

// Concat joins texts. NULL is the empty text.
func Concat[S ~string](texts ...columns.Operand[S]) columns.Text {
	return textOf("concat", args(texts)...)
}

// MD5 returns the MD5 digest of the text in UTF-8, in hexadecimal, in lower case.
func MD5[S ~string](text columns.Operand[S]) columns.Text {
	return textOf("md5", arg(text))
}

// SHA1 returns the SHA-1 digest of the text in UTF-8, in hexadecimal, in lower case. PostgreSQL needs the extension pgcrypto.
func SHA1[S ~string](text columns.Operand[S]) columns.Text {
	return textOf("sha1", arg(text))
}

// SHA224 returns the SHA-224 digest of the text in UTF-8, in hexadecimal, in lower case.
func SHA224[S ~string](text columns.Operand[S]) columns.Text {
	return textOf("sha224", arg(text))
}

// SHA256 returns the SHA-256 digest of the text in UTF-8, in hexadecimal, in lower case.
func SHA256[S ~string](text columns.Operand[S]) columns.Text {
	return textOf("sha256", arg(text))
}

// SHA384 returns the SHA-384 digest of the text in UTF-8, in hexadecimal, in lower case.
func SHA384[S ~string](text columns.Operand[S]) columns.Text {
	return textOf("sha384", arg(text))
}

// SHA512 returns the SHA-512 digest of the text in UTF-8, in hexadecimal, in lower case.
func SHA512[S ~string](text columns.Operand[S]) columns.Text {
	return textOf("sha512", arg(text))
}
