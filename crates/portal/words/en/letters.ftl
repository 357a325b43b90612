# Letters
letter-award = Award decision
letter-refusal = Refusal
letter-rejection = Not taken up
letter-annulment = Annulment
letter-change = Changed decision
letter-number = No.
letter-grants = After examination and publicity, { $to } meets the conditions of “{ $about }” (case { $case }); it is granted.
letter-refuses = After examination, “{ $about }” for { $to } (case { $case }) does not meet the conditions and is refused for the reasons below.
letter-rejects = The application of { $to } for “{ $about }” (case { $case }) is not taken up: it was found inadmissible in form, for the reasons below. Nothing is said about its substance.
letter-annuls = The decision on “{ $about }” for { $to } (case { $case }) is annulled for the reasons below.
letter-changes = The decision on “{ $about }” for { $to } (case { $case }) is changed as follows.
letter-amount = Amount
letter-yuan = yuan
letter-basis = Basis and reasons
letter-rules-of = rules of
letter-appeal = Appeal
letter-appeal-how = An appeal may be lodged with { $to } within { $days } days of receipt.
