package staticfiles

import "github.com/tdewolff/parse/v2/js"

// syntax follows the tokens of a script as far as is needed to tell a regular expression from a division: by what came
// before, and for a closing bracket by what the opening one belonged to.
type syntax struct {
	previous, beforeThat js.TokenType
	open                 []bracket
	closed               bracket // the last one that was closed
	expression           bool    // whether the last colon is followed by an expression, not by a statement
}

type bracket struct {
	kind    js.TokenType // OpenParenToken, OpenBracketToken, OpenBraceToken or TemplateStartToken
	control bool         // of parentheses: those of if, for, while, with
	object  bool         // of braces: those of an object, not of a block
	ternary int          // question marks without their colon
}

// add takes the next token, and returns its kind: a keyword after a dot is a name.
func (s *syntax) add(kind js.TokenType) js.TokenType {
	if (s.previous == js.DotToken || s.previous == js.OptChainToken) && js.IsReservedWord(kind) {
		kind = js.IdentifierToken
	}
	switch kind {
	case js.OpenParenToken:
		before := s.previous
		if before == js.AwaitToken { // for await (
			before = s.beforeThat
		}
		control := before == js.IfToken || before == js.ForToken || before == js.WhileToken || before == js.WithToken
		s.open = append(s.open, bracket{kind: kind, control: control})
	case js.OpenBracketToken, js.TemplateStartToken:
		s.open = append(s.open, bracket{kind: kind})
	case js.OpenBraceToken:
		s.open = append(s.open, bracket{kind: kind, object: s.beginsObject()})
	case js.CloseParenToken, js.CloseBracketToken, js.CloseBraceToken, js.TemplateEndToken:
		if n := len(s.open); n > 0 {
			s.closed, s.open = s.open[n-1], s.open[:n-1]
		} else {
			s.closed = bracket{}
		}
	case js.QuestionToken:
		s.top().ternary++
	case js.ColonToken:
		top := s.top()
		s.expression = top.ternary > 0 || top.object || top.kind == js.OpenParenToken || top.kind == js.OpenBracketToken
		top.ternary = max(0, top.ternary-1)
	}
	s.previous, s.beforeThat = kind, s.previous
	return kind
}

// top is the innermost open bracket.
func (s *syntax) top() *bracket {
	if len(s.open) == 0 {
		s.open = append(s.open, bracket{})
	}
	return &s.open[len(s.open)-1]
}

// beginsObject reports whether a brace after the previous token begins an object.
func (s *syntax) beginsObject() bool {
	switch s.previous {
	case js.ErrorToken, js.ArrowToken, js.SemicolonToken, js.CloseParenToken, js.CloseBraceToken, js.ElseToken, js.DoToken,
		js.TryToken, js.CatchToken, js.FinallyToken, js.StaticToken:
		return false
	case js.ColonToken:
		return s.expression
	}
	return s.operand()
}

// operand reports whether a value is expected after the previous token, rather than an operator: there a slash begins a
// regular expression.
func (s *syntax) operand() bool {
	kind := s.previous
	switch kind {
	case js.CloseParenToken:
		return s.closed.control
	case js.CloseBraceToken:
		return !s.closed.object
	case js.CloseBracketToken, js.StringToken, js.TemplateToken, js.TemplateEndToken, js.RegExpToken, js.PrivateIdentifierToken,
		js.IncrToken, js.DecrToken, js.ThisToken, js.SuperToken, js.NullToken, js.TrueToken, js.FalseToken:
		return false
	case js.OfToken: // a name everywhere but in for (… of …)
		return len(s.open) > 0 && s.open[len(s.open)-1].control
	}
	return !js.IsNumeric(kind) && !js.IsIdentifier(kind)
}
