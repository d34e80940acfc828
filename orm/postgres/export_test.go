package postgres

// PatternSyntax is the syntax of regular expressions, for tests.
var PatternSyntax = patternSyntax
