package sample

// person is an author.
type person struct{ username, name, bio string }

func authors() []person {
	return []person{
		{"ines", "Inês Caldeira", "Bakes on the back step and writes between two risings."},
		{"okafor", "Emeka Okafor", "Keeps the bench at number four and a jar of leftover screws."},
		{"lund", "Torvald Lund", "Retired from the railway, not from trains."},
		{"ada", "Ada Wren", "Draws maps, mostly of places she has been lost in."},
		{"mirela", "Mirela Popescu", "Teaches the second altos and the top half of the street."},
		{"hanae", "Hanae Mori", "Grows beans on every fence."},
	}
}

func readers() []string {
	return []string{
		"Bram", "Mrs Adeyemi", "Yusuf", "Old Tom", "Zoë", "Priya", "The twins", "Karolína", "Number seventeen",
		"A passer-by", "Łukasz", "Granny Fenn",
		"Second alto", "Оксана", "Dr Voss", "Number nine", "Siobhán",
	}
}

func remarks() []string {
	return []string{
		"I walked past on Thursday and it was exactly like this.",
		"My mother did the same with a spoon and a great deal more swearing.",
		"Could somebody write down the part about the string?",
		"Tried it at the weekend. It took twice as long and I would do it again.",
		"You have left out the cat, who was there throughout.",
		"The bench has been moved since, by about a metre and a half.",
		"Is Thursday still on if it rains?",
		"We have the same one at home, and it makes the same noise.",
		"I laughed on the tram and now everyone knows me.",
		"The ticket at page ninety might be mine.",
		"A word in defence of the short umbrella: it was a present.",
		"Thank you for this. I read it out on the second landing.",
		"Do not try it with the left side of the oven.",
		"There is a spare one in our cellar, if anybody needs parts.",
		"I remember the old driver. He shelved by smell.",
		"Mine came up in circles as well!",
		"This is slander, and also quite true.",
		"Somebody please tell Mr Lund about the 5.10.",
		"The second verse goes to the tune of the first, only slower.",
		"I have the glove's brother. Number twelve, top bell.",
		"It is four words for drizzle if you count Sunday's.",
		"We are new here, and this explains a lot.",
		"Lovely. More about the soup next time, please.",
		"For the record, I voted against the pump.",
	}
}
